import { withOrgSql } from '@suanxiang/db/tenant';
import { countRows } from '../access/count-rows';
import { listPage } from '../access/list-page';
import type { UseCase } from '../use-case';
import { type SshKeyRow, sshKeyAnswer } from './ssh-key-answer';

/** SSH keys, newest first. */
export const listSshKeys: UseCase<'listSshKeys'> = async (ctx, { orgId }, _meta, { query }) => {
  const { rows, end } = await listPage<SshKeyRow>(ctx, {
    orgId,
    operationId: 'listSshKeys',
    query,
    parts: 2,
    positionOf: (row) => [row.created_at.toISOString(), row.id],
    fetch: (after, take) =>
      withOrgSql(
        ctx.api,
        orgId,
        (sql) => sql<SshKeyRow>`
          SELECT id, name, public_key, fingerprint, created_at FROM ssh_key
          WHERE org_id = ${orgId} AND (${after?.[0] ?? null}::timestamptz IS NULL
            OR (created_at, id) < (${after?.[0] ?? null}::timestamptz, ${after?.[1] ?? null}))
          ORDER BY created_at DESC, id DESC LIMIT ${take}`,
      ),
    count: (most) =>
      countRows(
        ctx.api,
        orgId,
        (sql) => sql<{ n: number }>`
          SELECT count(*)::int AS n FROM (
            SELECT 1 FROM ssh_key WHERE org_id = ${orgId} LIMIT ${most}) counted`,
      ),
  });
  return { items: rows.map(sshKeyAnswer), ...end };
};
