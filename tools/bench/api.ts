import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { arrangeOrg, type BenchOrg } from './api/arrange';
import { cpuUsOf } from './api/cpu';
import { type BenchServer, startServers } from './api/servers';
import { openServices } from './services';

const help = `npm run bench -- api [--connections N] [--seconds N] [--rounds N] [--profile FOLDER]

The public API on a PostgreSQL and a Redis of its own (removed afterwards): authenticated reads of one instance and of a page
of 50, over --connections (200) on loopback, for --seconds (2) each, against a bare Fastify server that does the same two SQL
reads and nothing else, by turns, --rounds (9) times. Prints JSON: medians over the rounds, and of the ratios of neighbouring
rounds with their quartiles: what else the machine does weighs on both neighbours. Goals: at least half of its throughput, p99
below three times its own, no error. --profile leaves CPU profiles of both servers in a folder.
`;

const ORGANIZATIONS = 40;
const KEYS = 4;
const INSTANCES = 50;

type Target = { title: string; requests: autocannon.Request[]; server: BenchServer };

interface Figures {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  errors: number;
  requests: number;
  /** CPU time for one request, of the server and of its connections' processes in PostgreSQL; NaN where it is not told. */
  serverCpuUs: number;
  databaseCpuUs: number;
}

async function load(target: Target, connections: number, duration: number): Promise<Figures> {
  const { requests, server } = target;
  const parts = [[server.pid], await server.backends()];
  const before = parts.map(cpuUsOf);
  const result = await autocannon({ url: server.url, requests, connections, duration });
  const [serverCpuUs, databaseCpuUs] = parts.map((pids, index) =>
    Math.round((cpuUsOf(pids) - before[index]!) / result['2xx']),
  ) as [number, number];
  return {
    perSecond: Math.round(result['2xx'] / result.duration),
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    errors: result.errors + result.timeouts + result.non2xx,
    requests: result['2xx'],
    serverCpuUs,
    databaseCpuUs,
  };
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

function summary(runs: readonly Figures[]): Figures {
  const of = (field: keyof Figures) => median(runs.map((run) => run[field]));
  const sum = (field: keyof Figures) => runs.reduce((total, run) => total + run[field], 0);
  return {
    perSecond: of('perSecond'),
    p50Ms: of('p50Ms'),
    p99Ms: of('p99Ms'),
    errors: sum('errors'),
    requests: sum('requests'),
    serverCpuUs: of('serverCpuUs'),
    databaseCpuUs: of('databaseCpuUs'),
  };
}

function targetsOf(orgs: readonly BenchOrg[], api: BenchServer, bare: BenchServer): [Target, Target][] {
  const keyed = orgs.flatMap((org) => org.keys.map((key, index) => ({ org, ...key, id: org.instanceIds[index]! })));
  const headers = (key: string) => ({ authorization: `Bearer ${key}` });
  const of = (title: string, server: BenchServer, requests: autocannon.Request[]): Target => ({
    title,
    server,
    requests,
  });
  return [
    [
      of(
        'one instance',
        api,
        keyed.map(({ key, id }) => ({ path: `/v1/instances/${id}`, headers: headers(key) })),
      ),
      of(
        'one instance',
        bare,
        keyed.map(({ org, lookup, id }) => ({ path: `/one/${org.orgId}/${lookup}/${id}` })),
      ),
    ],
    [
      of(
        'page of 50',
        api,
        keyed.map(({ key }) => ({ path: '/v1/instances?limit=50', headers: headers(key) })),
      ),
      of(
        'page of 50',
        bare,
        keyed.map(({ org }) => ({ path: `/page/${org.orgId}` })),
      ),
    ],
  ];
}

/** Median and quartiles of what one round was to its neighbour. */
function ratios(ours: readonly Figures[], theirs: readonly Figures[], field: 'perSecond' | 'p99Ms') {
  const sorted = ours.map((one, round) => one[field] / theirs[round]![field]).sort((a, b) => a - b);
  const at = (share: number) => Number(sorted[Math.floor((sorted.length - 1) * share)]!.toFixed(2));
  return { median: at(0.5), quartiles: [at(0.25), at(0.75)] };
}

async function compare([api, bare]: [Target, Target], connections: number, seconds: number, rounds: number) {
  const [ours, theirs]: [Figures[], Figures[]] = [[], []];
  for (const target of [api, bare]) await load(target, connections, 2);
  for (let round = 0; round < rounds; round += 1) {
    // Who goes first changes, so that what grows or fades weighs on both.
    for (const isOurs of round % 2 === 0 ? [false, true] : [true, false]) {
      const figures = await load(isOurs ? api : bare, connections, seconds);
      (isOurs ? ours : theirs).push(figures);
    }
  }
  const [a, b] = [summary(ours), summary(theirs)];
  const [throughput, p99] = [ratios(ours, theirs, 'perSecond'), ratios(ours, theirs, 'p99Ms')];
  return {
    read: api.title,
    api: a,
    bare: b,
    throughputRatio: throughput,
    p99Ratio: p99,
    met: throughput.median >= 0.5 && p99.median < 3 && a.errors === 0,
  };
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { connections: text, seconds: text, rounds: text, profile: text, help: { type: 'boolean' } },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const [connections, seconds, rounds] = [
    Number(values.connections ?? 200),
    Number(values.seconds ?? 2),
    Number(values.rounds ?? 9),
  ];
  const folder = await mkdtemp(path.join(tmpdir(), 'suanxiang-bench-'));
  // PostgreSQL may run as another user and must be able to enter.
  await chmod(folder, 0o755);
  const closing: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const results = [];
    const servers = await open(folder, closing, values.profile ?? null);
    for (const pair of targetsOf(servers.orgs, servers.api, servers.bare)) {
      results.push(await compare(pair, connections, seconds, rounds));
    }
    const machine = { cpus: cpus().length, load: loadavg().map((value) => Number(value.toFixed(1))) };
    process.stdout.write(`${JSON.stringify({ connections, seconds, rounds, machine, results }, null, 2)}\n`);
    if (!results.every(({ met }) => met)) process.exitCode = 1;
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

async function open(folder: string, closing: (() => Promise<unknown>)[], profile: string | null) {
  const { adminUrl, redisUrl, secrets, url, workerUrl, db } = await openServices(folder, closing);
  const orgs: BenchOrg[] = [];
  for (let i = 0; i < ORGANIZATIONS; i += 1) orgs.push(await arrangeOrg(db, secrets.apiKeyPepper, i, KEYS, INSTANCES));
  await db.close();
  return {
    orgs,
    ...(await startServers(folder, closing, { url, redisUrl, workerUrl, profile, adminUrl })),
  };
}

await main();
