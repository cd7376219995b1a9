import type { Db } from '@suanxiang/db/client';
import { withSql } from '@suanxiang/db/tenant';
import { mintId } from '@suanxiang/domain/ids';
import { skuOf } from '@suanxiang/metering/prices/default-price-book';
import { keyMac, newKey, PEPPER_VERSION } from '@suanxiang/services/api-key/format';

/** An organisation with keys and a page of instances. */
export interface BenchOrg {
  orgId: string;
  keys: { key: string; lookup: string }[];
  instanceIds: string[];
}

const MODEL = 'nvidia-h100-80g';

/** Makes an organisation with `keys` keys and `instances` stopped instances, each with its launch. */
export function arrangeOrg(db: Db, pepper: string, number: number, keys: number, instances: number): Promise<BenchOrg> {
  const orgId = mintId('organization', number);
  const projectId = mintId('project', number);
  const made = Array.from({ length: keys }, () => newKey('live'));
  const instanceIds = Array.from({ length: instances }, (_, index) =>
    mintId('workloadInstance', number * 1000 + index),
  );
  const operationIds = instanceIds.map((_, index) => mintId('operation', number * 1000 + index));
  return withSql(db, async (sql) => {
    await sql`
      INSERT INTO organization (id, slug, name, mode, currency, country, time_zone, legal_name)
      VALUES (${orgId}, ${`bench-${number}`}, 'Bench', 'live', 'USD', 'SG', 'UTC', 'Bench')`;
    await sql`INSERT INTO project (id, org_id, slug, name) VALUES (${projectId}, ${orgId}, 'p', 'p')`;
    for (const { key, lookup, last4 } of made) {
      await sql`
        INSERT INTO api_key (id, org_id, name, lookup, last4, mac, pepper_v, env, scopes, created_by)
        VALUES (${mintId('apiKey', number)}, ${orgId}, 'bench', ${lookup}, ${last4}, ${keyMac(pepper, key)},
          ${PEPPER_VERSION}, 'live', ${['all:read']}::text[], 'user:bench')`;
    }
    await sql`
      INSERT INTO workload (id, org_id, project_id, kind, name, region_id, model_id, sku, node_count, gpus_per_node, image,
        state, desired, price_micro_per_gpu_hour, price_currency, created_by)
      SELECT id, ${orgId}, ${projectId}, 'instance', 'bench-' || row_number() OVER (), 'ap-southeast', ${MODEL},
        ${skuOf(MODEL, 'ap-southeast')}, 1, 8, 'suanxiang/pytorch:2.9', 'stopped', 'stopped', 2490000, 'USD', 'user:bench'
      FROM unnest(${instanceIds}::text[]) id`;
    await sql`
      INSERT INTO operation (id, org_id, workload_id, kind, status, step, deadline_at, requested_by)
      SELECT o.id, ${orgId}, o.workload_id, 'launch', 'succeeded', 'start_meter', now(), 'user:bench'
      FROM unnest(${operationIds}::text[], ${instanceIds}::text[]) o(id, workload_id)`;
    await sql`
      INSERT INTO operation_step (operation_id, org_id, name, position, status)
      SELECT o.id, ${orgId}, s.name, s.position, 'done' FROM unnest(${operationIds}::text[]) o(id),
        unnest(ARRAY['place', 'prepare', 'boot', 'verify', 'start_meter']) WITH ORDINALITY s(name, position)`;
    return { orgId, keys: made, instanceIds };
  });
}
