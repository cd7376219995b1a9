import { type Db, openDb } from '@suanxiang/db/client';
import type { Sql } from '@suanxiang/db/sql';
import { withOrgSql, withSql } from '@suanxiang/db/tenant';
import { mintId } from '@suanxiang/domain/ids';
import { encodeBlock, type SecondPpm } from '@suanxiang/domain/usage-block';
import { blockDigest } from '@suanxiang/domain/usage-digest';
import type { DeliveredBlock } from '@suanxiang/metering/ingest/check-block';
import { skuOf } from '@suanxiang/metering/prices/default-price-book';
import { seedCatalogue } from '@suanxiang/metering/prices/seed-catalogue';
import { cloneDatabase, type TestDatabase } from '@suanxiang/testing/database';

/** A migrated database with the catalogue, and handles of the two roles that bill. */
export interface BillingDb {
  database: TestDatabase;
  worker: Db;
  api: Db;
  close(): Promise<void>;
}

export async function openBillingDb(): Promise<BillingDb> {
  const database = await cloneDatabase();
  const open = (role: 'app_worker' | 'app_api') =>
    openDb({ url: database.urlFor(role), applicationName: 'metering-test', poolSize: 12 });
  const worker = open('app_worker');
  const api = open('app_api');
  await withSql(worker, seedCatalogue);
  return {
    database,
    worker,
    api,
    async close() {
      await worker.close();
      await api.close();
      await database.drop();
    },
  };
}

export interface TestOrg {
  orgId: string;
  projectId: string;
  currency: string;
  mode: 'live' | 'sandbox';
}

export const seconds = (iso: string) => Date.parse(iso) / 1000;
export const ZONE = 'cn-north-a';
export const H100 = skuOf('nvidia-h100-80g', 'ap-southeast');

export async function createOrg(
  worker: Db,
  options: {
    mode?: 'live' | 'sandbox';
    currency?: string;
    timeZone?: string;
    createdAt?: string;
    offsetS?: number;
  } = {},
): Promise<TestOrg> {
  const {
    mode = 'live',
    currency = 'USD',
    timeZone = 'UTC',
    createdAt = '2026-09-02T00:00:00Z',
    offsetS = 0,
  } = options;
  const orgId = mintId('organization', Date.now());
  const projectId = mintId('project', Date.now());
  await withSql(worker, async (sql) => {
    await sql`
      INSERT INTO organization (id, slug, name, mode, currency, country, time_zone, legal_name, created_at,
        clock_offset_s, clock_applied_s)
      VALUES (${orgId}, ${orgId}, 'Test', ${mode}, ${currency}, 'SG', ${timeZone}, 'Test Pte. Ltd.',
        ${createdAt}::timestamptz, ${offsetS}::bigint, ${offsetS}::bigint)`;
    await sql`INSERT INTO project (id, org_id, slug, name) VALUES (${projectId}, ${orgId}, 'default', 'default')`;
  });
  return { orgId, projectId, currency, mode };
}

export interface LeaseOptions {
  startS: number;
  /** null: running. */
  endS: number | null;
  gpus?: number;
  sku?: string;
  mode?: 'allocated' | 'utilization';
  floorPpm?: number;
  gapPolicy?: 'zero' | 'hold' | 'floor';
  name?: string;
  undelivered?: { fromS: number; toS: number; reason: string }[];
}

/** Inserts a workload with one lease, as the provisioner would have left it. Returns their ids. */
export async function createLease(
  sql: Sql,
  org: TestOrg,
  options: LeaseOptions,
): Promise<{ allocationId: string; workloadId: string }> {
  const { startS, endS, gpus = 1, sku = H100, mode = 'allocated', floorPpm = 0, gapPolicy = 'zero' } = options;
  const workloadId = mintId('workloadInstance', startS * 1000);
  const operationId = mintId('operation', startS * 1000);
  const allocationId = mintId('allocation', startS * 1000);
  const [, modelId = '', regionId = ''] = /^gpu\.(.+)\.(.+)$/.exec(sku) ?? [];
  const name = options.name ?? `w-${workloadId.slice(-8)}`;
  const state = endS === null ? 'running' : 'terminated';
  await sql`
    INSERT INTO workload (id, org_id, project_id, kind, name, region_id, zone_id, model_id, sku, node_count, gpus_per_node,
      image, ssh_key_ids, state, desired, price_micro_per_gpu_hour, price_currency, created_by)
    VALUES (${workloadId}, ${org.orgId}, ${org.projectId}, 'instance', ${name}, ${regionId}, ${ZONE}, ${modelId}, ${sku}, 1,
      ${Math.min(gpus, 16)}::int, 'ubuntu', ${[]}::text[], ${state}, 'running', 0, ${org.currency}, 'user:test')`;
  await sql`
    INSERT INTO operation (id, org_id, workload_id, kind, status, step, deadline_at, requested_by)
    VALUES (${operationId}, ${org.orgId}, ${workloadId}, 'launch', 'succeeded', 'start_meter', now(), 'user:test')`;
  await sql`
    INSERT INTO allocation (id, org_id, workload_id, project_id, operation_id, rank, zone_id, node_id, sku, currency, gpus,
      mode, floor_ppm, gap_policy, state, start_s, end_s)
    VALUES (${allocationId}, ${org.orgId}, ${workloadId}, ${org.projectId}, ${operationId}, 0, ${ZONE}, 'node-1', ${sku},
      ${org.currency}, ${gpus}::int, ${mode}, ${floorPpm}::int, ${gapPolicy}, ${endS === null ? 'running' : 'ended'},
      ${startS}::bigint, ${endS}::bigint)`;
  for (const gap of options.undelivered ?? []) await addUndelivered(sql, org, allocationId, gap);
  return { allocationId, workloadId };
}

export async function addUndelivered(
  sql: Sql,
  org: TestOrg,
  allocationId: string,
  gap: { fromS: number; toS: number; reason: string },
): Promise<void> {
  await sql`
    INSERT INTO undelivered (id, org_id, allocation_id, from_s, to_s, reason)
    VALUES (${mintId('undelivered', gap.fromS * 1000)}, ${org.orgId}, ${allocationId}, ${gap.fromS}::bigint,
      ${gap.toS}::bigint, ${gap.reason})`;
}

export function lease(worker: Db, org: TestOrg, options: LeaseOptions) {
  return withSql(worker, (sql) => createLease(sql, org, options));
}

/** A block with its right digest; `ppm` is one value for all seconds, or the values. */
export function block(
  allocationId: string,
  winStartS: number,
  ppm: number | readonly SecondPpm[],
  options: { rev?: number; seq?: number; agentId?: string } = {},
): DeliveredBlock {
  const { rev = 0, seq = 1, agentId = 'agent-1' } = options;
  const bytes = encodeBlock(typeof ppm === 'number' ? new Array<number>(60).fill(ppm) : ppm);
  return {
    seq,
    allocationId,
    winStartS,
    rev,
    bytes,
    digest: blockDigest({ allocationId, winStartS, rev }, bytes),
    agentId,
  };
}

/** One block for each minute that the span touches. */
export function minutes(
  allocationId: string,
  fromS: number,
  toS: number,
  ppm: (atS: number) => number,
): DeliveredBlock[] {
  const blocks: DeliveredBlock[] = [];
  for (let atS = fromS - (fromS % 60); atS < toS; atS += 60) blocks.push(block(allocationId, atS, ppm(atS)));
  return blocks;
}

/** Runs statements as the API does: inside one organisation. */
export function asApi<T>({ api }: BillingDb, org: TestOrg, fn: (sql: Sql) => Promise<T>): Promise<T> {
  return withOrgSql(api, org.orgId, fn);
}
