import { cloneDatabase, type TestDatabase } from '@suanxiang/testing/database';
import { claimRedis } from '@suanxiang/testing/redis-db';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';

let first: TestDatabase;
let second: TestDatabase;
beforeAll(async () => {
  first = await cloneDatabase();
  second = await cloneDatabase();
});
afterAll(async () => {
  await first?.drop();
  await second?.drop();
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test('each database is a migrated copy of its own', async () => {
  await query(first.adminUrl, 'CREATE TABLE only_here (n int)');
  const has = `SELECT to_regclass('public.only_here') IS NOT NULL AS own, to_regclass('public._prisma_migrations') IS NOT NULL AS migrated`;
  expect(await query(first.adminUrl, has)).toEqual([{ own: true, migrated: true }]);
  expect(await query(second.adminUrl, has)).toEqual([{ own: false, migrated: true }]);
});

test.each(['app_api', 'app_worker', 'app_auth', 'app_ops', 'app_agent'] as const)(
  '%s signs in, is no superuser and owns nothing',
  async (role) => {
    const rows = await query(
      first.urlFor(role),
      `SELECT current_user AS who, rolsuper, (SELECT count(*)::int FROM pg_class WHERE relowner = r.oid) AS owned
       FROM pg_roles r WHERE rolname = current_user`,
    );
    expect(rows).toEqual([{ who: role, rolsuper: false, owned: 0 }]);
  },
);

test('a wrong password is refused', async () => {
  const url = new URL(first.urlFor('app_api'));
  url.password = 'wrong';
  await expect(query(url.toString(), 'SELECT 1')).rejects.toThrow(/password authentication failed/);
});

test('logical Redis databases do not see each other, and the server never evicts', async () => {
  const one = await claimRedis();
  const two = await claimRedis();
  const [a, b] = [new Redis(one.url), new Redis(two.url)];
  try {
    await a.set('key', 'a');
    expect(await b.get('key')).toBeNull();
    await two.flush();
    expect(await a.get('key')).toBe('a');
    expect(await a.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
  } finally {
    a.disconnect();
    b.disconnect();
  }
});
