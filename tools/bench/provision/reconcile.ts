import { singleSql, withSql } from '@suanxiang/db/tenant';
import { mintId } from '@suanxiang/domain/ids';
import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import { skuOf } from '@suanxiang/metering/prices/default-price-book';
import { systemClock } from '@suanxiang/platform/clock';
import { createLogger } from '@suanxiang/platform/logger';
import { discoverZone } from '@suanxiang/provisioner/discover';
import { openProvisioner, zonesOfSimulatedFleet } from '@suanxiang/provisioner/open-provisioner';
import { reconcileZone } from '@suanxiang/provisioner/reconcile';
import { type Installation, MODEL, REGION } from './installation';

const PARALLEL = 64;
const PASSES = 5;

interface Lease {
  id: string;
  workload: string;
  operation: string;
  zone: string;
  node: string;
  device: string;
}

/** One lease a device, as many as wanted, over all zones by turns. */
async function leasesOf(installation: Installation, count: number): Promise<Lease[]> {
  const devices = await singleSql(installation.db)<{ id: string; node_id: string; zone_id: string }>`
    SELECT id, node_id, zone_id FROM device ORDER BY index, node_id, zone_id LIMIT ${count}`;
  const nowMs = systemClock.nowMs();
  return devices.map((device) => ({
    id: mintId('allocation', nowMs),
    workload: mintId('workloadInstance', nowMs),
    operation: mintId('operation', nowMs),
    zone: device.zone_id,
    node: device.node_id,
    device: device.id,
  }));
}

/** The rows that launches would have left. */
async function writeRows({ db }: Installation, leases: readonly Lease[]): Promise<void> {
  const orgId = mintId('organization', 0);
  const projectId = mintId('project', 0);
  const sku = skuOf(MODEL, REGION);
  const rows = { leases };
  await withSql(db, async (sql) => {
    await sql`
      INSERT INTO organization (id, slug, name, mode, currency, country, time_zone, legal_name)
      VALUES (${orgId}, 'reconcile', 'Bench', 'live', 'USD', 'SG', 'UTC', 'Bench')`;
    await sql`INSERT INTO project (id, org_id, slug, name) VALUES (${projectId}, ${orgId}, 'p', 'p')`;
    await sql`
      INSERT INTO workload (id, org_id, project_id, kind, name, region_id, model_id, sku, node_count, gpus_per_node, image,
        state, desired, price_micro_per_gpu_hour, price_currency, created_by)
      SELECT l.workload, ${orgId}, ${projectId}, 'instance', l.workload, ${REGION}, ${MODEL}, ${sku}, 1, 1, 'x', 'running',
        'running', 0, 'USD', 'user:bench' FROM jsonb_to_recordset((${rows}::jsonb)->'leases') AS l(workload text)`;
    await sql`
      INSERT INTO operation (id, org_id, workload_id, kind, status, step, deadline_at, requested_by)
      SELECT l.operation, ${orgId}, l.workload, 'launch', 'succeeded', 'start_meter', now(), 'user:bench'
      FROM jsonb_to_recordset((${rows}::jsonb)->'leases') AS l(operation text, workload text)`;
    await sql`
      INSERT INTO allocation (id, org_id, workload_id, project_id, operation_id, rank, zone_id, node_id, sku, currency, gpus,
        state, start_s)
      SELECT l.id, ${orgId}, l.workload, ${projectId}, l.operation, 0, l.zone, l.node, ${sku}, 'USD', 1, 'running',
        floor(extract(epoch FROM now()))::bigint
      FROM jsonb_to_recordset((${rows}::jsonb)->'leases')
        AS l(id text, workload text, operation text, zone text, node text)`;
    await sql`
      INSERT INTO allocation_device (allocation_id, device_id, org_id, position, span)
      SELECT l.id, l.device, ${orgId}, 0, tstzrange(now(), NULL)
      FROM jsonb_to_recordset((${rows}::jsonb)->'leases') AS l(id text, device text)`;
    await sql`
      UPDATE device SET held_by = l.id FROM jsonb_to_recordset((${rows}::jsonb)->'leases') AS l(id text, device text)
      WHERE device.id = l.device`;
  });
}

/** Passes of the reconciler over all zones with `instances` running instances, in milliseconds. */
export async function measureReconcile(installation: Installation, instances: number) {
  const zones = await zonesOfSimulatedFleet(installation.fleet);
  const ctx = openProvisioner({
    databaseUrl: installation.workerUrl,
    poolSize: 8,
    zones,
    clock: systemClock,
    logger: createLogger({ name: 'bench', level: 'warn' }),
    workerId: 'bench',
  });
  try {
    for (const { zoneId } of zones) await discoverZone(ctx, zoneId);
    const leases = await leasesOf(installation, instances);
    const start = async ({ id, zone, node, device }: Lease) => {
      const driver = ctx.fleet.driverOf(zone);
      const call = { operationKey: `bench:${id}`, epoch: 1 };
      const what = { name: 'bench', image: 'x', sshPublicKeys: [], startupScript: null, environment: {} };
      await driver.prepare(call, { ...what, allocationId: id, nodeId: node, deviceIds: [device], clockOffsetS: 0 });
      await driver.start(call, id);
    };
    let next = 0;
    const lane = async () => {
      for (let lease = leases[next++]; lease; lease = leases[next++]) await start(lease);
    };
    await Promise.all(Array.from({ length: PARALLEL }, lane));
    await writeRows(installation, leases);
    await singleSql(installation.db)`ANALYZE`;
    const ms: number[] = [];
    for (let pass = 0; pass < PASSES; pass += 1) {
      const from = performance.now();
      for (const { zoneId } of zones) {
        const report = await reconcileZone(ctx, zoneId, ingestBlocks);
        const { interrupted, ended, young, foreign, mendedHolders } = report;
        const touched = interrupted + ended + young + foreign + mendedHolders;
        if (touched > 0) throw new Error(`a fleet in order was mended: ${JSON.stringify(report)}`);
      }
      ms.push(Math.round(performance.now() - from));
    }
    return { instances: leases.length, zones: zones.length, ms, median: [...ms].sort((a, b) => a - b)[PASSES >> 1]! };
  } finally {
    await ctx.close();
  }
}
