import { type ChildProcess, execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { freePort } from '@suanxiang/testing/free-port';
import { root } from '../../lib/root';
import { backendsOf } from './cpu';
import { start, stop } from './processes';

/** A server under load, with the processes whose CPU time is its own. */
export interface BenchServer {
  url: string;
  pid: number;
  /** Those of PostgreSQL that serve it now. */
  backends: () => Promise<number[]>;
}

/** Both servers bundled as the product's are: what tsx adds to functions as it runs them weighs more on the larger one. */
async function bundles(closing: (() => Promise<unknown>)[]): Promise<[string, string]> {
  const folder = await mkdtemp(path.join(root, '.cache', 'bench-api-'));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  const bundle = (what: string, name: string) => {
    const to = path.join(folder, name);
    execFileSync(process.execPath, ['tools/build-app.mjs', what, to], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    return path.join(to, 'main.js');
  };
  return [bundle('api', 'api'), bundle('tools/bench/api/bare-server.ts', 'bare')];
}

/** Starts the API and the bare server. What is to be undone goes to the end of `closing`. */
export async function startServers(
  folder: string,
  closing: (() => Promise<unknown>)[],
  {
    url,
    redisUrl,
    workerUrl,
    adminUrl,
    profile,
  }: Record<'url' | 'redisUrl' | 'workerUrl' | 'adminUrl', string> & {
    profile: string | null;
  },
): Promise<{ api: BenchServer; bare: BenchServer }> {
  const [port, privatePort, barePort] = [await freePort(), await freePort(), await freePort()];
  const env = {
    NODE_ENV: 'production',
    DATABASE_URL: url,
    REDIS_URL: redisUrl,
    SECRETS_FILE: path.join(folder, 'secrets.json'),
    API_PORT: String(port),
    API_PRIVATE_PORT: String(privatePort),
    LOG_LEVEL: 'info',
  };
  const [apiFile, bareFile] = await bundles(closing);
  const profiling = profile === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const api = await start([...profiling, apiFile], env, /api is ready/);
  closing.push(() => stop(api));
  const bareEnv = { NODE_ENV: 'production', BENCH_DATABASE_URL: workerUrl, BENCH_PORT: String(barePort) };
  const bare = await start([...profiling, bareFile], bareEnv, /is ready/);
  closing.push(() => stop(bare));
  const of = (at: number, child: ChildProcess, application: string): BenchServer => ({
    url: `http://127.0.0.1:${at}`,
    pid: child.pid!,
    backends: () => backendsOf(adminUrl, application),
  });
  return { api: of(port, api, 'suanxiang-api-tenant'), bare: of(barePort, bare, 'bench-bare') };
}
