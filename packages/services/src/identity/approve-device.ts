import { singleSql, withSql } from '@suanxiang/db/tenant';
import { ProblemError } from '@suanxiang/domain/errors';
import { createApiKey } from '../api-key/create-api-key';
import { revokeApiKey } from '../api-key/revoke-api-key';
import { notFound } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';
import { sealForDevice } from './devices';
import { enterGuard, leaveGuard } from './guard';
import { tellChange } from './security-mail';

/**
 * Makes an API key of limited life, bound to what was chosen, for the device that shows a code. One approval wins; the key
 * goes through the same checks as any other and waits, sealed, for the device to fetch it.
 */
export const approveDevice: UseCase<'approveDevice'> = async (ctx, principal, meta, { body }) => {
  const { person } = principal;
  if (!person) {
    throw new ProblemError('permission_denied', 'A device is approved by a person who is signed in, not by a key.');
  }
  const { user_code: code, scopes, project_id, expires_in_days } = body;
  const taken = await withSql(ctx.auth, async (sql) => {
    await enterGuard(sql, person.id);
    const [row] = await sql<{ client_name: string }>`
      UPDATE auth_device_grant SET status = 'approving', decided_by = ${person.id}
      WHERE user_code = ${code} AND status = 'pending' AND expires_at > now() RETURNING client_name`;
    await leaveGuard(sql, person.id, row !== undefined);
    return row;
  });
  if (!taken) throw notFound();
  const key = {
    name: taken.client_name,
    scopes,
    expires_in_days,
    allowed_cidrs: [],
    ...(project_id ? { project_id } : {}),
  };
  let made: AnswerOf<'createApiKey'>;
  try {
    made = await createApiKey(ctx, principal, meta, { params: null, query: null, body: key });
  } catch (error) {
    // What was wrong can be chosen differently: the request waits again.
    await singleSql(ctx.auth)`
      UPDATE auth_device_grant SET status = 'pending' WHERE user_code = ${code} AND status = 'approving'`;
    throw error;
  }
  const id = made.api_key.id;
  const sealed = sealForDevice(ctx.secrets.dataKey, code, made.secret!);
  const kept = await withSql(ctx.auth, async (sql) => {
    const [row] = await sql`
      UPDATE auth_device_grant SET status = 'approved', api_key_id = ${id}, sealed_secret = ${sealed}
      WHERE user_code = ${code} AND status = 'approving' AND expires_at > now() RETURNING 1 AS one`;
    if (row) await tellChange(ctx, sql, person, 'device', meta);
    return row !== undefined;
  });
  if (kept) return undefined;
  // It took too long: nobody can fetch the key any more.
  await revokeApiKey(ctx, principal, meta, { params: { api_key_id: id }, query: null, body: null });
  throw notFound();
};
