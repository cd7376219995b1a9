import { audit } from '@suanxiang/db/audit';
import type { Sql } from '@suanxiang/db/sql';
import { mintId } from '@suanxiang/domain/ids';
import { cutoffInTransaction } from '@suanxiang/metering/ingest/cutoff';
import { finalizePeriod } from '@suanxiang/metering/invoices/closing';
import { confirmPayment } from '@suanxiang/metering/payments/confirm';
import { createTopUp } from '@suanxiang/metering/payments/top-up';
import { ensurePeriods } from '@suanxiang/metering/periods';
import { defaultPolicy } from '@suanxiang/metering/policy';
import { foundOrganization } from '../organization/create-organization';
import { insertProject } from '../project/create-project';
import { addApiKey, addSshKeys } from './keys';
import { instantS, monthStartS } from './months';
import { pastNodes } from './past-nodes';
import { deliverPastUsage } from './past-usage';
import { writePastWorkload } from './past-workload';
import type { PersonSpec, TenantSpec } from './tenant-spec';
import type { MeasuredRun } from './usage-profile';

export interface FoundingContext {
  pepper: string;
  nowMs: number;
}

/** People of a tenant with their ids, the owner first. */
export type SeededPerson = PersonSpec & { id: string };

interface Founded {
  orgId: string;
  projectIds: string[];
  sshKeyIds: string[];
  actor: string;
}

async function found(
  sql: Sql,
  tenant: TenantSpec,
  people: readonly SeededPerson[],
  org: { slug: string; name: string; mode: 'live' | 'sandbox'; createdS: number },
  { pepper, nowMs }: FoundingContext,
): Promise<Founded> {
  const [owner] = people as [SeededPerson];
  const actor = `user:${owner.id}`;
  const { currency, country, timeZone, legalName, locale } = tenant;
  const [firstProject, ...otherProjects] = tenant.projects;
  const orgId = mintId('organization', org.createdS * 1000);
  const person = {
    id: owner.id,
    email: owner.email,
    name: owner.name,
    locale,
    sessionHash: '',
    aal: 1,
    reauthenticatedAt: new Date(nowMs),
  };
  const body = { name: org.name, mode: org.mode, currency, country, time_zone: timeZone, legal_name: legalName };
  await foundOrganization(sql, { id: orgId, person, body: { ...body, project_name: firstProject.name }, nowMs });
  await sql`
    UPDATE organization SET slug = ${org.slug}, address = ${tenant.address}, tax_id = ${tenant.taxId},
      created_at = to_timestamp(${org.createdS}::bigint) WHERE id = ${orgId}`;
  await sql`UPDATE project SET slug = ${firstProject.slug} WHERE org_id = ${orgId}`;
  for (const project of otherProjects) await insertProject(sql, { orgId, ...project, nowMs });
  await sql`UPDATE project SET created_at = to_timestamp(${org.createdS}::bigint) WHERE org_id = ${orgId}`;
  for (const { id, role } of people.slice(1)) {
    await sql`
      INSERT INTO membership (id, org_id, user_id, role) VALUES (${mintId('membership', nowMs)}, ${orgId}, ${id}, ${role})`;
  }
  const sshKeyIds = await addSshKeys(
    sql,
    pepper,
    { orgId, slug: org.slug, actor, createdS: org.createdS },
    tenant.sshKeys,
  );
  await addApiKey(sql, pepper, { orgId, slug: org.slug, actor, nowMs }, org.mode === 'live' ? 'live' : 'test');
  const projects = await sql<{ id: string; slug: string }>`SELECT id, slug FROM project WHERE org_id = ${orgId}`;
  // Members operate every project.
  const members = people.slice(1).filter(({ role }) => role === 'member');
  await sql`
    INSERT INTO project_member (org_id, project_id, user_id, role)
    SELECT ${orgId}, p.id, u.id, 'operator' FROM project p, unnest(${members.map(({ id }) => id)}::text[]) AS u(id)
    WHERE p.org_id = ${orgId}`;
  const idOf = new Map(projects.map((project) => [project.slug, project.id]));
  await audit(sql, {
    orgId,
    actor: 'system:seed',
    authMethod: 'system',
    action: 'organization.create',
    resource: orgId,
    result: 'success',
    detail: { name: org.name, mode: org.mode },
    nowMs,
  });
  return { orgId, projectIds: tenant.projects.map(({ slug }) => idOf.get(slug)!), sshKeyIds, actor };
}

/** The tenant's sandbox: credit to try things with, and no past. */
export async function seedSandbox(
  sql: Sql,
  tenant: TenantSpec,
  people: readonly SeededPerson[],
  context: FoundingContext,
): Promise<void> {
  const org = { ...tenant.sandbox, mode: 'sandbox' as const, createdS: Math.floor(context.nowMs / 1000) };
  await found(sql, tenant, people.slice(0, 1), org, context);
}

/** An hour into its first run, devices of a workload had failed; found out only after that month's invoice. */
async function recordLateFault(sql: Sql, orgId: string, fault: TenantSpec['lateFault'], foundS: number): Promise<void> {
  await sql`
    INSERT INTO undelivered (id, org_id, allocation_id, from_s, to_s, reason)
    SELECT ${mintId('undelivered', foundS * 1000)}, ${orgId}, a.id, a.start_s + 3600, a.start_s + 3600 + ${fault.lengthS}::bigint,
      'device_fault'
    FROM allocation a JOIN workload w ON w.org_id = a.org_id AND w.id = a.workload_id
    WHERE a.org_id = ${orgId} AND w.name = ${fault.workload} ORDER BY a.start_s, a.rank LIMIT 1`;
}

/** Payments and closings of months in the order in which they happened. */
async function replayMoney(sql: Sql, tenant: TenantSpec, orgId: string, nowS: number): Promise<void> {
  const monthS = (monthsAgo: number) => monthStartS(nowS, monthsAgo, tenant.timeZone);
  const batchSeq = await cutoffInTransaction(sql);
  const events: { atS: number; act: () => Promise<unknown> }[] = [];
  for (const transfer of tenant.transfers) {
    const atS = Math.min(instantS(monthS(transfer.monthsAgo), transfer.day, 10.3), nowS - 7_200);
    const owner = { orgId, mode: 'live' as const, currency: tenant.currency };
    events.push({
      atS,
      act: async () => {
        const payment = await createTopUp(sql, owner, transfer.minor, atS * 1000);
        if (!transfer.pending) await confirmPayment(sql, payment.id, (atS + 5 * 3_600) * 1000);
      },
    });
  }
  const foundS = monthS(1) + 5 * 86_400;
  events.push({ atS: foundS, act: () => recordLateFault(sql, orgId, tenant.lateFault, foundS) });
  for (const monthsAgo of [2, 1]) {
    const atS = monthS(monthsAgo - 1) + defaultPolicy.graceS + 7;
    if (atS > nowS) continue;
    const key = { orgId, fromS: monthS(monthsAgo) };
    events.push({ atS, act: () => finalizePeriod(sql, key, { nowMs: atS * 1000, batchSeq }) });
  }
  for (const { act } of events.sort((a, b) => a.atS - b.atS)) await act();
}

/**
 * A live tenant with two months of history, in the caller's transaction: nobody sees a part of it, so that no period can be
 * closed before its usage is in.
 */
export async function seedTenant(
  sql: Sql,
  tenant: TenantSpec,
  people: readonly SeededPerson[],
  context: FoundingContext,
): Promise<void> {
  const nowS = Math.floor(context.nowMs / 1000);
  const createdS = monthStartS(nowS, 2, tenant.timeZone) + 9 * 3_600 + 1_380;
  const org = { slug: tenant.slug, name: tenant.name, mode: 'live' as const, createdS };
  const founded = await found(sql, tenant, people, org, context);
  const { orgId } = founded;
  await ensurePeriods(sql, [{ orgId, timeZone: tenant.timeZone, firstS: createdS, nowS }]);
  const takeNode = await pastNodes(sql);
  const measured: MeasuredRun[] = [];
  for (const spec of tenant.workloads) {
    const past = { ...founded, currency: tenant.currency, timeZone: tenant.timeZone, nowS, takeNode };
    measured.push(...(await writePastWorkload(sql, past, spec)));
  }
  await deliverPastUsage(sql, measured);
  await replayMoney(sql, tenant, orgId, nowS);
}
