import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ApiProblem, type Client, createClient } from '@suanxiang/contract/client';
import { root } from '../lib/root';

const help = `npm run bench -- launch [--ready FILE] [--rate N] [--seconds N] [--organizations N] [--gpus N]

Click to running: launches instances through the public API of a running product at a fixed rate (20 a second) for --seconds
(60) from --organizations (4) new sandbox organizations, and terminates each once it runs. The time of one instance is from
the moment its request is sent (by schedule, also when the API is behind) to the moment it became running (running_since),
both on this machine's clock. Start the product with FLEET_BOOT_SCALE=0, so that the simulated boot takes no time.
Prints JSON with milliseconds. Goal: p95 < 1500.
`;

interface Tenant {
  client: Client;
  projectId: string;
}

interface Launched {
  tenant: Tenant;
  id: string;
  name: string;
  sentMs: number;
  answeredMs: number;
  runningMs: number | null;
  failed: string | null;
}

const LIST_EVERY_MS = 400;
const GIVE_UP_MS = 30_000;

/** Wall clock with sub-millisecond steps. */
const nowMs = () => performance.timeOrigin + performance.now();

function quantile(sorted: readonly number[], q: number): number {
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN);
}

/** A new person with a new sandbox organization that has money. */
async function newTenant(baseUrl: string, number: number): Promise<Tenant> {
  const tag = `${Math.trunc(nowMs())}-${number}-${randomBytes(3).toString('hex')}`;
  const anonymous = createClient({ baseUrl });
  const session = await anonymous.call('signUp', {
    body: { email: `bench-${tag}@example.com`, password: randomBytes(12).toString('hex'), name: 'Bench' },
  });
  const signedIn = createClient({ baseUrl, token: () => session.token });
  const { organization, project } = await signedIn.call('createOrganization', {
    body: { name: `Bench ${number}`, mode: 'sandbox', currency: 'USD' },
  });
  const client = createClient({ baseUrl, token: () => session.token, organizationId: () => organization.id });
  await client.call('createTopUp', { body: { amount: '1000000' } });
  return { client, projectId: project.id };
}

/** Offers to rotate over: those with most free stock, so that no region or model runs out. */
async function offersOf(tenant: Tenant): Promise<{ region_id: string; accelerator_id: string }[]> {
  const { items } = await tenant.client.call('listOffers', {});
  const roomy = items.filter((offer) => offer.stock.free >= 64).sort((a, b) => b.stock.free - a.stock.free);
  if (roomy.length === 0) throw new Error('no offer has 64 accelerators free');
  return roomy.slice(0, 6).map((offer) => ({ region_id: offer.region_id, accelerator_id: offer.accelerator.id }));
}

const said = (error: unknown) => (error instanceof ApiProblem ? error.problem.code : String(error));

class Bench {
  readonly launched: Launched[] = [];
  readonly errors = new Map<string, number>();
  readonly ending: Promise<void>[] = [];
  #stopped = false;

  fail(what: string): void {
    this.errors.set(what, (this.errors.get(what) ?? 0) + 1);
  }

  async launch(
    tenant: Tenant,
    where: { region_id: string; accelerator_id: string },
    gpus: 1 | 2 | 4 | 8,
    sentMs: number,
  ) {
    const name = `bench-${randomBytes(6).toString('hex')}`;
    try {
      const body = { project_id: tenant.projectId, name, gpus, ...where };
      const { id } = await tenant.client.call('createInstance', { query: {}, body });
      this.launched.push({ tenant, id, name, sentMs, answeredMs: nowMs(), runningMs: null, failed: null });
    } catch (error) {
      this.fail(`create: ${said(error)}`);
    }
  }

  /** Looks at the live instances of a tenant until the benchmark is over; terminates what runs. */
  async watch(tenant: Tenant): Promise<void> {
    while (!this.#stopped) {
      const waiting = new Map(
        this.launched
          .filter((one) => one.tenant === tenant && !one.runningMs && !one.failed)
          .map((one) => [one.id, one]),
      );
      if (waiting.size > 0) await this.#look(tenant, waiting).catch((error) => this.fail(`list: ${said(error)}`));
      await sleep(LIST_EVERY_MS);
    }
  }

  async #look(tenant: Tenant, waiting: Map<string, Launched>): Promise<void> {
    let cursor: string | null = null;
    do {
      const query: { limit: number; cursor?: string } = { limit: 100, ...(cursor ? { cursor } : {}) };
      const page = await tenant.client.call('listInstances', { query });
      for (const instance of page.items) {
        const one = waiting.get(instance.id);
        if (!one) continue;
        waiting.delete(instance.id);
        if (instance.state === 'running') {
          one.runningMs = Date.parse(instance.running_since ?? '');
          this.ending.push(this.#terminate(one));
        } else if (instance.state === 'failed') {
          one.failed = instance.status_reason?.code ?? 'failed';
          this.fail(`launch: ${one.failed}`);
        }
      }
      cursor = page.next_cursor;
    } while (cursor && waiting.size > 0);
  }

  async #terminate(one: Launched): Promise<void> {
    try {
      await one.tenant.client.call('terminateInstance', { params: { instance_id: one.id } });
    } catch (error) {
      this.fail(`terminate: ${said(error)}`);
    }
  }

  pending(): number {
    return this.launched.filter((one) => !one.runningMs && !one.failed).length;
  }

  /** Waits for the last ones, terminates what never ran, and ends. */
  async finish(): Promise<void> {
    const untilMs = nowMs() + GIVE_UP_MS;
    while (this.pending() > 0 && nowMs() < untilMs) await sleep(100);
    this.#stopped = true;
    for (const one of this.launched.filter((each) => !each.runningMs && !each.failed)) {
      this.fail('never ran');
      this.ending.push(this.#terminate(one));
    }
    await Promise.all(this.ending);
  }
}

async function run(options: {
  api: string;
  rate: number;
  seconds: number;
  organizations: number;
  gpus: 1 | 2 | 4 | 8;
}) {
  const tenants: Tenant[] = [];
  for (let i = 0; i < options.organizations; i += 1) tenants.push(await newTenant(options.api, i));
  const offers = await offersOf(tenants[0]!);
  const bench = new Bench();
  const watching = tenants.map((tenant) => bench.watch(tenant));
  const sending: Promise<void>[] = [];
  const startMs = nowMs();
  const total = options.rate * options.seconds;
  for (let i = 0; i < total; i += 1) {
    const dueMs = startMs + (i * 1_000) / options.rate;
    const early = dueMs - nowMs();
    if (early > 0) await sleep(early);
    sending.push(bench.launch(tenants[i % tenants.length]!, offers[i % offers.length]!, options.gpus, dueMs));
  }
  await Promise.all(sending);
  await bench.finish();
  await Promise.all(watching);
  const clicks = bench.launched
    .flatMap((one) => (one.runningMs ? [one.runningMs - one.sentMs] : []))
    .sort((a, b) => a - b);
  const answers = bench.launched.map((one) => one.answeredMs - one.sentMs).sort((a, b) => a - b);
  return {
    p50: quantile(clicks, 0.5),
    p95: quantile(clicks, 0.95),
    p99: quantile(clicks, 0.99),
    max: quantile(clicks, 1),
    count: clicks.length,
    errors: Object.fromEntries(bench.errors),
    api_answer: { p50: quantile(answers, 0.5), p95: quantile(answers, 0.95), p99: quantile(answers, 0.99) },
    rate: options.rate,
    seconds: options.seconds,
    organizations: options.organizations,
    machine: {
      cpus: cpus().length,
      model: cpus()[0]?.model ?? 'unknown',
      memory_gib: Math.round(totalmem() / 2 ** 30),
      node: process.version,
    },
  };
}

function whole(text: string, name: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`--${name} must be a whole number from 1 on, not "${text}"`);
  return value;
}

const { values } = parseArgs({
  options: {
    ready: { type: 'string', default: path.join(root, '.data/ready.json') },
    rate: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '60' },
    organizations: { type: 'string', default: '4' },
    gpus: { type: 'string', default: '1' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) process.stdout.write(help);
else {
  const { api } = JSON.parse(readFileSync(values.ready, 'utf8')) as { api: string };
  const gpus = whole(values.gpus, 'gpus');
  if (gpus !== 1 && gpus !== 2 && gpus !== 4 && gpus !== 8) throw new Error('--gpus must be 1, 2, 4 or 8');
  const result = await run({
    api,
    gpus,
    rate: whole(values.rate, 'rate'),
    seconds: whole(values.seconds, 'seconds'),
    organizations: whole(values.organizations, 'organizations'),
  });
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
