import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { access, chown, mkdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { commandFor, hydrateSymlinks, type Identity, nativeDir, serverIdentity } from './embedded-binaries';
import { endWithUs } from './end-with-us';

/** How a cluster treats its disk: 'durable' keeps data through a crash, 'disposable' is for tests only. */
export type PostgresProfile = 'durable' | 'disposable';

export interface EmbeddedPostgresOptions {
  /** Cluster folder; created with initdb when it holds no cluster yet. */
  readonly dataDir: string;
  /** TCP port on 127.0.0.1. */
  readonly port: number;
  /** Password of the superuser `postgres`; used by initdb and in the returned URL. */
  readonly password: string;
  /** Server log; appended to. */
  readonly logFile: string;
  readonly profile: PostgresProfile;
}

export interface RunningPostgres {
  readonly pid: number;
  readonly port: number;
  /** URL of the superuser to the maintenance database `postgres`. */
  readonly adminUrl: string;
  /** Settles when the server process has ended, for whatever reason. */
  readonly exited: Promise<void>;
  /** Fast shutdown (sessions are cut, data is flushed); immediate shutdown after 20 s. */
  stop(): Promise<void>;
}

const profiles: Record<PostgresProfile, readonly string[]> = {
  durable: ['shared_buffers=128MB', 'max_wal_size=1GB', 'checkpoint_timeout=15min'],
  disposable: [
    'shared_buffers=128MB',
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
    'wal_level=minimal',
    'max_wal_senders=0',
    'autovacuum_naptime=5min',
    'max_wal_size=2GB',
  ],
};

const common = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=200',
  'work_mem=8MB',
  'maintenance_work_mem=64MB',
  'timezone=UTC',
  'log_timezone=UTC',
  'lc_messages=C',
  'log_min_duration_statement=2s',
  'idle_in_transaction_session_timeout=60s',
];

const startTimeoutMs = 60_000;
const fastStopMs = 20_000;

async function runInitdb(native: string, options: EmbeddedPostgresOptions, identity: Identity): Promise<void> {
  const { dataDir } = options;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const passwordFile = path.join(path.dirname(dataDir), `.initdb-${process.pid}-${path.basename(dataDir)}`);
  await writeFile(passwordFile, `${options.password}\n`, { mode: 0o600 });
  if (identity.uid !== undefined && identity.gid !== undefined) {
    await chown(dataDir, identity.uid, identity.gid);
    await chown(passwordFile, identity.uid, identity.gid);
  }
  const [command, prefix, ids] = await commandFor(path.join(native, 'bin', 'initdb'), dataDir, identity);
  const args = [
    ...prefix,
    `--pgdata=${dataDir}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(options.profile === 'disposable' ? ['--no-sync'] : []),
  ];
  try {
    const child = spawn(command, args, { ...ids, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = await collect(child);
    if (output.code !== 0) {
      await rm(dataDir, { recursive: true, force: true });
      throw new Error(`initdb failed for ${dataDir}: ${output.text.trim().split('\n').slice(-3).join(' ')}`);
    }
  } finally {
    await unlink(passwordFile).catch(() => {});
  }
}

function collect(child: ChildProcess): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, text }));
  });
}

/** Removes a lock file that a crashed server left; refuses when a live server owns the folder. */
async function clearStaleLock(dataDir: string): Promise<void> {
  const lock = path.join(dataDir, 'postmaster.pid');
  const text = await readFile(lock, 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 0) return;
  // A recycled pid belongs to some other program: only a postgres of this very folder counts as the owner.
  const cmdline = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  const alive = cmdline === undefined ? isAlive(pid) && process.platform !== 'linux' : cmdline.includes(dataDir);
  if (alive) throw new Error(`PostgreSQL (pid ${pid}) already runs on ${dataDir}. Stop it first.`);
  await unlink(lock);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Waits until the server's own lock file says "ready", the way pg_ctl does. */
async function waitReady(child: ChildProcess, options: EmbeddedPostgresOptions): Promise<void> {
  const lock = path.join(options.dataDir, 'postmaster.pid');
  for (let waitedMs = 0; waitedMs < startTimeoutMs; waitedMs += 50) {
    if (child.exitCode !== null || child.signalCode !== null) {
      const log = await readFile(options.logFile, 'utf8').catch(() => '');
      const reason = log.trim().split('\n').slice(-3).join(' | ');
      throw new Error(`PostgreSQL ended while starting on port ${options.port}: ${reason}`);
    }
    const lines = (await readFile(lock, 'utf8').catch(() => '')).split('\n');
    if (Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready') return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`PostgreSQL was not ready within ${startTimeoutMs / 1000} s; see ${options.logFile}`);
}

/**
 * Starts PostgreSQL 18 from npm's binaries on 127.0.0.1, creating the cluster when `dataDir` holds none.
 * The server runs in its own process group, so that a Ctrl-C reaches the caller first and the caller
 * decides the order of the shutdown.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<RunningPostgres> {
  const native = nativeDir();
  await hydrateSymlinks(native);
  const identity = serverIdentity();
  await mkdir(path.dirname(options.logFile), { recursive: true });
  const initialised = await access(path.join(options.dataDir, 'PG_VERSION')).then(
    () => true,
    () => false,
  );
  if (initialised) await clearStaleLock(options.dataDir);
  else await runInitdb(native, options, identity);

  const [command, prefix, ids] = await commandFor(path.join(native, 'bin', 'postgres'), options.dataDir, identity);
  const settings = [...common, ...profiles[options.profile]].flatMap((setting) => ['-c', setting]);
  const log = openSync(options.logFile, 'a', 0o600);
  const args = [...prefix, '-D', options.dataDir, '-p', String(options.port), ...settings];
  const child = spawn(command, args, { ...ids, stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  // Our own programs end by themselves then, and get a moment to; the sessions of others are cut.
  endWithUs(child, { first: 'SIGTERM', graceMs: 10_000, last: 'SIGINT' });
  const exited = new Promise<void>((resolve, reject) => {
    child.once('exit', () => resolve());
    child.once('error', reject);
  });
  await Promise.race([waitReady(child, options), exited.then(() => waitReady(child, options))]).catch(async (error) => {
    child.kill('SIGQUIT');
    throw error;
  });
  const password = encodeURIComponent(options.password);
  return {
    pid: child.pid as number,
    port: options.port,
    adminUrl: `postgresql://postgres:${password}@127.0.0.1:${options.port}/postgres`,
    exited,
    stop: () => stopServer(child, exited),
  };
}

async function stopServer(child: ChildProcess, exited: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGQUIT'), fastStopMs);
  await exited;
  clearTimeout(timer);
}

/** Creates database `name` when it is missing and returns its URL with the credentials of `adminUrl`. */
export async function ensureDatabase(adminUrl: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.toString();
}

/** Cuts the sessions that are left in database `name` and removes it, when it is there. */
export async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
  } finally {
    await client.end();
  }
}

/** Version of the server behind `databaseUrl`, as it says itself; rejects within 5 s when it does not answer. */
export async function databaseVersion(databaseUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    const result = await client.query<{ server_version: string }>('SHOW server_version');
    return result.rows[0]?.server_version ?? 'unknown';
  } finally {
    await client.end();
  }
}
