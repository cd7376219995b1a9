import { randomInt } from 'node:crypto';
import type { Sql } from '@suanxiang/db/sql';
import { mintId } from '@suanxiang/domain/ids';
import type { CallMeta } from '../access/principal';
import { SESSION_SECONDS, type SessionStart } from './people';
import { hashToken } from './token-hash';

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const TOKEN_LENGTH = 32;

function newSessionToken(): string {
  return Array.from({ length: TOKEN_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}

/** Starts a session of a person in the caller's transaction (role app_auth): a new token at every sign-in. */
export async function startSession(
  sql: Sql,
  user: SessionStart['user'],
  meta: Pick<CallMeta, 'ip' | 'userAgent' | 'nowMs'>,
  aal: 1 | 2,
): Promise<SessionStart> {
  const token = newSessionToken();
  await sql`
    INSERT INTO auth_session (id, token, "userId", "ipAddress", "userAgent", "expiresAt", "updatedAt", aal)
    VALUES (${mintId('session', meta.nowMs)}, ${hashToken(token)}, ${user.id}, ${meta.ip}, ${meta.userAgent},
      now() + make_interval(secs => ${SESSION_SECONDS}), now(), ${aal})`;
  return { token, user };
}

/** Ends the sessions of a person, all or all but one. */
export async function endSessions(sql: Sql, userId: string, except: string | null = null): Promise<void> {
  await sql`DELETE FROM auth_session WHERE "userId" = ${userId} AND (${except}::text IS NULL OR token <> ${except})`;
}
