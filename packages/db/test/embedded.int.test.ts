import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { databaseVersion, ensureDatabase, startEmbeddedPostgres } from '@suanxiang/db/embedded';
import { freePort } from '@suanxiang/testing/free-port';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';

const password = randomBytes(12).toString('hex');
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'suanxiang-embedded-'));
  await chmod(folder, 0o755);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function start(dataDir = path.join(folder, 'data')) {
  const port = await freePort();
  return startEmbeddedPostgres({ dataDir, port, password, logFile: path.join(folder, 'log'), profile: 'durable' });
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test('data outlives a stop, and the second start finds a lock that a crash left', async () => {
  const first = await start();
  const lock = path.join(folder, 'data', 'postmaster.pid');
  let lockOfFirst = '';
  try {
    const url = await ensureDatabase(first.adminUrl, 'kept');
    await query(url, 'CREATE TABLE note (text text)');
    await query(url, `INSERT INTO note VALUES ('算想云')`);
    lockOfFirst = await readFile(lock, 'utf8');
  } finally {
    await first.stop();
  }
  // What a crash leaves behind when the process id now belongs to another program: this test.
  await writeFile(lock, lockOfFirst.replace(/^\d+/, String(process.pid)));
  const { uid, gid } = await stat(path.join(folder, 'data'));
  if (process.getuid?.() === 0) await chown(lock, uid, gid);
  const second = await start();
  try {
    const url = await ensureDatabase(second.adminUrl, 'kept');
    expect(await query(url, 'SELECT text FROM note')).toEqual([{ text: '算想云' }]);
  } finally {
    await second.stop();
  }
});

test('it is PostgreSQL 18, durable, on loopback only, in UTC, and wants its password', async () => {
  const running = await start();
  try {
    expect(await databaseVersion(running.adminUrl)).toMatch(/^18\./);
    const names = ['fsync', 'synchronous_commit', 'listen_addresses', 'TimeZone', 'server_encoding', 'max_connections'];
    const rows = await query(
      running.adminUrl,
      `SELECT name, setting FROM pg_settings WHERE name IN ('${names.join("','")}')`,
    );
    expect(Object.fromEntries(rows.map((row) => [row.name, row.setting]))).toEqual({
      fsync: 'on',
      synchronous_commit: 'on',
      listen_addresses: '127.0.0.1',
      TimeZone: 'UTC',
      server_encoding: 'UTF8',
      max_connections: '200',
    });
    const wrong = new URL(running.adminUrl);
    wrong.password = 'wrong';
    await expect(query(wrong.toString(), 'SELECT 1')).rejects.toThrow(/password authentication failed/);
  } finally {
    await running.stop();
  }
});

test('a second server on the same folder is refused with the first one named', async () => {
  const running = await start();
  try {
    await expect(start()).rejects.toThrow(`PostgreSQL (pid ${running.pid}) already runs on`);
    expect(await databaseVersion(running.adminUrl)).toMatch(/^18\./);
  } finally {
    await running.stop();
  }
});

test.runIf(process.getuid?.() === 0)('root can run it below a folder that nobody else may enter', async () => {
  await chmod(folder, 0o700);
  const running = await start();
  try {
    expect(await query(running.adminUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await readFile(`/proc/${running.pid}/status`, 'utf8')).not.toMatch(/^Uid:\s+0\b/m);
  } finally {
    await running.stop();
  }
});

test('a port that is taken fails at once with the server’s own reason', async () => {
  const running = await start();
  try {
    const options = { password, logFile: path.join(folder, 'log2'), profile: 'disposable' as const };
    const other = startEmbeddedPostgres({ ...options, dataDir: path.join(folder, 'other'), port: running.port });
    await expect(other).rejects.toThrow(/ended while starting on port \d+: .*(in use|could not)/);
  } finally {
    await running.stop();
  }
});
