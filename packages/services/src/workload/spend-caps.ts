import type { Db } from '@suanxiang/db/client';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import type { StatusReason } from '@suanxiang/db/transition';
import { ProblemError } from '@suanxiang/domain/errors';
import { CURRENCY_EXPONENTS, type Currency, microPerMinor } from '@suanxiang/domain/money';
import { cutAtCaps, listCaps, SPEND_CAP, type SpendCap, spentOfCap } from '@suanxiang/metering/caps/cut-at-caps';
import { billedOrg } from '@suanxiang/metering/periods';
import { defaultCaps } from '@suanxiang/metering/policy';
import { minorMoney } from '../money';
import { type EndTarget, endWorkload } from './end-workload';

const REASON: StatusReason = {
  code: 'spend_cap_reached',
  en: 'Stopped at the second in which its spend cap for this period was reached. Raise the cap and start it again.',
  zh: '已达到本期消费上限，已在当秒停止。提高上限后可重新启动。',
};

/** What would be launched, as caps see it. */
export interface CappedLaunch {
  orgId: string;
  projectId: string;
  /** Who has created the workload, such as `key:<id>`. */
  createdBy: string;
  microPerHour: bigint;
}

const covers = (cap: SpendCap, { projectId, createdBy }: CappedLaunch): boolean =>
  (cap.projectId === null || cap.projectId === projectId) &&
  (cap.apiKeyId === null || createdBy === `key:${cap.apiKeyId}`);

/** What all that runs or is about to run in a cap's scope costs per hour, in micro-units. */
async function committedMicro(sql: Sql, orgId: string, { projectId, apiKeyId }: SpendCap): Promise<bigint> {
  const creator = apiKeyId === null ? null : `key:${apiKeyId}`;
  const [row] = await sql<{ micro: string }>`
    SELECT coalesce(sum(node_count * gpus_per_node * price_micro_per_gpu_hour), 0)::text AS micro FROM workload
    WHERE org_id = ${orgId} AND state IN ('queued', 'provisioning', 'running', 'starting')
      AND (${projectId}::text IS NULL OR project_id = ${projectId}::text)
      AND (${creator}::text IS NULL OR created_by = ${creator}::text)`;
  return BigInt(row!.micro);
}

const HOUR_S = 3600n;

/** A spend cap over a launch, and whether it has room. */
export interface CapCheck {
  budgetId: string;
  name: string;
  currency: string;
  amountMinor: bigint;
  spentMinor: bigint;
  /** What all that would then run in its scope costs in the policy's reserve. */
  reserveMinor: bigint;
  reserveS: number;
  fits: boolean;
}

/** The spend caps over a launch: whether each has room for all that would then run in its scope to go on for the reserve. */
export async function assessCaps(sql: Sql, launch: CappedLaunch, policy = defaultCaps): Promise<CapCheck[]> {
  const caps = (await listCaps(sql, launch.orgId)).filter((cap) => covers(cap, launch));
  if (caps.length === 0) return [];
  const org = await billedOrg(sql, launch.orgId);
  const unit = microPerMinor(CURRENCY_EXPONENTS[org.currency as Currency]) * HOUR_S;
  const checks: CapCheck[] = [];
  for (const cap of caps) {
    const { id, name, amountMinor } = cap;
    const spentMinor = await spentOfCap(sql, org, cap, org.nowS);
    const burnMicro = (await committedMicro(sql, launch.orgId, cap)) + launch.microPerHour;
    const reserveMinor = (burnMicro * BigInt(policy.reserveS) + unit - 1n) / unit;
    const fits = spentMinor + reserveMinor <= amountMinor;
    const { reserveS } = policy;
    checks.push({ budgetId: id, name, currency: org.currency, amountMinor, spentMinor, reserveMinor, reserveS, fits });
  }
  return checks;
}

/** A cap's figures as the API shows them. */
export function capAnswer({ budgetId, currency, amountMinor, spentMinor, reserveMinor }: CapCheck) {
  return {
    budget_id: budgetId,
    amount: minorMoney(amountMinor, currency),
    spent: minorMoney(spentMinor, currency),
    reserve: minorMoney(reserveMinor, currency),
  };
}

/** `spend_cap_reached` with the figures. */
export function capProblem(check: CapCheck): ProblemError {
  const { amount, spent, reserve } = capAnswer(check);
  return new ProblemError(
    'spend_cap_reached',
    `The cap "${check.name}" of ${amount.amount} ${check.currency} has no room: ${spent.amount} are spent, and ${check.reserveS / 60} minutes of everything that would then run cost ${reserve.amount}.`,
    { members: capAnswer(check) },
  );
}

/** Throws `spend_cap_reached` unless every spend cap over a launch has room. The caller holds the organisation's lock. */
export async function requireRoomUnderCaps(sql: Sql, launch: CappedLaunch): Promise<void> {
  const full = (await assessCaps(sql, launch)).find(({ fits }) => !fits);
  if (full) throw capProblem(full);
}

/**
 * Ends leases at the second in which their spend cap was reached, and stops what they belong to in the normal way (role
 * app_worker). May be repeated and killed anywhere. Returns the ids of the workloads that it stopped.
 */
export function enforceCaps(db: Db, orgId: string, nowMs: number): Promise<string[]> {
  return withSql(db, async (sql) => {
    await cutAtCaps(sql, await billedOrg(sql, orgId), nowMs);
    const targets = await sql<EndTarget>`
      SELECT id, kind, region_id, zone_id, on_capacity FROM workload w
      WHERE org_id = ${orgId} AND state = 'running' AND EXISTS (SELECT 1 FROM allocation a
        WHERE a.org_id = w.org_id AND a.workload_id = w.id AND a.end_reason = ${SPEND_CAP} AND a.released_at IS NULL)
      ORDER BY id`;
    const stopped: string[] = [];
    for (const target of targets) {
      const order = { action: 'stop' as const, reason: REASON, nowMs };
      if (await endWorkload(sql, orgId, target, order)) stopped.push(target.id);
    }
    return stopped;
  });
}

/** Organisations in which something that is capped runs, or has run until a moment ago. */
export async function cappedOrganizations(db: Db): Promise<string[]> {
  const rows = await singleSql(db)<{ id: string }>`
    SELECT DISTINCT b.org_id AS id FROM budget b WHERE b.hard AND b.deleted_at IS NULL AND EXISTS (
      SELECT 1 FROM allocation a WHERE a.org_id = b.org_id AND a.start_s IS NOT NULL AND a.released_at IS NULL)`;
  return rows.map((row) => row.id);
}
