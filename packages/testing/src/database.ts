import { randomBytes } from 'node:crypto';
import { roleUrl } from '@suanxiang/platform/config';
import type { DbRole } from '@suanxiang/platform/secrets';
import pg from 'pg';
import { inject } from 'vitest';
import { templateDatabase } from './services';

export interface TestDatabase {
  readonly name: string;
  /** URL of the cluster's superuser into this database: for arranging and checking, never for the code under test. */
  readonly adminUrl: string;
  /** URL of an application role into this database. */
  urlFor(role: DbRole): string;
  /** A connection as the cluster's superuser: for arranging and checking, never for the code under test. End it. */
  connectAdmin(): Promise<pg.Client>;
  /** Cuts the sessions that are left and removes the database. */
  drop(): Promise<void>;
}

async function asAdmin(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('services').adminUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/**
 * A fresh, migrated, empty database of its own for one test file (about 100 ms). Call drop() in afterAll; what is
 * forgotten goes away with the run.
 */
export async function cloneDatabase(): Promise<TestDatabase> {
  const { adminUrl, rolePasswords } = inject('services');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await asAdmin(`CREATE DATABASE ${name} TEMPLATE ${templateDatabase} STRATEGY FILE_COPY`);
  const own = new URL(adminUrl);
  own.pathname = `/${name}`;
  return {
    name,
    adminUrl: own.toString(),
    urlFor: (role) => roleUrl(own.toString(), role, rolePasswords[role] as string),
    connectAdmin: async () => {
      const client = new pg.Client({ connectionString: own.toString() });
      await client.connect();
      return client;
    },
    drop: () => asAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}
