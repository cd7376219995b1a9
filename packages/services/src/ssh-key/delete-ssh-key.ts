import { requireMatch } from '../access/etag';
import { mutate } from '../access/mutate';
import { notFound } from '../problem';
import type { UseCase } from '../use-case';
import { readSshKey } from './get-ssh-key';

/** Removes a key from the list. Machines that were launched with it keep it until they are started again. */
export const deleteSshKey: UseCase<'deleteSshKey'> = (ctx, principal, meta, { params }) =>
  mutate(ctx, principal, meta, 'ssh_key.delete', async (sql) => {
    await sql`SELECT id FROM ssh_key WHERE org_id = ${principal.orgId} AND id = ${params.ssh_key_id} FOR UPDATE`;
    await requireMatch(meta, () => readSshKey(sql, principal.orgId, params.ssh_key_id));
    const [row] = await sql<{ name: string; fingerprint: string }>`
      DELETE FROM ssh_key WHERE org_id = ${principal.orgId} AND id = ${params.ssh_key_id} RETURNING name, fingerprint`;
    if (!row) throw notFound();
    return { answer: undefined, resource: params.ssh_key_id, detail: row };
  });
