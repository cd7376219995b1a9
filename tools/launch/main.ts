import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type BaseConfig, readBaseConfig } from '@suanxiang/platform/config';
import { ensureSecrets, type Secrets } from '@suanxiang/platform/secrets';
import { ensurePrismaClient } from '../lib/prisma-client';
import { root } from '../lib/root';
import { stopRunningCommands } from '../lib/run-command';
import { buildableApps, ensureBuilt } from './build';
import { checkDatabase, checkGivenRedis } from './check-servers';
import { checkBlockedPorts, checkDisk, checkPorts, checkRootTools, checkWritable, type Finding } from './checks';
import { launchDemonstration } from './live-demonstration';
import { type LaunchOptions, readOptions, usage } from './options';
import { endLeftovers, isRunning, ownProcess, readRunRecord, writeRunRecord } from './pids';
import { explain, LaunchError, say, step } from './progress';
import { clearReady, readySummary, writeReady } from './ready';
import { ensureSeeded } from './seed';
import { appService, logFileOf, ownerUrl, postgresService, redisService } from './services';
import { lockFolder } from './start-lock';
import { Supervisor } from './supervisor';

/** Everything below the data folder that `--reset` forgets; files of others there are left alone. */
const localData = ['postgres', 'redis', 'fleet', 'agent', 'logs', 'credentials.json', 'ready.json', 'secrets.json'];

function runFile(config: BaseConfig): string {
  return path.join(config.dataDir, 'run.json');
}

function refuseSecondCopy(config: BaseConfig): void {
  const record = readRunRecord(runFile(config));
  if (!record || !isRunning(record.launcher)) return;
  throw new LaunchError(
    `It is already running (process ${record.launcher.pid}): ${record.web}. Stop it there with Ctrl-C, or start a ` +
      'second copy in another folder with DATA_DIR=<folder> npm run up -- --port-offset 1000.',
  );
}

async function check(config: BaseConfig, options: LaunchOptions): Promise<void> {
  const findings: Finding[] = [checkDisk(config), ...checkRootTools(), ...checkBlockedPorts(config, options.web)];
  findings.push(...(await checkPorts(config, options.web)));
  findings.push(await checkDatabase(config), ...[await checkGivenRedis(config)].filter((finding) => finding !== null));
  judge(findings);
}

/** Prints what only hinders, and throws LaunchError for what must be repaired first. */
function judge(findings: readonly Finding[]): void {
  for (const finding of findings.filter(({ level }) => level === 'warn')) say(`${finding.detail}. ${finding.fix}`);
  const bad = findings.filter(({ level }) => level === 'fail');
  if (bad.length > 0) throw new LaunchError(bad.map(({ detail, fix }) => `${detail}. ${fix}`).join('\n'));
}

function reset(config: BaseConfig): void {
  for (const name of localData) {
    // With a database of their own, the secrets belong to its contents.
    if (name === 'secrets.json' && config.givenDatabaseUrl) continue;
    rmSync(path.join(config.dataDir, name), { recursive: true, force: true });
  }
  if (config.givenDatabaseUrl) say('--reset leaves the database of DATABASE_URL as it is');
}

/** Starts the two servers at once; each may be one that the person brings. */
async function startServers(supervisor: Supervisor, config: BaseConfig, secrets: Secrets): Promise<void> {
  const jobs: Promise<unknown>[] = [];
  if (!config.givenRedisUrl) {
    const start = () => supervisor.start(redisService(config, secrets));
    jobs.push(step('Redis', start, () => `port ${config.ports.redis}`));
  }
  if (!config.givenDatabaseUrl) {
    const first = !existsSync(path.join(config.dataDir, 'postgres', 'PG_VERSION'));
    const start = () => supervisor.start(postgresService(config, secrets));
    jobs.push(step('PostgreSQL', start, () => `port ${config.ports.postgres}${first ? ', new cluster' : ''}`));
  }
  // Both are awaited even when one fails, so that the stop finds the other.
  const results = await Promise.allSettled(jobs);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

async function launch(supervisor: Supervisor, config: BaseConfig, options: LaunchOptions): Promise<void> {
  const secrets = ensureSecrets(config.secretsFile);
  mkdirSync(path.join(config.dataDir, 'logs'), { recursive: true });
  const generated = await ensurePrismaClient(logFileOf(config, 'generate'));
  if (generated) say('Database client generated');
  const building = ensureBuilt(logFileOf(config, 'build'), options.web);
  building.catch(() => {});
  await startServers(supervisor, config, secrets);
  const databaseUrl = ownerUrl(config, secrets);
  // Loaded only now: it needs the database client that the first lines of this function generate.
  const { prepareDatabase, refreshStatistics } = await import('./prepare-database');
  const migrating = () => prepareDatabase(config, secrets);
  await step('Database', migrating, (names) =>
    names.length > 0 ? `${names.length} migrations applied` : 'up to date',
  );
  await step(
    'Build',
    () => building,
    (ran) => (ran ? 'done' : 'unchanged'),
  );
  const built = buildableApps(options.web);
  for (const name of ['fleet', 'api', 'worker', 'web'] as const) {
    if (built.includes(name)) await step(name, () => supervisor.start(appService(name, config)));
  }
  if (options.agent) {
    const { agentService } = await import('./agent');
    await step('agent', async () => supervisor.start(await agentService(config, secrets, databaseUrl)));
  }
  const seeding = () => ensureSeeded(config, databaseUrl);
  const credentials = await step('Demonstration data', seeding, ({ fresh }) => (fresh ? 'seeded' : 'kept'));
  if (credentials.fresh) await refreshStatistics(databaseUrl);
  if (credentials.fresh && options.live) {
    const launching = () => launchDemonstration(config.apiUrl, credentials);
    await step('Demonstration workloads', launching, (troubles) => troubles.join('; ') || 'launched');
  }
  writeReady(config, credentials);
  say('Ready');
  process.stdout.write(readySummary(config, credentials, options.web));
}

/** When npm, which started this process, is killed, nobody could reach this process any more. */
function watchParent(onGone: () => void): void {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, 1_000);
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    process.stdout.write(usage);
    return;
  }
  const config = readBaseConfig({ ...process.env, PORT_OFFSET: String(options.portOffset) }, root);
  judge([checkWritable(config)]);
  refuseSecondCopy(config);
  const unlock = lockFolder(config.dataDir);
  process.once('exit', unlock);
  const ended = await endLeftovers(runFile(config));
  if (ended.length > 0) say(`Ended what an interrupted run had left: ${ended.join(', ')}`);
  await check(config, options);
  if (options.reset) {
    if (existsSync(path.join(config.dataDir, 'agent'))) {
      const { removeAgent } = await import('./agent');
      await removeAgent(config);
    }
    reset(config);
  }
  clearReady(config);

  let stopping: Promise<void> | undefined;
  const record = () =>
    writeRunRecord(runFile(config), {
      launcher: ownProcess('launcher', process.pid),
      web: config.webUrl,
      processes: supervisor.processes(),
    });
  const supervisor = new Supervisor({
    onChange: () => !stopping && record(),
    onGiveUp: (name) => void stop(1, `${name} cannot be kept running; stopping everything.`),
  });
  record();

  function stop(exitCode: number, why: string): Promise<void> {
    stopping ??= (async () => {
      say(why);
      clearReady(config);
      stopRunningCommands();
      await supervisor.stop();
      rmSync(runFile(config), { force: true });
      say('Stopped');
      process.exit(exitCode);
    })();
    return stopping;
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => void stop(0, `${signal}: stopping everything`));
  }
  watchParent(() => void stop(0, 'npm has ended; stopping everything'));
  try {
    await launch(supervisor, config, options);
  } catch (error) {
    if (!stopping) await stop(1, `\n\n${explain(error)}\n`);
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`\n${explain(error)}\n`);
  process.exitCode = 1;
}
