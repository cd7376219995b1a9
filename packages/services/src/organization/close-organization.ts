import type { Sql } from '@suanxiang/db/sql';
import { ProblemError } from '@suanxiang/domain/errors';
import { ROLE_PERMISSIONS } from '@suanxiang/domain/permissions';
import { compare, rational } from '@suanxiang/domain/rational';
import { accountBalance } from '@suanxiang/metering/ledger/balance';
import { mutate } from '../access/mutate';
import { requirePerson } from '../member/members';
import { lockMembers, permissionsNow, requireWithinOwn } from '../member/standing';
import { unusable } from '../problem';
import type { UseCase } from '../use-case';
import { lockOrganization } from './lock-organization';
import { readOrganization } from './organization-answer';

/** Why an organisation cannot be closed yet. */
interface Blocker {
  kind: 'workloads' | 'operations' | 'payments' | 'invoices' | 'usage' | 'balance';
  detail: string;
  ids: string[];
}

const NAMED = 20;

async function liveThings(sql: Sql, orgId: string): Promise<Blocker[]> {
  const workloads = await sql<{ id: string }>`
    SELECT id FROM workload WHERE org_id = ${orgId} AND state NOT IN ('terminated', 'failed') ORDER BY id`;
  const operations = await sql<{ id: string }>`
    SELECT id FROM operation WHERE org_id = ${orgId} AND status IN ('pending', 'running') ORDER BY id`;
  const payments = await sql<{ id: string }>`
    SELECT id FROM payment WHERE org_id = ${orgId} AND status IN ('pending', 'requires_action', 'processing') ORDER BY id`;
  const found: [Blocker['kind'], string, { id: string }[]][] = [
    ['workloads', 'Instances and clusters must be terminated.', workloads],
    ['operations', 'Operations are still under way.', operations],
    ['payments', 'Payments have not been settled.', payments],
  ];
  return found.flatMap(([kind, detail, rows]) =>
    rows.length === 0 ? [] : [{ kind, detail, ids: rows.slice(0, NAMED).map(({ id }) => id) }],
  );
}

/** Money between the two sides. A sandbox has none. */
async function openMoney(sql: Sql, orgId: string): Promise<Blocker[]> {
  const invoices = await sql<{ id: string }>`
    SELECT id FROM invoice WHERE org_id = ${orgId} AND status = 'final' AND due_minor > 0 ORDER BY id`;
  const { unbilledExact, coveredMinor, balanceMicro } = await accountBalance(sql, orgId);
  return [
    ...(invoices.length > 0
      ? [{ kind: 'invoices' as const, detail: 'Invoices are unpaid.', ids: invoices.map(({ id }) => id) }]
      : []),
    ...(compare(unbilledExact, rational(coveredMinor)) > 0
      ? [{ kind: 'usage' as const, detail: 'Usage has not been invoiced yet.', ids: [] }]
      : []),
    ...(balanceMicro > 0n
      ? [{ kind: 'balance' as const, detail: 'The balance must be paid back first; ask the operator.', ids: [] }]
      : []),
  ];
}

/**
 * Closes an organisation for good: nobody acts in it any more, its keys and open invitations end, and its slug is never given
 * out again. Papers and books stay with the operator. Throws `conflict` with `blockers`.
 */
export const closeOrganization: UseCase<'closeOrganization'> = async (ctx, principal, meta, { body }) => {
  requirePerson(principal);
  const { orgId } = principal;
  const ended: string[] = [];
  await mutate<undefined>(ctx, principal, meta, 'organization.close', async (sql) => {
    await lockOrganization(sql, orgId);
    await lockMembers(sql, orgId);
    requireWithinOwn(await permissionsNow(sql, principal), 'owner', ROLE_PERMISSIONS.owner, null);
    const organization = await readOrganization(sql, orgId);
    if (organization.slug !== body.slug) {
      const detail = 'Is not the slug of this organization.';
      throw unusable([{ pointer: '/body/slug', code: 'mismatch', detail }]);
    }
    const blockers = await liveThings(sql, orgId);
    if (organization.mode === 'live') blockers.push(...(await openMoney(sql, orgId)));
    if (blockers.length > 0) {
      throw new ProblemError('conflict', 'The organization cannot be closed yet.', {
        suggestion: blockers.map(({ detail }) => detail).join(' '),
        members: { blockers },
      });
    }
    await sql`UPDATE organization SET closed_at = now(), version = version + 1 WHERE id = ${orgId}`;
    const keys = await sql<{ id: string }>`
      UPDATE api_key SET revoked_at = now(), revoked_by = ${principal.actor}
      WHERE org_id = ${orgId} AND revoked_at IS NULL RETURNING id`;
    const invitations = await sql<{ id: string }>`
      UPDATE invitation SET revoked_at = now() WHERE org_id = ${orgId} AND accepted_at IS NULL AND revoked_at IS NULL
      RETURNING id`;
    ended.push(...keys.map(({ id }) => id));
    const detail = { slug: organization.slug, keys_revoked: keys.length, invitations_revoked: invitations.length };
    return { answer: undefined, resource: orgId, detail };
  });
  for (const id of ended) ctx.keyCache.drop(id);
  return undefined;
};
