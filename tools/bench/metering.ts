import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Db, openDb } from '@suanxiang/db/client';
import { ensureDatabase, startEmbeddedPostgres } from '@suanxiang/db/embedded';
import { migrate } from '@suanxiang/db/migrate';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import { mintId } from '@suanxiang/domain/ids';
import { encodeBlock } from '@suanxiang/domain/usage-block';
import { blockDigest } from '@suanxiang/domain/usage-digest';
import type { DeliveredBlock } from '@suanxiang/metering/ingest/check-block';
import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import { openInvoice } from '@suanxiang/metering/invoices/draft';
import { finalizeDuePeriods } from '@suanxiang/metering/invoices/finalize';
import { accountBalance } from '@suanxiang/metering/ledger/balance';
import { postJournal } from '@suanxiang/metering/ledger/post-journal';
import { skuOf } from '@suanxiang/metering/prices/default-price-book';
import { seedCatalogue } from '@suanxiang/metering/prices/seed-catalogue';
import { roleUrl } from '@suanxiang/platform/config';
import { createSecrets } from '@suanxiang/platform/secrets';
import { freePort } from '@suanxiang/testing/free-port';
import { measureAccount } from './metering/account-hundred';
import { type Installation, measureAgentIngest } from './metering/agent-ingest';
import { measureJournals } from './metering/journals';
import { measureMonthEnd } from './metering/month-end';

const help = `npm run bench -- metering [--only PART] [--blocks N] [--leases N] [--batch N] [--organizations N]

Metering on a PostgreSQL of its own (durable settings, removed afterwards): usage blocks sent as signed batches to the API's agent plane,
beside a bare binary COPY of the same rows into the same table; journals booked in batches; usage blocks taken in through ingestBlocks with all
checks (--blocks 60000 in deliveries of --batch 2000, two at a time), a month of --leases (1000) closed into one invoice, its
draft and the balance read, journals booked one transaction each. Prints JSON.

Parts (all of them without --only): intake (the above); month-end: --organizations (10000) with two leases each over 30 days of hours
become invoices; account-100: one account with 100 accelerators for a month, from blocks and from hours. Each has a database of its own.
`;

const ZONE = 'bench-a';
const MONTH_S = Date.UTC(2026, 8, 1) / 1000;
const MONTH_END_S = Date.UTC(2026, 9, 1) / 1000;

interface Bench {
  db: Db;
  orgId: string;
  allocationIds: string[];
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

/** An organisation with leases of ten hours each, spread over the month. */
async function arrange(db: Db, leases: number): Promise<Bench> {
  const orgId = mintId('organization', 0);
  const [projectId, workloadId, operationId] = [
    mintId('project', 0),
    mintId('workloadInstance', 0),
    mintId('operation', 0),
  ];
  const sku = skuOf('nvidia-h100-80g', 'ap-southeast');
  const allocationIds = Array.from({ length: leases }, (_, i) => mintId('allocation', i));
  await withSql(db, async (sql) => {
    await sql`
      INSERT INTO organization (id, slug, name, mode, currency, country, time_zone, legal_name, created_at)
      VALUES (${orgId}, 'bench', 'Bench', 'live', 'USD', 'SG', 'UTC', 'Bench', to_timestamp(${MONTH_S}::bigint))`;
    await sql`INSERT INTO project (id, org_id, slug, name) VALUES (${projectId}, ${orgId}, 'p', 'p')`;
    await sql`
      INSERT INTO workload (id, org_id, project_id, kind, name, region_id, model_id, sku, node_count, gpus_per_node, image,
        state, desired, price_micro_per_gpu_hour, price_currency, created_by)
      VALUES (${workloadId}, ${orgId}, ${projectId}, 'instance', 'bench', 'ap-southeast', 'nvidia-h100-80g', ${sku}, 1, 8, 'x',
        'terminated', 'terminated', 0, 'USD', 'user:bench')`;
    await sql`
      INSERT INTO operation (id, org_id, workload_id, kind, status, step, deadline_at, requested_by)
      VALUES (${operationId}, ${orgId}, ${workloadId}, 'launch', 'succeeded', 'start_meter', now(), 'user:bench')`;
    await sql`
      INSERT INTO allocation (id, org_id, workload_id, project_id, operation_id, rank, zone_id, node_id, sku, currency, gpus,
        state, start_s, end_s)
      SELECT id, ${orgId}, ${workloadId}, ${projectId}, ${operationId}, 0, ${ZONE}, 'n', ${sku}, 'USD', 8, 'ended',
        ${MONTH_S}::bigint + n * 2400 + 17, ${MONTH_S}::bigint + n * 2400 + 36017
      FROM unnest(${allocationIds}::text[]) WITH ORDINALITY AS a(id, n)`;
  });
  return { db, orgId, allocationIds };
}

function blocksOf({ allocationIds }: Bench, count: number): DeliveredBlock[] {
  const perLease = Math.ceil(count / allocationIds.length);
  return Array.from({ length: count }, (_, i): DeliveredBlock => {
    const lease = Math.floor(i / perLease);
    const allocationId = allocationIds[lease]!;
    const startS = MONTH_S + (lease + 1) * 2400;
    const winStartS = startS - (startS % 60) + (i % perLease) * 60;
    const bytes = encodeBlock(Array.from({ length: 60 }, (_v, second) => ((i * 31 + second * 7) % 10_001) * 100));
    const key = { allocationId, winStartS, rev: 0 };
    return { ...key, seq: i + 1, bytes, digest: blockDigest(key, bytes), agentId: 'bench' };
  });
}

/** Deliveries of `batch` blocks, two under way at a time, each in a transaction of its own. */
async function ingestAll(db: Db, blocks: readonly DeliveredBlock[], batch: number): Promise<number> {
  let next = 0;
  const deliver = async () => {
    while (next < blocks.length) {
      const records = blocks.slice(next, next + batch);
      next += batch;
      const result = await withSql(db, (sql) => ingestBlocks(sql, ZONE, records, (MONTH_END_S - 60) * 1000));
      if (result.stored !== records.length) throw new Error(`only ${result.stored} of ${records.length} were stored`);
    }
  };
  return timed(() => Promise.all([deliver(), deliver()]));
}

async function journalsPerSecond({ db, orgId }: Bench): Promise<number> {
  const count = 1_000;
  let next = 0;
  const entries = [
    { account: 'cash' as const, currency: 'USD', micro: 1n },
    { account: 'wallet' as const, currency: 'USD', micro: -1n },
  ];
  const book = async () => {
    while (next < count) {
      const idemKey = `bench:${next++}`;
      const journal = { orgId, idemKey, kind: 'top_up' as const, memo: '', bookedS: MONTH_S, entries };
      await withSql(db, (sql) => postJournal(sql, journal, MONTH_S * 1000));
    }
  };
  return (count / (await timed(() => Promise.all([book(), book(), book(), book()])))) * 1000;
}

type Place = Pick<Installation, 'folder' | 'databaseUrl' | 'secrets'>;

async function measure(
  db: Db,
  options: { blocks: number; leases: number; batch: number },
  place: Place,
): Promise<object> {
  const bench = await arrange(db, options.leases);
  const agentIngest = await measureAgentIngest({ ...place, ...bench, zoneId: ZONE }, { ...options, rounds: 3 });
  const blocks = blocksOf(bench, options.blocks);
  const ingestMs = await ingestAll(db, blocks, options.batch);
  const { orgId } = bench;
  await singleSql(db)`ANALYZE`;
  const closeMs = await timed(async () => {
    const { finalized, failed } = await finalizeDuePeriods(db, (MONTH_END_S + 86_400) * 1000, { orgId });
    if (failed.length > 0 || !finalized[0]?.invoice) throw new Error('the month did not close');
  });
  const balanceMs = await timed(() => withSql(db, (sql) => accountBalance(sql, orgId)));
  const draftMs = await timed(() => withSql(db, (sql) => openInvoice(sql, orgId, 'draft')));
  return {
    agent_ingest: agentIngest,
    journals: await measureJournals(db, orgId, { journals: 20_000, batch: 1_000 }),
    ingest: {
      blocks: options.blocks,
      batch: options.batch,
      blocks_per_s: Math.round((options.blocks / ingestMs) * 1000),
      samples_per_s: Math.round((options.blocks * 60_000) / ingestMs),
    },
    close_month: { leases: options.leases, blocks: options.blocks, ms: Math.round(closeMs) },
    after_close: { balance_ms: Math.round(balanceMs), empty_draft_ms: Math.round(draftMs) },
    single_journals_per_s: Math.round(await journalsPerSecond(bench)),
  };
}

interface Cluster {
  folder: string;
  adminUrl: string;
  secrets: ReturnType<typeof createSecrets>;
}

/** A fresh migrated database with the catalogue, for one part. */
async function inDatabase<T>(
  cluster: Cluster,
  name: string,
  work: (db: Db, databaseUrl: string) => Promise<T>,
): Promise<T> {
  const rolePasswords = cluster.secrets.dbPasswords;
  const databaseUrl = await ensureDatabase(cluster.adminUrl, name);
  await migrate({ databaseUrl, rolePasswords });
  const url = roleUrl(databaseUrl, 'app_worker', rolePasswords.app_worker);
  const db = openDb({ url, applicationName: 'bench', poolSize: 6 });
  try {
    await withSql(db, seedCatalogue);
    return await work(db, databaseUrl);
  } finally {
    await db.close();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h' },
      only: { type: 'string' },
      blocks: { type: 'string', default: '60000' },
      leases: { type: 'string', default: '1000' },
      batch: { type: 'string', default: '2000' },
      organizations: { type: 'string', default: '10000' },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'suanxiang-bench-'));
  const postgres = await startEmbeddedPostgres({
    dataDir: path.join(folder, 'data'),
    port: await freePort(),
    password: 'bench',
    logFile: path.join(folder, 'postgres.log'),
    profile: 'durable',
  });
  const secrets = createSecrets();
  const cluster = { folder, adminUrl: postgres.adminUrl, secrets };
  const size = { blocks: Number(values.blocks), leases: Number(values.leases), batch: Number(values.batch) };
  const parts: Record<string, () => Promise<object>> = {
    intake: () =>
      inDatabase(cluster, 'bench', (db, databaseUrl) => measure(db, size, { folder, databaseUrl, secrets })),
    'month-end': async () => {
      const organizations = Number(values.organizations);
      return {
        month_end: await inDatabase(cluster, 'month_end', (db, url) => measureMonthEnd(db, url, organizations)),
      };
    },
    'account-100': async () => ({
      account_100_in_nodes_of_8: await inDatabase(cluster, 'account_8', (db, url) => measureAccount(db, url, 8)),
      account_100_leased_singly: await inDatabase(cluster, 'account_1', (db, url) => measureAccount(db, url, 1)),
    }),
  };
  try {
    const wanted = values.only ? [values.only] : Object.keys(parts);
    let found: object = {};
    for (const name of wanted) {
      const part = parts[name];
      if (!part) throw new Error(`no part ${name}: there are ${Object.keys(parts).join(', ')}`);
      found = { ...found, ...(await part()) };
    }
    const machine = { cpus: cpus().length, load: loadavg().map((load) => Math.round(load * 10) / 10) };
    process.stdout.write(`${JSON.stringify({ ...found, machine }, null, 2)}\n`);
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
