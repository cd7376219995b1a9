import type { Sql } from '@suanxiang/db/sql';
import { ProblemError } from '@suanxiang/domain/errors';

/** Wrong proofs in a row after which nobody may try for a while. Only who knows the password or has a session gets here. */
const MOST_FAILURES = 10;
const LOCK_SECONDS = 900;

/** Locks the person's proofs until the transaction ends. Throws `rate_limited` while they are closed. */
export async function enterGuard(sql: Sql, userId: string): Promise<void> {
  await sql`INSERT INTO auth_guard (user_id) VALUES (${userId}) ON CONFLICT DO NOTHING`;
  const [row] = await sql<{ wait: number | null }>`
    SELECT ceil(extract(epoch FROM locked_until - now()))::int AS wait FROM auth_guard WHERE user_id = ${userId} FOR UPDATE`;
  const wait = row?.wait ?? 0;
  if (wait > 0) {
    throw new ProblemError('rate_limited', 'Too many wrong codes or passwords in a row; try again later.', {
      retryAfterS: wait,
    });
  }
}

/** Counts a failure, or forgets those before a success. */
export async function leaveGuard(sql: Sql, userId: string, proved: boolean): Promise<void> {
  if (proved) {
    await sql`UPDATE auth_guard SET failed = 0, locked_until = NULL WHERE user_id = ${userId} AND failed > 0`;
    return;
  }
  await sql`
    UPDATE auth_guard SET failed = CASE WHEN failed + 1 >= ${MOST_FAILURES} THEN 0 ELSE failed + 1 END,
      locked_until = CASE WHEN failed + 1 >= ${MOST_FAILURES} THEN now() + make_interval(secs => ${LOCK_SECONDS}) END
    WHERE user_id = ${userId}`;
}

/** The one answer for a proof that was not accepted, whatever was wrong with it. */
export function proofRefused(): ProblemError {
  return new ProblemError('proof_refused', 'This password, code or passkey was not accepted.');
}
