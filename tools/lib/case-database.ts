import { randomBytes } from 'node:crypto';
import { type Db, openDb } from '@suanxiang/db/client';
import { dropDatabase, ensureDatabase } from '@suanxiang/db/embedded';
import { applyMigrations } from '@suanxiang/db/schema-engine';
import { startScratchPostgres } from '@suanxiang/testing/scratch-postgres';

/** A migrated database that nobody else uses, opened as the role that bills. */
export interface CaseDatabase {
  readonly db: Db;
  /** Closes the database and leaves nothing behind. */
  close(): Promise<void>;
}

/** The same database with every session acting as app_worker: no password of that role is needed or changed. */
function asWorker(url: string): string {
  const target = new URL(url);
  target.searchParams.set('options', '-c role=app_worker');
  return target.toString();
}

/**
 * Makes a database of its own on the server of `givenUrl` (whose user must be allowed to), or on an embedded PostgreSQL that
 * is started for it and ends with it.
 */
export async function openCaseDatabase(givenUrl: string | null): Promise<CaseDatabase> {
  const server = givenUrl ? null : await startScratchPostgres();
  const adminUrl = givenUrl ?? server!.adminUrl;
  const name = `cases_${randomBytes(6).toString('hex')}`;
  try {
    const url = await ensureDatabase(adminUrl, name);
    await applyMigrations(url);
    const db = openDb({ url: asWorker(url), applicationName: 'suanxiang-rate', poolSize: 4 });
    return {
      db,
      close: async () => {
        await db.close();
        await dropDatabase(adminUrl, name);
        await server?.stop();
      },
    };
  } catch (error) {
    await dropDatabase(adminUrl, name).catch(() => {});
    await server?.stop();
    throw error;
  }
}
