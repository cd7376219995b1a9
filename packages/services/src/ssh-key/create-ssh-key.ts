import type { Sql } from '@suanxiang/db/sql';
import { ProblemError } from '@suanxiang/domain/errors';
import { mintId } from '@suanxiang/domain/ids';
import { mutate } from '../access/mutate';
import { lockOrganization } from '../organization/lock-organization';
import { checkQuotas } from '../quota/check-quota';
import { readQuotas } from '../quota/read-quotas';
import type { UseCase } from '../use-case';
import { parseSshKey, SshKeyError, type SshPublicKey } from './parse-ssh-key';
import { type SshKeyRow, sshKeyAnswer } from './ssh-key-answer';

function readKey(text: string): SshPublicKey {
  try {
    return parseSshKey(text);
  } catch (error) {
    if (!(error instanceof SshKeyError)) throw error;
    throw new ProblemError('unprocessable', error.message, {
      errors: [{ pointer: '/body/public_key', code: error.code, detail: error.message }],
    });
  }
}

async function refuseTaken(sql: Sql, orgId: string, name: string, fingerprint: string): Promise<void> {
  const [other] = await sql<{ id: string; name: string; same_name: boolean }>`
    SELECT id, name, name = ${name} AS same_name FROM ssh_key
    WHERE org_id = ${orgId} AND (name = ${name} OR fingerprint = ${fingerprint}) ORDER BY same_name DESC LIMIT 1`;
  if (!other) return;
  const [pointer, detail] = other.same_name
    ? ['/body/name', `There is an SSH key "${name}" already.`]
    : ['/body/public_key', `This key is already here as "${other.name}".`];
  throw new ProblemError('name_taken', detail!, {
    members: { existing_id: other.id },
    errors: [{ pointer: pointer!, code: 'taken', detail: detail! }],
  });
}

/** Adds a public key that launches can put on machines. */
export const createSshKey: UseCase<'createSshKey'> = (ctx, principal, meta, { body }) => {
  const key = readKey(body.public_key);
  return mutate(ctx, principal, meta, 'ssh_key.create', async (sql) => {
    await lockOrganization(sql, principal.orgId);
    await refuseTaken(sql, principal.orgId, body.name, key.fingerprint);
    checkQuotas(await readQuotas(sql, principal.orgId), null, (metric) => (metric === 'ssh_keys' ? 1 : 0));
    const [row] = await sql<SshKeyRow>`
      INSERT INTO ssh_key (id, org_id, name, public_key, fingerprint, created_by)
      VALUES (${mintId('sshKey', meta.nowMs)}, ${principal.orgId}, ${body.name},
        ${key.comment ? `${key.publicKey} ${key.comment}` : key.publicKey}, ${key.fingerprint}, ${principal.actor})
      RETURNING id, name, public_key, fingerprint, created_at`;
    const detail = { name: body.name, fingerprint: key.fingerprint, type: key.type, bits: key.bits };
    return { answer: sshKeyAnswer(row!), resource: row!.id, detail };
  });
};
