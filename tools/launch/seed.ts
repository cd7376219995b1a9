import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BaseConfig } from '@suanxiang/platform/config';
import { root } from '../lib/root';
import { captureNode } from '../lib/run-command';
import { LaunchError } from './progress';
import { appEnv } from './services';

/** Sign-in data of the demonstration, as `npm run db:seed` prints it. */
export interface Credentials {
  readonly users: readonly { email: string; password: string; org: string; role: string }[];
  readonly apiKeys: readonly { org: string; key: string; scopes: readonly string[] }[];
}

interface Kept extends Credentials {
  /** Where it was seeded; another database needs its own. */
  readonly database: string;
}

/**
 * Seeds the demonstration once for each database and keeps its sign-in data in `.data/credentials.json` (mode 600):
 * keys are stored hashed and could not be shown again.
 */
export async function ensureSeeded(config: BaseConfig, databaseUrl: string): Promise<{ fresh: boolean } & Credentials> {
  const file = path.join(config.dataDir, 'credentials.json');
  const { host, pathname } = new URL(databaseUrl);
  const database = config.givenDatabaseUrl ? `${host}${pathname}` : 'embedded';
  if (existsSync(file)) {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Kept;
    if (kept.database === database) return { fresh: false, users: kept.users, apiKeys: kept.apiKeys };
  }
  const seeded = await runSeed(config);
  writeFileSync(file, `${JSON.stringify({ database, ...seeded }, null, 2)}\n`, { mode: 0o600 });
  return { fresh: true, ...seeded };
}

async function runSeed(config: BaseConfig): Promise<Credentials> {
  const args = ['--import', 'tsx', path.join(root, 'tools/seed.ts')];
  try {
    const { users, apiKeys } = JSON.parse(await captureNode(args, { cwd: root, env: appEnv(config) })) as Credentials;
    return { users, apiKeys };
  } catch (error) {
    throw new LaunchError(`Seeding the demonstration data failed:\n${(error as Error).message}`);
  }
}
