import type { Sql } from '@suanxiang/db/sql';
import { withOrgSql } from '@suanxiang/db/tenant';
import { notFound } from '../problem';
import type { UseCase } from '../use-case';
import { type SshKeyRow, sshKeyAnswer } from './ssh-key-answer';

/** One SSH key as the API shows it. Throws `not_found`. */
export async function readSshKey(sql: Sql, orgId: string, id: string) {
  const [row] = await sql<SshKeyRow>`
    SELECT id, name, public_key, fingerprint, created_at FROM ssh_key WHERE org_id = ${orgId} AND id = ${id}`;
  if (!row) throw notFound();
  return sshKeyAnswer(row);
}

export const getSshKey: UseCase<'getSshKey'> = (ctx, { orgId }, _meta, { params }) =>
  withOrgSql(ctx.api, orgId, (sql) => readSshKey(sql, orgId, params.ssh_key_id));
