import pg from 'pg';
import { applyMigrations } from './schema-engine';

export interface MigrateOptions {
  /** URL of the owner: may create roles, tables and extensions. */
  readonly databaseUrl: string;
  /** Password of each role that signs in; the roles themselves are created by the first migration, without LOGIN. */
  readonly rolePasswords: Readonly<Record<string, string>>;
}

/** Days of usage partitions kept ready: from yesterday on; other days go to the partition for the rest. */
const partitionDays = 33;

/**
 * Brings the database to the newest migration and gives the application roles LOGIN with these passwords.
 * Makes the daily partitions of usage ahead. Can run again at any time. Returns the names of the migrations just applied, oldest first.
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const applied = await applyMigrations(options.databaseUrl);
  const client = new pg.Client({ connectionString: options.databaseUrl, application_name: 'suanxiang-migrate' });
  await client.connect();
  try {
    // Roles belong to the cluster, not to one database: concurrent ALTER ROLE of two databases would collide.
    await client.query('SELECT pg_advisory_lock(7238115)');
    for (const [role, password] of Object.entries(options.rolePasswords)) {
      await client.query(`ALTER ROLE ${pg.escapeIdentifier(role)} LOGIN PASSWORD ${pg.escapeLiteral(password)}`);
    }
    await client.query(`SELECT suan_ensure_usage_partitions((now() AT TIME ZONE 'UTC')::date - 1, $1)`, [
      partitionDays,
    ]);
  } finally {
    await client.end();
  }
  return applied;
}

/**
 * Brings the planner's statistics up to date at once. Needed after a first bulk load (discovery, seed): until autovacuum has
 * seen the new rows, which takes about a minute, the stock query can get a plan that is a hundred times too slow.
 */
export async function refreshStatistics(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'suanxiang-statistics' });
  await client.connect();
  try {
    await client.query('ANALYZE');
  } finally {
    await client.end();
  }
}
