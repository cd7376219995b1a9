import { randomInt } from 'node:crypto';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import { ProblemError } from '@suanxiang/domain/errors';
import { seal, unseal } from '@suanxiang/platform/seal';
import { prefixOf } from '../access/networks';
import { notFound } from '../problem';
import type { UseCase } from '../use-case';
import { linkExpired, newToken } from './challenge';
import { enterGuard, leaveGuard } from './guard';
import { requirePerson } from './require-person';
import { auditPerson } from './session-answer';
import { hashToken } from './token-hash';

const LIFE_SECONDS = 600;
const INTERVAL_SECONDS = 5;
/** RFC 8628, 6.1: no vowels, so no words; 8 of 20 letters are 34 bits, and guesses are counted. */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
const CODE_LENGTH = 8;
const PURPOSE = 'device';

function newUserCode(): string {
  return Array.from({ length: CODE_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}

const withDash = (code: string) => `${code.slice(0, 4)}-${code.slice(4)}`;

/** Seals the key of an approved device until it is fetched. */
export function sealForDevice(dataKey: string, userCode: string, secret: string): string {
  return seal(dataKey, PURPOSE, userCode, secret);
}

/** Begins the sign-in of a command line: one code that it keeps, one that a person types. */
export const startDeviceSignIn: UseCase<'startDeviceSignIn'> = async (ctx, _caller, meta, { body }) => {
  const deviceCode = newToken();
  const userCode = newUserCode();
  await singleSql(ctx.auth)`
    WITH gone AS (DELETE FROM auth_device_grant WHERE expires_at < now() - interval '1 day')
    INSERT INTO auth_device_grant (device_hash, user_code, client_name, ip_prefix, expires_at)
    VALUES (${hashToken(deviceCode)}, ${userCode}, ${body.client_name}, ${prefixOf(meta.ip)},
      now() + make_interval(secs => ${LIFE_SECONDS}))`;
  const address = `${ctx.webUrl}/device`;
  return {
    device_code: deviceCode,
    user_code: withDash(userCode),
    verification_uri: address,
    verification_uri_complete: `${address}?code=${withDash(userCode)}`,
    expires_in: LIFE_SECONDS,
    interval: INTERVAL_SECONDS,
  };
};

interface Grant {
  user_code: string;
  status: 'pending' | 'approving' | 'approved' | 'denied' | 'claimed';
  api_key_id: string | null;
  sealed_secret: string | null;
  hasty: boolean;
}

type Answer = { secret: string; api_key_id: string } | { problem: ProblemError };

/** Hands the key over, once. */
export const pollDeviceSignIn: UseCase<'pollDeviceSignIn'> = async (ctx, _caller, _meta, { body }) => {
  const hash = hashToken(body.device_code);
  const answer = await withSql(ctx.auth, async (sql): Promise<Answer> => {
    const [grant] = await sql<Grant>`
      SELECT user_code, status, api_key_id, sealed_secret,
        last_polled_at > now() - make_interval(secs => ${INTERVAL_SECONDS - 1}) AS hasty
      FROM auth_device_grant WHERE device_hash = ${hash} AND expires_at > now() FOR UPDATE`;
    if (!grant || grant.status === 'claimed') return { problem: linkExpired() };
    if (grant.status === 'denied') return { problem: new ProblemError('device_denied', 'The request was refused.') };
    if (grant.status === 'approved') {
      const secret = unseal(ctx.secrets.dataKey, PURPOSE, grant.user_code, grant.sealed_secret!);
      await sql`UPDATE auth_device_grant SET status = 'claimed', sealed_secret = NULL WHERE device_hash = ${hash}`;
      return { secret, api_key_id: grant.api_key_id! };
    }
    await sql`UPDATE auth_device_grant SET last_polled_at = now() WHERE device_hash = ${hash}`;
    const code = grant.hasty ? 'slow_down' : 'authorization_pending';
    return { problem: new ProblemError(code, 'The request waits for somebody to approve it.') };
  });
  if ('problem' in answer) throw answer.problem;
  const [key] = await singleSql(ctx.auth)<{
    org_id: string;
  }>`SELECT org_id FROM api_key WHERE id = ${answer.api_key_id}`;
  return { ...answer, organization_id: key!.org_id };
};

/** Who asks with a code, for who is to decide. Guesses are counted. */
export const lookUpDevice: UseCase<'lookUpDevice'> = async (ctx, signedIn, _meta, { body }) => {
  const person = requirePerson(signedIn);
  const found = await withSql(ctx.auth, async (sql) => {
    await enterGuard(sql, person.id);
    const [row] = await sql<{ client_name: string; ip_prefix: string; created_at: Date; expires_at: Date }>`
      SELECT client_name, ip_prefix, created_at, expires_at FROM auth_device_grant
      WHERE user_code = ${body.user_code} AND status = 'pending' AND expires_at > now()`;
    await leaveGuard(sql, person.id, row !== undefined);
    return row;
  });
  if (!found) throw notFound();
  return { ...found, created_at: found.created_at.toISOString(), expires_at: found.expires_at.toISOString() };
};

/** Refuses a device; it is told at its next question. */
export const denyDevice: UseCase<'denyDevice'> = async (ctx, signedIn, meta, { body }) => {
  const person = requirePerson(signedIn);
  const gone = await singleSql(ctx.auth)`
    UPDATE auth_device_grant SET status = 'denied', decided_by = ${person.id}
    WHERE user_code = ${body.user_code} AND status = 'pending' AND expires_at > now() RETURNING 1 AS one`;
  if (gone.length === 0) throw notFound();
  await auditPerson(ctx, person.id, meta, 'device.deny');
  return undefined;
};
