import { randomBytes } from 'node:crypto';
import { singleSql } from '@suanxiang/db/tenant';
import { permissionsOfJobs } from '@suanxiang/domain/operator-permissions';
import type { Operator } from '../access/principal';
import type { AppContext } from '../context';
import { hashPassword, verifyPassword } from '../identity/password';
import { hashToken } from '../identity/token-hash';
import { unauthenticated } from '../problem';

const PREFIX = 'sxo_';
const TOKEN = /^sxo_[0-9A-Za-z_-]{43}$/;
/** Operators sign in once a shift. */
const SESSION_HOURS = 12;

/** True for tokens of the operator plane, which open nothing outside it. */
export function isOperatorToken(token: string): boolean {
  return token.startsWith(PREFIX);
}

/** The operator behind a token. Throws `unauthenticated`, for customers' credentials as for any other. */
export async function authenticateOperator(ctx: AppContext, token: string | null): Promise<Operator> {
  if (!token || !TOKEN.test(token)) throw unauthenticated();
  const [row] = await singleSql(ctx.ops)<{ id: string; email: string; name: string; jobs: string[] }>`
    SELECT u.id, u.email, u.name, u.jobs FROM operator_session s JOIN operator_user u ON u.id = s.operator_id
    WHERE s.token_hash = ${hashToken(token)} AND s.expires_at > now()`;
  if (!row) throw unauthenticated();
  const { jobs, ...operator } = row;
  return { ...operator, actor: `operator:${row.id}`, permissions: permissionsOfJobs(jobs) };
}

/** Starts a session of an operator. Null when e-mail or password is wrong; takes as long either way. */
export async function startOperatorSession(
  ctx: AppContext,
  email: string,
  password: string,
): Promise<{ token: string; expiresAt: Date; operator: { id: string; email: string; name: string } } | null> {
  const sql = singleSql(ctx.ops);
  const [row] = await sql<{ id: string; email: string; name: string; password_hash: string }>`
    SELECT id, email, name, password_hash FROM operator_user WHERE email = ${email}`;
  if (!row) {
    await hashPassword(password);
    return null;
  }
  if (!(await verifyPassword(row.password_hash, password))) return null;
  const token = PREFIX + randomBytes(32).toString('base64url');
  const [session] = await sql<{ expires_at: Date }>`
    WITH gone AS (DELETE FROM operator_session WHERE expires_at < now())
    INSERT INTO operator_session (token_hash, operator_id, expires_at)
    VALUES (${hashToken(token)}, ${row.id}, now() + make_interval(hours => ${SESSION_HOURS})) RETURNING expires_at`;
  return { token, expiresAt: session!.expires_at, operator: { id: row.id, email: row.email, name: row.name } };
}
