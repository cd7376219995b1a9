import { audit } from '@suanxiang/db/audit';
import { ring } from '@suanxiang/db/outbox';
import type { Sql } from '@suanxiang/db/sql';
import { transition } from '@suanxiang/db/transition';
import { mintId } from '@suanxiang/domain/ids';
import {
  OPERATION_STEPS,
  type OperationKind,
  WORKLOAD_ACTIONS,
  type WorkloadAction,
} from '@suanxiang/domain/workload-state';
import { systemClock } from '@suanxiang/platform/clock';
import { MODEL } from './in-process-fleet';

export interface Tenant {
  orgId: string;
  projectId: string;
  sshKeyId: string;
}

/** An organisation with a project and an SSH key. */
export async function makeTenant(sql: Sql, over: { mode?: 'live' | 'sandbox'; slug?: string } = {}): Promise<Tenant> {
  const nowMs = systemClock.nowMs();
  const tenant = {
    orgId: mintId('organization', nowMs),
    projectId: mintId('project', nowMs),
    sshKeyId: mintId('sshKey', nowMs),
  };
  await sql`
    INSERT INTO organization (id, slug, name, mode, currency, country, time_zone, legal_name)
    VALUES (${tenant.orgId}, ${over.slug ?? tenant.orgId}, '极光智能', ${over.mode ?? 'live'}, 'CNY', 'CN', 'Asia/Shanghai', 'x')`;
  await sql`INSERT INTO project (id, org_id, slug, name) VALUES (${tenant.projectId}, ${tenant.orgId}, 'default', 'Default')`;
  await sql`
    INSERT INTO ssh_key (id, org_id, name, public_key, fingerprint, created_by)
    VALUES (${tenant.sshKeyId}, ${tenant.orgId}, 'laptop', 'ssh-ed25519 AAAA test', 'SHA256:x', 'user:test')`;
  return tenant;
}

export interface LaunchOptions {
  name?: string;
  regionId?: string;
  /** The only zone it may be placed in. */
  zoneId?: string;
  modelId?: string;
  gpusPerNode?: number;
  nodeCount?: number;
  topology?: 'any' | 'same_spine' | 'same_leaf';
  onCapacity?: 'fail' | 'queue';
  priorityClass?: 'low' | 'normal' | 'high';
  preemptible?: boolean;
  movable?: boolean;
  expectedDurationS?: number;
  /** Starts so many seconds from now at the earliest. */
  notBeforeInS?: number;
  /** May wait so long; below 0: its time has passed. */
  maxWaitS?: number;
  maxDurationS?: number;
}

let named = 0;

/** What the use case of a launch writes, in the caller's transaction. Returns workload and operation. */
export async function requestLaunch(
  sql: Sql,
  tenant: Tenant,
  options: LaunchOptions = {},
): Promise<{ workloadId: string; operationId: string }> {
  const nowMs = systemClock.nowMs();
  const nodeCount = options.nodeCount ?? 1;
  const kind = nodeCount > 1 ? 'cluster' : 'instance';
  const workloadId = mintId(kind === 'cluster' ? 'workloadCluster' : 'workloadInstance', nowMs);
  const { regionId = 'near', modelId = MODEL, onCapacity = 'fail' } = options;
  named += 1;
  await sql`
    INSERT INTO workload (id, org_id, project_id, kind, name, region_id, wanted_zone_id, model_id, sku, node_count, gpus_per_node, image,
      ssh_key_ids, topology, on_capacity, priority_class, preemptible, movable, expected_duration_s, not_before, max_wait_s, max_duration_s, state, desired, price_micro_per_gpu_hour, price_currency, created_by)
    VALUES (${workloadId}, ${tenant.orgId}, ${tenant.projectId}, ${kind}, ${options.name ?? `w${named}`}, ${regionId},
      ${options.zoneId ?? null}, ${modelId}, ${`gpu.${modelId}.${regionId}`}, ${nodeCount}, ${options.gpusPerNode ?? 1}, 'suanxiang/pytorch:2.9',
      ${[tenant.sshKeyId]}::text[], ${options.topology ?? 'any'}, ${onCapacity}, ${options.priorityClass ?? 'normal'},
      ${options.preemptible ?? false}, ${options.movable ?? false}, ${options.expectedDurationS ?? null},
      now() + make_interval(secs => ${options.notBeforeInS ?? null}), ${options.maxWaitS ?? null}, ${options.maxDurationS ?? null}, 'queued', 'running', 1000000, 'CNY', 'user:test')`;
  const operationId = await insertOperation(sql, tenant.orgId, workloadId, 'launch');
  await sql`
    INSERT INTO state_change (id, org_id, workload_id, to_state, event, actor, operation_id)
    VALUES (${mintId('stateChange', nowMs)}, ${tenant.orgId}, ${workloadId}, 'queued', 'create', 'user:test', ${operationId})`;
  await ring(sql, 'placement', regionId);
  await audit(sql, {
    orgId: tenant.orgId,
    actor: 'user:test',
    authMethod: 'session',
    action: `${kind}.create`,
    resource: workloadId,
    result: 'success',
    nowMs,
  });
  return { workloadId, operationId };
}

async function insertOperation(sql: Sql, orgId: string, workloadId: string, kind: OperationKind): Promise<string> {
  const id = mintId('operation', systemClock.nowMs());
  const steps = OPERATION_STEPS[kind];
  await sql`
    INSERT INTO operation (id, org_id, workload_id, kind, status, step, deadline_at, requested_by)
    VALUES (${id}, ${orgId}, ${workloadId}, ${kind}, 'pending', ${steps[0] ?? ''}, now() + interval '15 minutes', 'user:test')`;
  for (const [position, name] of steps.entries()) {
    await sql`
      INSERT INTO operation_step (operation_id, org_id, name, position, status)
      VALUES (${id}, ${orgId}, ${name}, ${position}, 'pending')`;
  }
  return id;
}

/** What the use cases of stop, start and terminate write. Null when the state does not allow it. */
export async function requestAction(
  sql: Sql,
  tenant: Tenant,
  workloadId: string,
  action: WorkloadAction,
): Promise<string | null> {
  const { event, operation } = WORKLOAD_ACTIONS[action];
  const moved = await transition(sql, {
    orgId: tenant.orgId,
    workloadId,
    event,
    actor: 'user:test',
    nowMs: systemClock.nowMs(),
  });
  if (!moved) return null;
  await sql`
    UPDATE operation SET status = 'superseded', finished_at = now()
    WHERE org_id = ${tenant.orgId} AND workload_id = ${workloadId} AND status IN ('pending', 'running')`;
  const desired = { stop: 'stopped', start: 'running', terminate: 'terminated' }[action];
  await sql`UPDATE workload SET desired = ${desired} WHERE org_id = ${tenant.orgId} AND id = ${workloadId}`;
  const id = await insertOperation(sql, tenant.orgId, workloadId, operation);
  const [row] = await sql<{ region_id: string }>`SELECT region_id FROM workload WHERE id = ${workloadId}`;
  if (operation === 'start') await ring(sql, 'placement', row?.region_id ?? '');
  else await ring(sql, 'operation', id);
  return id;
}
