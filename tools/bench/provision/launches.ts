import { setTimeout as sleep } from 'node:timers/promises';
import { ApiProblem } from '@suanxiang/contract/client';
import { singleSql } from '@suanxiang/db/tenant';
import { type Installation, MODEL, newTenant, REGION, type Tenant } from './installation';
import { spread } from './spread';

const ORGANIZATIONS = 20;
const GIVE_UP_MS = 120_000;
const LOOK_MS = 250;

interface Ended {
  id: string;
  state: string;
  finished_ms: number | null;
}

type Create = (tenant: Tenant, name: string) => Promise<{ id: string }>;

/** Sends all requests in one go and waits until everything runs or has failed. Times are of one clock. */
async function burst(installation: Installation, tenants: readonly Tenant[], count: number, create: Create) {
  const errors = new Map<string, number>();
  const fail = (what: string) => errors.set(what, (errors.get(what) ?? 0) + 1);
  const sent = new Map<string, number>();
  const answers: number[] = [];
  const send = async (i: number) => {
    const sentMs = performance.timeOrigin + performance.now();
    try {
      const { id } = await create(tenants[i % tenants.length]!, `bench-${i}`);
      sent.set(id, sentMs);
      answers.push(performance.timeOrigin + performance.now() - sentMs);
    } catch (error) {
      fail(`create: ${error instanceof ApiProblem ? error.problem.code : String(error)}`);
    }
  };
  await Promise.all(Array.from({ length: count }, (_, i) => send(i)));
  const rows = await ended(installation, [...sent.keys()]);
  for (const { state, finished_ms } of rows) if (state !== 'running' || finished_ms === null) fail(`ended ${state}`);
  const times = rows.flatMap(({ id, state, finished_ms }) =>
    state === 'running' && finished_ms !== null ? [finished_ms - sent.get(id)!] : [],
  );
  const failures = [...errors.values()].reduce((sum, n) => sum + n, 0);
  return {
    running: times.length,
    failures,
    errors: Object.fromEntries(errors),
    ms: spread(times),
    answerMs: spread(answers),
  };
}

async function ended({ db }: Installation, ids: readonly string[]): Promise<Ended[]> {
  const untilMs = performance.now() + GIVE_UP_MS;
  for (;;) {
    // The moment at which the transaction that began the bill was under way, on the database's clock: this machine's.
    const rows = await singleSql(db)<Ended>`
      SELECT w.id, w.state, (extract(epoch FROM o.finished_at) * 1000)::float8 AS finished_ms
      FROM workload w JOIN operation o ON o.org_id = w.org_id AND o.workload_id = w.id WHERE w.id = ANY (${[...ids]}::text[])`;
    const waiting = rows.filter((row) => row.state !== 'running' && row.state !== 'failed').length;
    if (waiting === 0 || performance.now() > untilMs) return rows;
    await sleep(LOOK_MS);
  }
}

/** Ends what runs, so that the next part finds the fleet empty. */
async function terminateAll({ db }: Installation, tenants: readonly Tenant[]): Promise<void> {
  for (const { client } of tenants) {
    const { items } = await client.call('listInstances', { query: { limit: 100 } });
    await Promise.all(
      items
        .filter(({ state }) => state === 'running')
        .map(({ id }) => client.call('terminateInstance', { params: { instance_id: id } })),
    );
  }
  const untilMs = performance.now() + GIVE_UP_MS;
  for (;;) {
    const rows = await singleSql(db)`SELECT 1 AS one FROM operation WHERE status IN ('pending', 'running') LIMIT 1`;
    if (rows.length === 0) return;
    if (performance.now() > untilMs) throw new Error('instances do not end');
    await sleep(LOOK_MS);
  }
}

/** `instances` instances at once, then `clusters` clusters of `nodes` nodes at once, through the public API. */
export async function measureLaunches(
  installation: Installation,
  options: { instances: number; clusters: number; nodes: number },
) {
  const api = await installation.serve();
  const tenants: Tenant[] = [];
  for (let i = 0; i < ORGANIZATIONS; i += 1) tenants.push(await newTenant(installation.db, api, i));
  const where = { region_id: REGION, accelerator_id: MODEL };
  const instance: Create = ({ client, projectId }, name) =>
    client.call('createInstance', { query: {}, body: { project_id: projectId, name, gpus: 1, ...where } });
  const cluster: Create = ({ client, projectId }, name) =>
    client.call('createCluster', {
      query: {},
      body: { project_id: projectId, name, node_count: options.nodes, gpus_per_node: 8, ...where },
    });
  // Programs are compiled and connections made by the first requests.
  await burst(installation, tenants, tenants.length, instance);
  await terminateAll(installation, tenants);
  const instances = await burst(installation, tenants, options.instances, instance);
  await terminateAll(installation, tenants);
  const clusters = await burst(installation, tenants, options.clusters, cluster);
  return { instances, clusters };
}
