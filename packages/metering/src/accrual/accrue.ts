import type { Db } from '@suanxiang/db/client';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import { CURRENCY_EXPONENTS, type Currency, microPerMinor } from '@suanxiang/domain/money';
import { mul, rational, roundHalfAwayFromZero } from '@suanxiang/domain/rational';
import { type AccountBalance, accountBalance } from '../ledger/balance';
import { applyPaymentReport } from '../payments/apply-state';
import { requestAutoTopUp } from '../payments/auto-top-up';
import { type BilledOrg, billedOrg } from '../periods';
import { type ArrearsPolicy, defaultArrears } from '../policy';
import { tell } from './billing-events';
import { watchBudgets } from './budgets';
import { accrueHours, hourOf } from './hourly';
import { nextStage, type Stage, type Standing } from './stage';

/** What an accrual found, for whoever enforces it. */
export interface Accrued extends Standing {
  orgId: string;
}

/** Where the organisation stood, and when that was found; null: never. */
async function presentStanding(sql: Sql, org: BilledOrg): Promise<Standing & { asOfS: number | null }> {
  const [row] = await sql<{ stage: Stage; since: string; as_of: string }>`
    SELECT stage, stage_since_s::text AS since, as_of_s::text AS as_of FROM accrual WHERE org_id = ${org.orgId}`;
  if (!row) return { stage: 'ok', sinceS: org.nowS, asOfS: null };
  return { stage: row.stage, sinceS: Number(row.since), asOfS: Number(row.as_of) };
}

const perMinorOf = (currency: string) => microPerMinor(CURRENCY_EXPONENTS[currency as Currency]);

async function keep(sql: Sql, org: BilledOrg, found: AccountBalance, standing: Standing, nowMs: number): Promise<void> {
  const unbilled = roundHalfAwayFromZero(mul(found.unbilledExact, rational(perMinorOf(org.currency))));
  await sql`
    INSERT INTO accrual (org_id, as_of_s, currency, balance_micro, unbilled_micro, available_micro, burn_per_hour_micro,
      runway_s, stage, stage_since_s, updated_at)
    VALUES (${org.orgId}, ${org.nowS}::bigint, ${org.currency}, ${found.balanceMicro}::numeric, ${unbilled}::numeric,
      ${found.availableMicro}::numeric, ${found.burnPerHourMicro}::numeric, ${found.runwayS}::bigint, ${standing.stage},
      ${standing.sinceS}::bigint, to_timestamp(${nowMs}::float8 / 1000))
    ON CONFLICT (org_id) DO UPDATE SET as_of_s = excluded.as_of_s, currency = excluded.currency,
      balance_micro = excluded.balance_micro, unbilled_micro = excluded.unbilled_micro,
      available_micro = excluded.available_micro, burn_per_hour_micro = excluded.burn_per_hour_micro,
      runway_s = excluded.runway_s, stage = excluded.stage, stage_since_s = excluded.stage_since_s,
      updated_at = excluded.updated_at`;
}

/** Asks for an automatic top-up where what is available, without any credit limit, has fallen below its threshold. */
async function topUp(sql: Sql, org: BilledOrg, found: AccountBalance, nowMs: number): Promise<void> {
  const unbilledMicro = found.balanceMicro - found.availableMicro;
  const paymentId = await requestAutoTopUp(sql, org, { bookedS: org.nowS, nowMs, unbilledMicro });
  if (!paymentId) return;
  const event = { key: `auto_top_up:${paymentId}`, kind: 'auto_top_up_requested' as const };
  await tell(sql, { orgId: org.orgId, ...event, detail: { payment_id: paymentId } }, nowMs);
  // Play money is there at once; real money is asked for by whoever talks to the provider.
  if (org.mode === 'sandbox') await applyPaymentReport(sql, paymentId, { status: 'succeeded' }, nowMs);
}

/**
 * Looks at one organisation's money in the caller's transaction (role app_worker): rates what is unbilled, keeps where it
 * stands, moves its stage, asks for a top-up, and tells what it should know. Null when another worker is at it.
 */
export async function accrue(
  sql: Sql,
  orgId: string,
  nowMs: number,
  policy: ArrearsPolicy = defaultArrears,
): Promise<Accrued | null> {
  const [lock] = await sql<{ mine: boolean }>`
    SELECT pg_try_advisory_xact_lock(hashtextextended(${`accrual:${orgId}`}, 0)) AS mine`;
  if (!lock!.mine) return null;
  const org = await billedOrg(sql, orgId);
  const found = await accountBalance(sql, orgId);
  const spendableMicro = found.availableMicro + found.creditLimitMinor * perMinorOf(org.currency);
  const present = await presentStanding(sql, org);
  const standing = nextStage(present, { ...found, spendableMicro }, org.nowS, policy);
  await keep(sql, org, found, standing, nowMs);
  if (standing.stage !== present.stage) {
    const key = `stage:${standing.stage}:${standing.sinceS}`;
    const detail = { from: present.stage, to: standing.stage, runway_seconds: found.runwayS };
    await tell(sql, { orgId, key, kind: 'stage_changed', detail }, nowMs);
  }
  if (present.asOfS === null || hourOf(present.asOfS) < hourOf(org.nowS)) await accrueHours(sql, org, nowMs);
  await topUp(sql, org, found, nowMs);
  await watchBudgets(sql, org, nowMs);
  return { orgId, ...standing };
}

/** Organisations whose money may have moved since the last look: something runs, or all was not well, or is watched. */
async function organisationsToWatch(db: Db): Promise<string[]> {
  const rows = await singleSql(db)<{ id: string }>`
    SELECT org_id AS id FROM allocation WHERE state = 'running'
    UNION SELECT org_id FROM accrual WHERE stage <> 'ok' OR burn_per_hour_micro > 0
    UNION SELECT org_id FROM billing_settings WHERE auto_enabled`;
  return rows.map((row) => row.id);
}

export interface AccrualRound {
  accrued: Accrued[];
  failed: { orgId: string; error: unknown }[];
}

/** Looks at everybody's money, one transaction each; one that fails keeps nobody else from being looked at. */
export async function accrualRound(
  db: Db,
  nowMs: number,
  policy: ArrearsPolicy = defaultArrears,
): Promise<AccrualRound> {
  const round: AccrualRound = { accrued: [], failed: [] };
  for (const orgId of await organisationsToWatch(db)) {
    try {
      const accrued = await withSql(db, (sql) => accrue(sql, orgId, nowMs, policy));
      if (accrued) round.accrued.push(accrued);
    } catch (error) {
      round.failed.push({ orgId, error });
    }
  }
  return round;
}
