import { cloneDatabase, type TestDatabase } from '@suanxiang/testing/database';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openDb } from '../src/client';
import { listen } from '../src/listen';
import { ring } from '../src/outbox';
import { singleSql, withSql } from '../src/tenant';

let database: TestDatabase;
beforeAll(async () => {
  database = await cloneDatabase();
});
afterAll(() => database.drop());

test('a committed ring is heard, and still after the connection was cut', async () => {
  const db = openDb({ url: database.urlFor('app_worker'), applicationName: 'test' });
  const bells = vi.fn();
  const lost = vi.fn();
  const listener = listen({
    url: database.urlFor('app_worker'),
    applicationName: 'test-listener',
    channel: 'outbox',
    onBell: bells,
    onLost: lost,
  });
  const admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
  try {
    await vi.waitFor(() => expect(bells).toHaveBeenCalledTimes(1));
    await withSql(db, (sql) => ring(sql, 'operation', 'op_1'));
    await vi.waitFor(() => expect(bells).toHaveBeenCalledTimes(2));
    await admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'test-listener'`,
    );
    await vi.waitFor(() => expect(bells).toHaveBeenCalledTimes(3), 5_000);
    expect(lost).toHaveBeenCalledTimes(1);
    await ring(singleSql(db), 'operation', 'op_2');
    await vi.waitFor(() => expect(bells).toHaveBeenCalledTimes(4));
    const rows = await singleSql(db)<{ key: string }>`SELECT key FROM outbox ORDER BY id`;
    expect(rows.map((row) => row.key)).toEqual(['op_1', 'op_2']);
  } finally {
    await listener.close();
    await admin.end();
    await db.close();
  }
});
