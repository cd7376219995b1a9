import type { Sql } from '@suanxiang/db/sql';
import { refusal, transition } from '@suanxiang/db/transition';
import { ProblemError } from '@suanxiang/domain/errors';
import {
  nextWorkloadState,
  statesAllowing,
  WORKLOAD_ACTIONS,
  type WorkloadAction,
  type WorkloadState,
} from '@suanxiang/domain/workload-state';
import { requireMatch } from '../access/etag';
import { mutate } from '../access/mutate';
import type { CallMeta, Principal } from '../access/principal';
import type { AppContext } from '../context';
import { lockOrganization } from '../organization/lock-organization';
import { notFound } from '../problem';
import { admission, admit } from './admit';
import { openOperation, supersedeOperation } from './open-operation';
import { readWorkload, type WorkloadAnswers } from './read-workloads';
import type { Topology, WorkloadKind } from './spec';

interface Row {
  state: WorkloadState;
  project_id: string;
  created_by: string;
  region_id: string;
  zone_id: string | null;
  wanted_zone_id: string | null;
  model_id: string;
  sku: string;
  node_count: number;
  gpus_per_node: number;
  topology: Topology;
  topology_required: boolean;
  on_capacity: 'fail' | 'queue';
  deletion_protection: boolean;
  currency: string;
  now_s: string;
}

const DESIRED: Record<WorkloadAction, string> = { stop: 'stopped', start: 'running', terminate: 'terminated' };
/** States in which a repeated terminate has nothing left to do. */
const GONE: readonly WorkloadState[] = ['terminating', 'terminated', 'failed'];

async function lockWorkload(sql: Sql, principal: Principal, kind: WorkloadKind, id: string): Promise<Row> {
  const [row] = await sql<Row>`
    SELECT w.state, w.project_id, w.created_by, w.region_id, w.zone_id, w.wanted_zone_id, w.model_id, w.sku, w.node_count, w.gpus_per_node, w.topology, w.topology_required,
      w.on_capacity, w.deletion_protection, o.currency, suan_billing_now_s(o.clock_offset_s)::text AS now_s
    FROM workload w JOIN organization o ON o.id = w.org_id
    WHERE w.org_id = ${principal.orgId} AND w.id = ${id} AND w.kind = ${kind}
      AND (${principal.projectIds}::text[] IS NULL OR w.project_id = ANY (${principal.projectIds}::text[]))
    FOR UPDATE OF w`;
  if (!row) throw notFound();
  return row;
}

function refuse(action: WorkloadAction, kind: WorkloadKind, state: WorkloadState): never {
  const { event } = WORKLOAD_ACTIONS[action];
  throw new ProblemError('conflict', `This ${kind} cannot ${action} now. ${refusal(event, state)}`, {
    members: { state, allowed_states: statesAllowing(event) },
  });
}

function refuseProtected(kind: WorkloadKind, id: string): never {
  throw new ProblemError('conflict', `This ${kind} is protected from deletion.`, {
    suggestion: `Take the protection off first: PATCH /v1/${kind}s/${id} with {"deletion_protection": false}.`,
    members: { blockers: ['deletion_protection'] },
  });
}

/** A start takes accelerators again, so it is admitted like a create, at the price that holds now. */
async function admitStart(sql: Sql, principal: Principal, id: string, row: Row): Promise<void> {
  const { microPerGpuHour } = await admit(sql, {
    orgId: principal.orgId,
    projectId: row.project_id,
    currency: row.currency,
    nowS: Number(row.now_s),
    sku: row.sku,
    createdBy: row.created_by,
    demand: {
      regionId: row.region_id,
      modelId: row.model_id,
      nodeCount: row.node_count,
      gpusPerNode: row.gpus_per_node,
      zoneId: row.wanted_zone_id,
      topology: row.topology,
      topologyRequired: row.topology_required,
      onCapacity: row.on_capacity,
    },
    newWorkloads: 0,
  });
  await sql`
    UPDATE workload SET price_micro_per_gpu_hour = ${microPerGpuHour}::bigint, price_currency = ${row.currency}
    WHERE org_id = ${principal.orgId} AND id = ${id}`;
}

async function carryOut(
  sql: Sql,
  principal: Principal,
  meta: CallMeta,
  target: { id: string; row: Row },
  action: WorkloadAction,
): Promise<string> {
  const { id, row } = target;
  const { orgId, actor } = principal;
  const { event, operation } = WORKLOAD_ACTIONS[action];
  await supersedeOperation(sql, orgId, id);
  const operationId = await openOperation(sql, {
    orgId,
    workloadId: id,
    regionId: row.region_id,
    zoneId: action === 'start' ? null : row.zone_id,
    wantedZoneId: row.wanted_zone_id,
    kind: operation,
    onCapacity: row.on_capacity,
    requestedBy: actor,
    requestId: meta.requestId,
    nowMs: meta.nowMs,
  });
  await sql`UPDATE workload SET desired = ${DESIRED[action]} WHERE org_id = ${orgId} AND id = ${id}`;
  const moved = await transition(sql, { orgId, workloadId: id, event, actor, operationId, nowMs: meta.nowMs });
  if (!moved) throw new Error(`${event} was refused for ${id} although ${row.state} allows it`);
  return operationId;
}

/**
 * Stop, start or terminate: one transaction that ends what is under way, opens the new operation and moves the state.
 * Terminating what is already gone changes nothing and answers the same. Throws `not_found`, `conflict`, and for a
 * start what admission throws.
 */
export function actOnWorkload<K extends WorkloadKind>(
  ctx: AppContext,
  principal: Principal,
  meta: CallMeta,
  kind: K,
  id: string,
  action: WorkloadAction,
): Promise<WorkloadAnswers[K]> {
  const act = () =>
    mutate<WorkloadAnswers[K]>(ctx, principal, meta, `${kind}.${action}`, async (sql) => {
      if (action === 'start') await lockOrganization(sql, principal.orgId);
      const row = await lockWorkload(sql, principal, kind, id);
      await requireMatch(meta, () => readWorkload(sql, principal.orgId, kind, id));
      if (action === 'terminate' && GONE.includes(row.state)) {
        return {
          answer: await readWorkload(sql, principal.orgId, kind, id),
          resource: id,
          detail: { unchanged: true },
        };
      }
      if (nextWorkloadState(row.state, WORKLOAD_ACTIONS[action].event) === null) refuse(action, kind, row.state);
      if (action === 'terminate' && row.deletion_protection) refuseProtected(kind, id);
      if (action === 'start') await admitStart(sql, principal, id, row);
      const operationId = await carryOut(sql, principal, meta, { id, row }, action);
      const answer = await readWorkload(sql, principal.orgId, kind, id);
      return { answer, resource: id, detail: { from: row.state, operation_id: operationId } };
    });
  return action === 'start' ? admission(ctx, act) : act();
}
