import path from 'node:path';
import { ensureDatabase, startEmbeddedPostgres } from '@suanxiang/db/embedded';
import { type BaseConfig, databaseName } from '@suanxiang/platform/config';
import { configExitCode } from '@suanxiang/platform/run-process';
import type { Secrets } from '@suanxiang/platform/secrets';
import { startRedis } from '../lib/redis-server';
import { root } from '../lib/root';
import { rotateLog, startApp } from './app-process';
import type { ServiceSpec } from './supervisor';

export function logFileOf(config: BaseConfig, name: string): string {
  return path.join(config.dataDir, 'logs', `${name}.log`);
}

/** Owner's URL of the product's database: the given one, or the embedded cluster's. */
export function ownerUrl(config: BaseConfig, secrets: Secrets): string {
  return (
    config.givenDatabaseUrl ??
    `postgresql://postgres:${secrets.postgresPassword}@127.0.0.1:${config.ports.postgres}/${databaseName}`
  );
}

export function postgresService(config: BaseConfig, secrets: Secrets): ServiceSpec {
  const logFile = logFileOf(config, 'postgres');
  return {
    name: 'postgres',
    logFile,
    start: async () => {
      rotateLog(logFile);
      const running = await startEmbeddedPostgres({
        dataDir: path.join(config.dataDir, 'postgres'),
        port: config.ports.postgres,
        password: secrets.postgresPassword,
        logFile,
        profile: 'durable',
      });
      await ensureDatabase(running.adminUrl, databaseName);
      return running;
    },
  };
}

export function redisService(config: BaseConfig, secrets: Secrets): ServiceSpec {
  const logFile = logFileOf(config, 'redis');
  return {
    name: 'redis',
    logFile,
    start: async () => {
      rotateLog(logFile);
      return startRedis({
        dir: path.join(config.dataDir, 'redis'),
        cacheDir: path.join(root, '.cache'),
        port: config.ports.redis,
        password: secrets.redisPassword,
        logFile,
        profile: 'durable',
      });
    },
  };
}

/** Environment of our own processes. They get the database's address without the owner's credentials. */
export function appEnv(config: BaseConfig): Record<string, string> {
  const { ports } = config;
  const env: Record<string, string> = {
    NODE_ENV: 'production',
    DATA_DIR: config.dataDir,
    SECRETS_FILE: config.secretsFile,
    LOG_LEVEL: config.logLevel,
    PORT_OFFSET: '0',
    API_PORT: String(ports.api),
    WEB_PORT: String(ports.web),
    FLEET_PORT: String(ports.fleet),
    AGENT_PORT: String(ports.agent),
    WORKER_PRIVATE_PORT: String(ports.workerPrivate),
    API_PRIVATE_PORT: String(ports.apiPrivate),
    POSTGRES_PORT: String(ports.postgres),
    REDIS_PORT: String(ports.redis),
    API_URL: config.apiUrl,
    WEB_URL: config.webUrl,
    FLEET_URL: config.fleetUrl,
    DATABASE_URL: '',
  };
  if (config.givenDatabaseUrl) {
    const url = new URL(config.givenDatabaseUrl);
    url.username = '';
    url.password = '';
    env.DATABASE_URL = url.toString();
  }
  return env;
}

type AppName = 'fleet' | 'api' | 'worker' | 'web';

/** How each of our processes starts, in the order of starting. */
export function appService(name: AppName, config: BaseConfig): ServiceSpec {
  const local = `http://127.0.0.1`;
  const { ports } = config;
  const health: Record<AppName, string> = {
    fleet: `${local}:${ports.fleet}/livez`,
    api: `${local}:${ports.apiPrivate}/readyz`,
    worker: `${local}:${ports.workerPrivate}/readyz`,
    web: `${local}:${ports.web}/`,
  };
  const isWeb = name === 'web';
  const next = path.join(root, 'node_modules/next/dist/bin/next');
  const args = isWeb
    ? [next, 'start', '--port', String(ports.web), '--hostname', config.host]
    : ['--enable-source-maps', path.join(root, 'apps', name, 'dist/main.js')];
  const logFile = logFileOf(config, name);
  let final = false;
  return {
    name,
    logFile,
    isFinal: () => final,
    start: (signal) =>
      startApp(
        {
          name,
          args,
          cwd: isWeb ? path.join(root, 'apps/web') : root,
          env: { ...process.env, ...appEnv(config), NEXT_TELEMETRY_DISABLED: '1' },
          logFile,
          healthUrl: health[name],
          startTimeoutMs: 60_000,
          signal,
        },
        (code) => {
          final = code === configExitCode;
        },
      ),
  };
}
