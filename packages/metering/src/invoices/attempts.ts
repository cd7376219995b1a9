import type { Db } from '@suanxiang/db/client';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql, withSql } from '@suanxiang/db/tenant';

interface Closing {
  orgId: string;
  fromS: number;
}

/** Longest reason that is kept, in characters. */
const REASON_LENGTH = 500;

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.trim() || 'no reason was given').slice(0, REASON_LENGTH);
}

/**
 * Notes a try to close a period that failed. The period's row keeps two tries from taking one number. The same failure within an hour is
 * noted once, so that one that stays adds no rows for ever.
 */
async function keepFailure(sql: Sql, { orgId, fromS }: Closing, startedAt: Date, failure: string): Promise<void> {
  await sql`SELECT 1 AS one FROM billing_period WHERE org_id = ${orgId} AND from_s = ${fromS}::bigint FOR UPDATE`;
  await sql`
    INSERT INTO billing_attempt (org_id, from_s, attempt, outcome, failure, started_at, ended_at)
    SELECT ${orgId}, ${fromS}::bigint, coalesce((SELECT max(attempt) FROM billing_attempt
        WHERE org_id = ${orgId} AND from_s = ${fromS}::bigint), 0) + 1, 'failed', ${failure}::text, ${startedAt}::timestamptz,
      clock_timestamp()
    WHERE NOT EXISTS (SELECT 1 FROM billing_attempt
      WHERE org_id = ${orgId} AND from_s = ${fromS}::bigint AND failure = ${failure}::text
        AND ended_at > clock_timestamp() - interval '1 hour')`;
}

/** Notes that periods were closed; the transaction that closed them holds their rows. */
async function keepSuccess(sql: Sql, closed: readonly Closing[], startedAt: Date): Promise<void> {
  if (closed.length === 0) return;
  await sql`
    INSERT INTO billing_attempt (org_id, from_s, attempt, outcome, failure, started_at, ended_at)
    SELECT c.org_id, c.from_s, coalesce((SELECT max(attempt) FROM billing_attempt a
        WHERE a.org_id = c.org_id AND a.from_s = c.from_s), 0) + 1, 'finalised', NULL, ${startedAt}::timestamptz, clock_timestamp()
    FROM unnest(${closed.map((key) => key.orgId)}::text[], ${closed.map((key) => String(key.fromS))}::bigint[])
      AS c(org_id, from_s)`;
}

/**
 * Closes periods in one transaction and notes how long it took in the same. The failure of one alone is noted by itself; of
 * several nobody knows whose it was, so that they are to be tried one by one. Throws what stood in the way.
 */
export async function attemptClosing<T extends Closing>(
  db: Db,
  keys: readonly Closing[],
  close: (sql: Sql) => Promise<T[]>,
): Promise<T[]> {
  const [start] = await singleSql(db)<{ at: Date }>`SELECT clock_timestamp() AS at`;
  try {
    return await withSql(db, async (sql) => {
      const done = await close(sql);
      await keepSuccess(sql, done, start!.at);
      return done;
    });
  } catch (error) {
    const [key] = keys;
    // A database that is away cannot note it; the failure that is thrown matters more.
    if (key && keys.length === 1) {
      await withSql(db, (sql) => keepFailure(sql, key, start!.at, reasonOf(error))).catch(() => undefined);
    }
    throw error;
  }
}
