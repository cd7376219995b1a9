import type { Db } from './client';
import { queryInOrg } from './org-query';
import { type Sql, sqlOverClient, sqlThrough } from './sql';

/**
 * Runs `fn` in one transaction inside one organisation (role app_api): row-level security shows and takes only its rows, as
 * `app.org_id` is set for this transaction alone. No network or other slow work belongs inside. Throws what `fn` throws
 * after rolling back.
 */
export function withOrgSql<T>(db: Db, orgId: string, fn: (sql: Sql) => Promise<T>): Promise<T> {
  return withSql(db, async (sql) => {
    await sql`SELECT set_config('app.org_id', ${orgId}, true)`;
    return fn(sql);
  });
}

/**
 * Runs `fn` in one transaction on a plain connection, with the rights of the handle's role: every organisation for
 * app_worker, none for app_api. Throws what `fn` throws after rolling back.
 */
export async function withSql<T>(db: Db, fn: (sql: Sql) => Promise<T>): Promise<T> {
  const client = await db.pool.connect();
  let failure: unknown;
  try {
    await client.query('BEGIN');
    const result = await fn(sqlOverClient(client));
    await client.query('COMMIT');
    return result;
  } catch (error) {
    failure = error;
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  } finally {
    // A connection that failed in a way ROLLBACK cannot mend is closed rather than reused.
    client.release(isConnectionLoss(failure));
  }
}

/**
 * Single statements, each its own transaction, with the rights of the handle's role: one round trip instead of three.
 * Several statements that belong together need withSql.
 */
export function singleSql(db: Db): Sql {
  return sqlOverClient(db.pool);
}

/**
 * Single statements inside one organisation (role app_api), each its own transaction under row-level security as in
 * withOrgSql, and one round trip instead of four. For reads that one statement answers, or several that need not agree.
 */
export function singleOrgSql(db: Db, orgId: string): Sql {
  return sqlThrough((config) => queryInOrg(db.pool, orgId, config));
}

function isConnectionLoss(error: unknown): boolean {
  const code = (error as { code?: string } | null | undefined)?.code ?? '';
  return code.startsWith('08') || code.startsWith('57P') || code === 'ECONNRESET' || code === 'EPIPE';
}
