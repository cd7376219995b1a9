import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { openDb } from '@suanxiang/db/client';
import { withSql } from '@suanxiang/db/tenant';
import { allowEnrolment, openAgentZone } from '@suanxiang/metering/agent-plane/enrol';
import { type BaseConfig, roleUrl } from '@suanxiang/platform/config';
import type { Secrets } from '@suanxiang/platform/secrets';
import { root } from '../lib/root';
import { runNode } from '../lib/run-command';
import { startApp } from './app-process';
import { LaunchError } from './progress';
import { appEnv, logFileOf } from './services';
import type { ServiceSpec } from './supervisor';

/** The zone of the agent that the launcher starts, in the first region of the catalogue. */
const ZONE = { zoneId: 'cn-north-x', regionId: 'cn-north' };
const TOKEN_MS = 600_000;

const main = path.join(root, 'apps/agent/dist/main.js');
const folderOf = (config: BaseConfig) => path.join(config.dataDir, 'agent');

/** The built-in image's root file system, built once. Throws LaunchError where Debian's tools are missing. */
function rootfs(): string {
  const file = path.join(root, '.cache/agent-rootfs.tar');
  if (existsSync(file)) return file;
  try {
    execFileSync('bash', [path.join(root, 'apps/agent/image/build-rootfs.sh'), file], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  } catch (error) {
    throw new LaunchError(
      `The image of CPU instances cannot be built (Debian's apt-get and dpkg-deb are needed): ${error}`,
    );
  }
  return file;
}

/** A one-time token for the agent; null when it has enrolled before. */
async function allowAgent(config: BaseConfig, secrets: Secrets, databaseUrl: string): Promise<string | null> {
  if (existsSync(path.join(folderOf(config), 'identity.json'))) return null;
  const token = randomBytes(32).toString('base64url');
  const url = roleUrl(databaseUrl, 'app_worker', secrets.dbPasswords.app_worker);
  const db = openDb({ url, applicationName: 'suanxiang-agent-token', poolSize: 1 });
  try {
    await withSql(db, async (sql) => {
      if (!(await openAgentZone(sql, ZONE.zoneId, ZONE.regionId))) {
        throw new LaunchError(`Zone ${ZONE.zoneId} is run by another driver, so no agent can be started for it.`);
      }
      await allowEnrolment(sql, { token, zoneId: ZONE.zoneId, nodeId: null, expiresAtMs: Date.now() + TOKEN_MS });
    });
    return token;
  } finally {
    await db.close();
  }
}

/** How the node agent of this machine starts. */
export async function agentService(config: BaseConfig, secrets: Secrets, databaseUrl: string): Promise<ServiceSpec> {
  const token = await allowAgent(config, secrets, databaseUrl);
  const { agent: port } = config.ports;
  const logFile = logFileOf(config, 'agent');
  const args = [
    ...['--enable-source-maps', main, '--dir', folderOf(config), '--port', String(port)],
    ...['--api', config.apiUrl, '--rootfs', rootfs(), '--ssh-ports', `${port + 1}-${port + 99}`],
    ...(token ? ['--token', token] : []),
  ];
  return {
    name: 'agent',
    logFile,
    start: (signal) =>
      startApp({
        name: 'agent',
        args,
        cwd: root,
        env: { ...process.env, ...appEnv(config) },
        logFile,
        healthUrl: `http://127.0.0.1:${port}/livez`,
        startTimeoutMs: 60_000,
        signal,
      }),
  };
}

/** Ends the agent's instances and forgets it, before its folder is removed. */
export async function removeAgent(config: BaseConfig): Promise<void> {
  if (!existsSync(path.join(folderOf(config), 'podman')) || !existsSync(main)) return;
  await runNode([main, '--dir', folderOf(config), '--remove'], { cwd: root, logFile: logFileOf(config, 'agent') });
}
