import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type RunningPostgres, startEmbeddedPostgres } from '@suanxiang/db/embedded';
import { freePort } from './free-port';

/**
 * Starts an empty, throw-away PostgreSQL (no fsync) below the system's temporary folder on a free port.
 * `stop()` ends it and deletes its files.
 */
export async function startScratchPostgres(): Promise<RunningPostgres> {
  const folder = await mkdtemp(path.join(tmpdir(), 'suanxiang-pg-'));
  // The server may run as another user than the caller (see startEmbeddedPostgres) and must be able to enter.
  await chmod(folder, 0o755);
  const running = await startEmbeddedPostgres({
    dataDir: path.join(folder, 'data'),
    port: await freePort(),
    password: randomBytes(16).toString('hex'),
    logFile: path.join(folder, 'postgres.log'),
    profile: 'disposable',
  });
  return {
    ...running,
    stop: async () => {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
