import { openDb } from '@suanxiang/db/client';
import { singleOrgSql, singleSql, withOrgSql } from '@suanxiang/db/tenant';
import { cloneDatabase, type TestDatabase } from '@suanxiang/testing/database';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const [A, B] = ['org_a', 'org_b'];
let database: TestDatabase;
let admin: pg.Client;
beforeAll(async () => {
  database = await cloneDatabase();
  admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
  for (const id of [A, B]) {
    await admin.query(
      `INSERT INTO organization (id, slug, name, mode, currency, country, time_zone, legal_name)
       VALUES ($1, $2, $1, 'live', 'USD', 'SG', 'UTC', 'x')`,
      [id, id.replace('_', '-')],
    );
  }
});
afterAll(async () => {
  await admin?.end();
  await database?.drop();
});

/** A pool of one connection: whatever a statement leaves behind meets the next one. */
const openOne = () => openDb({ url: database.urlFor('app_api'), applicationName: 'test', poolSize: 1 });

describe('a statement inside an organisation in one round trip', () => {
  test('sees that organisation alone, whoever had the connection before', async () => {
    const db = openOne();
    const seen = async (orgId: string) =>
      (await singleOrgSql(db, orgId)<{ id: string }>`SELECT id FROM organization WHERE ${'x'}::text = 'x'`).map(
        ({ id }) => id,
      );
    for (let i = 0; i < 3; i += 1) {
      expect(await seen(A)).toEqual([A]);
      expect(await seen(B)).toEqual([B]);
    }
    const many = await Promise.all(Array.from({ length: 40 }, (_, i) => seen(i % 2 ? A : B)));
    for (const [i, ids] of many.entries()) expect(ids).toEqual([i % 2 ? A : B]);
    await db.close();
  });

  test('leaves nothing set for the next one', async () => {
    const db = openOne();
    await singleOrgSql(db, A)`SELECT id FROM organization`;
    expect(await singleSql(db)`SELECT id FROM organization`).toEqual([]);
    const [setting] = await singleSql(db)<{ org: string }>`SELECT current_setting('app.org_id', true) AS org`;
    expect(setting!.org).toBe('');
    await db.close();
  });

  test('answers rows of every type as a transaction does', async () => {
    const db = openOne();
    const read = (sql: Parameters<Parameters<typeof withOrgSql>[2]>[0]) =>
      sql`SELECT 1 AS n, now() - now() = '0'::interval AS yes, '{"a":[1]}'::json AS j, ARRAY['x', NULL] AS list,
        '2026-01-01T00:00:00Z'::timestamptz AS at, NULL AS nothing, ${'算'}::text AS text FROM generate_series(1, 3)`;
    expect(await read(singleOrgSql(db, A))).toEqual(await withOrgSql(db, A, read));
    await db.close();
  });

  test('that fails throws, and the same statement works again afterwards', async () => {
    const db = openOne();
    const divide = (by: number) => singleOrgSql(db, A)<{ n: number }>`SELECT 10 / ${by}::int AS n FROM organization`;
    for (let i = 0; i < 3; i += 1) {
      await expect(divide(0)).rejects.toMatchObject({ code: '22012' });
      expect(await divide(5)).toEqual([{ n: 2 }]);
      await expect(singleOrgSql(db, A)`SELECT * FROM no_such_table`).rejects.toMatchObject({ code: '42P01' });
    }
    await db.close();
  });

  test('answers whole rows each time, also after the table behind it has changed', async () => {
    const db = openOne();
    const read = () => singleOrgSql(db, A)<{ id: string; added?: number }>`SELECT * FROM organization`;
    const none = () => singleOrgSql(db, A)<{ id: string }>`SELECT id, 1 AS one FROM organization WHERE id = ${B}`;
    const [first] = await read();
    for (let i = 0; i < 2; i += 1) {
      expect(await read()).toEqual([first]);
      expect(await none()).toEqual([]);
    }
    await admin.query('ALTER TABLE organization ADD COLUMN added int DEFAULT 7');
    await expect(read()).rejects.toMatchObject({ code: '0A000' });
    expect(await read()).toEqual([{ ...first, added: 7 }]);
    await db.close();
  });
});
