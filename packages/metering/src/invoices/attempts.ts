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
 * Notes a try to close a period. The period's row keeps two tries from taking one number. The same failure within an hour is
 * noted once, so that one that stays adds no rows for ever.
 */
async function keep(sql: Sql, { orgId, fromS }: Closing, startedAt: Date, failure: string | null): Promise<void> {
  await sql`SELECT 1 AS one FROM billing_period WHERE org_id = ${orgId} AND from_s = ${fromS}::bigint FOR UPDATE`;
  await sql`
    INSERT INTO billing_attempt (org_id, from_s, attempt, outcome, failure, started_at, ended_at)
    SELECT ${orgId}, ${fromS}::bigint, coalesce((SELECT max(attempt) FROM billing_attempt
        WHERE org_id = ${orgId} AND from_s = ${fromS}::bigint), 0) + 1, ${failure === null ? 'finalised' : 'failed'},
      ${failure}::text, ${startedAt}::timestamptz, clock_timestamp()
    WHERE ${failure}::text IS NULL OR NOT EXISTS (SELECT 1 FROM billing_attempt
      WHERE org_id = ${orgId} AND from_s = ${fromS}::bigint AND failure = ${failure}::text
        AND ended_at > clock_timestamp() - interval '1 hour')`;
}

/**
 * Closes a period in one transaction and notes how long it took in the same; one that fails is noted by itself. Null when
 * another worker has closed it. Throws what stood in the way.
 */
export async function attemptClosing<T>(
  db: Db,
  key: Closing,
  close: (sql: Sql) => Promise<T | null>,
): Promise<T | null> {
  const [start] = await singleSql(db)<{ at: Date }>`SELECT clock_timestamp() AS at`;
  try {
    return await withSql(db, async (sql) => {
      const done = await close(sql);
      if (done) await keep(sql, key, start!.at, null);
      return done;
    });
  } catch (error) {
    // A database that is away cannot note it; the failure that is thrown matters more.
    await withSql(db, (sql) => keep(sql, key, start!.at, reasonOf(error))).catch(() => undefined);
    throw error;
  }
}
