import type { Sql } from '@suanxiang/db/sql';
import { withOrgSql } from '@suanxiang/db/tenant';
import { type FieldError, ProblemError } from '@suanxiang/domain/errors';
import { mintId } from '@suanxiang/domain/ids';
import { mutate } from '../access/mutate';
import type { CallMeta, Principal } from '../access/principal';
import type { AppContext } from '../context';
import { lockOrganization } from '../organization/lock-organization';
import { unusable } from '../problem';
import { resolvePriorityClass } from '../queue/priority-classes';
import { type AdmissionInput, admission, admit, rehearse } from './admit';
import { openOperation } from './open-operation';
import { readWorkload, type WorkloadAnswers } from './read-workloads';
import type { WorkloadKind, WorkloadSpec } from './spec';
import { wrongTimes } from './time-limits';
import { verdictAnswer } from './verdict';

interface Facts {
  currency: string;
  now_s: string;
  project_id: string | null;
  ssh_key_ids: string[];
  region_known: boolean;
  model_sold: boolean;
  sku: string | null;
  name_taken: boolean;
  zone_known: boolean;
}

/** Everything of the organisation and the catalogue that a create refers to, in one statement. */
async function readFacts(sql: Sql, principal: Principal, spec: WorkloadSpec): Promise<Facts> {
  const { projectIds } = principal;
  const [facts] = await sql<Facts>`
    SELECT o.currency, suan_billing_now_s(o.clock_offset_s)::text AS now_s, p.id AS project_id,
      ARRAY(SELECT id FROM ssh_key WHERE org_id = o.id AND id = ANY (${spec.sshKeyIds}::text[])) AS ssh_key_ids,
      EXISTS (SELECT 1 FROM region WHERE id = ${spec.regionId}) AS region_known,
      ${spec.zoneId}::text IS NULL OR EXISTS (
        SELECT 1 FROM zone WHERE id = ${spec.zoneId} AND region_id = ${spec.regionId}) AS zone_known,
      EXISTS (SELECT 1 FROM sku WHERE model_id = ${spec.modelId}) AS model_sold,
      (SELECT id FROM sku WHERE model_id = ${spec.modelId} AND region_id = ${spec.regionId}) AS sku,
      EXISTS (SELECT 1 FROM workload w WHERE w.org_id = o.id AND w.project_id = p.id AND w.kind = ${spec.kind}
        AND w.name = ${spec.name} AND w.state NOT IN ('terminated', 'failed')) AS name_taken
    FROM organization o LEFT JOIN LATERAL (
      SELECT id FROM project WHERE org_id = o.id AND (${spec.projectId}::text IS NULL OR id = ${spec.projectId})
        AND (${projectIds}::text[] IS NULL OR id = ANY (${projectIds}::text[]))
      ORDER BY created_at, id LIMIT 1) p ON true
    WHERE o.id = ${principal.orgId}`;
  return facts!;
}

/** Throws `unprocessable` with every reference that cannot be used, or `name_taken`. */
function checkReferences(facts: Facts, spec: WorkloadSpec, nowMs: number): void {
  const errors: FieldError[] = [];
  const wrong = (field: string, detail: string, code = 'not_found') =>
    errors.push({ pointer: `/body/${field}`, code, detail });
  if (facts.project_id === null) wrong('project_id', 'There is no such project.');
  if (!facts.region_known) wrong('region_id', 'There is no such region. GET /v1/regions lists them.');
  else if (!facts.zone_known) wrong('zone_id', 'There is no such zone in this region.');
  if (!facts.model_sold)
    wrong('accelerator_id', 'There is no such accelerator. GET /v1/offers lists what can be rented.');
  else if (facts.region_known && facts.sku === null) {
    wrong('accelerator_id', `It is not offered in ${spec.regionId}. GET /v1/offers lists where it is.`, 'not_offered');
  }
  for (const [index, id] of spec.sshKeyIds.entries()) {
    if (!facts.ssh_key_ids.includes(id)) wrong(`ssh_key_ids/${index}`, 'There is no such SSH key.');
  }
  errors.push(...wrongTimes(spec, nowMs));
  if (errors.length > 0) throw unusable(errors);
  if (facts.name_taken) {
    throw new ProblemError('name_taken', `There is a live ${spec.kind} named "${spec.name}" in this project already.`, {
      suggestion: 'Choose another name, or terminate the other one first.',
      errors: [{ pointer: '/body/name', code: 'taken', detail: 'Is taken in this project.' }],
    });
  }
}

interface Admitted {
  projectId: string;
  sku: string;
  currency: string;
  nowS: number;
  microPerGpuHour: bigint;
  priorityClass: string;
}

/** What a create asks of an admission, with references resolved. Throws `unprocessable` and `name_taken`. */
async function resolveSpec(
  sql: Sql,
  principal: Principal,
  spec: WorkloadSpec,
  nowMs: number,
): Promise<AdmissionInput & { priorityClass: string }> {
  const facts = await readFacts(sql, principal, spec);
  checkReferences(facts, spec, nowMs);
  return {
    orgId: principal.orgId,
    projectId: facts.project_id!,
    currency: facts.currency,
    nowS: Number(facts.now_s),
    sku: facts.sku!,
    createdBy: principal.actor,
    demand: spec,
    newWorkloads: 1,
    priorityClass: await resolvePriorityClass(sql, principal.orgId, spec.priorityClass),
  };
}

async function insertWorkload(
  sql: Sql,
  principal: Principal,
  meta: CallMeta,
  spec: WorkloadSpec,
  admitted: Admitted,
): Promise<{ id: string; operationId: string }> {
  const { orgId, actor } = principal;
  const id = mintId(spec.kind === 'instance' ? 'workloadInstance' : 'workloadCluster', meta.nowMs);
  await sql`
    INSERT INTO workload (id, org_id, project_id, kind, name, region_id, model_id, sku, node_count, gpus_per_node, image,
      ssh_key_ids, startup_script, environment, labels, topology, on_capacity, deletion_protection, wanted_zone_id,
      topology_required, priority_class, preemptible, movable, expected_duration_s, not_before, max_wait_s, max_duration_s, state, desired,
      price_micro_per_gpu_hour, price_currency, created_by)
    VALUES (${id}, ${orgId}, ${admitted.projectId}, ${spec.kind}, ${spec.name}, ${spec.regionId}, ${spec.modelId},
      ${admitted.sku}, ${spec.nodeCount}, ${spec.gpusPerNode}, ${spec.image}, ${spec.sshKeyIds}::text[], ${spec.startupScript},
      ${spec.environment}::jsonb, ${spec.labels}::jsonb, ${spec.topology}, ${spec.onCapacity}, ${spec.deletionProtection},
      ${spec.zoneId}, ${spec.topologyRequired}, ${admitted.priorityClass}, ${spec.preemptible}, ${spec.movable}, ${spec.expectedDurationS},
      ${spec.notBefore}::timestamptz, ${spec.maxWaitS}, ${spec.maxDurationS},
      'queued', 'running', ${admitted.microPerGpuHour}::bigint, ${admitted.currency}, ${actor})`;
  const operationId = await openOperation(sql, {
    orgId,
    workloadId: id,
    regionId: spec.regionId,
    zoneId: null,
    wantedZoneId: spec.zoneId,
    kind: 'launch',
    onCapacity: spec.onCapacity,
    requestedBy: actor,
    requestId: meta.requestId,
    nowMs: meta.nowMs,
  });
  await sql`
    INSERT INTO state_change (id, org_id, workload_id, from_state, to_state, event, actor, operation_id)
    VALUES (${mintId('stateChange', meta.nowMs)}, ${orgId}, ${id}, NULL, 'queued', 'created', ${actor}, ${operationId})`;
  return { id, operationId };
}

/**
 * Creates an instance or a cluster: references, admission, and all rows in one transaction under the organisation's and
 * the stock's lock, so that neither quota nor balance nor stock can be passed by requests at the same time.
 */
export function createWorkload<K extends WorkloadKind>(
  ctx: AppContext,
  principal: Principal,
  meta: CallMeta,
  spec: WorkloadSpec & { kind: K },
): Promise<WorkloadAnswers[K]> {
  const create = () =>
    mutate<WorkloadAnswers[K]>(ctx, principal, meta, `${spec.kind}.create`, async (sql) => {
      await lockOrganization(sql, principal.orgId);
      const resolved = await resolveSpec(sql, principal, spec, meta.nowMs);
      const admitted = { ...resolved, ...(await admit(sql, resolved)) };
      const { id, operationId } = await insertWorkload(sql, principal, meta, spec, admitted);
      const answer = await readWorkload(sql, principal.orgId, spec.kind, id);
      return { answer, resource: id, detail: auditDetail(spec, operationId) };
    });
  return admission(ctx, create);
}

/**
 * What a create would answer, without creating anything: the same checks, no locks, no rows. Either way the answer holds the
 * verdict on everything that costs or is short.
 */
export function rehearseWorkload<K extends WorkloadKind>(
  ctx: AppContext,
  principal: Principal,
  meta: CallMeta,
  spec: WorkloadSpec & { kind: K },
): Promise<WorkloadAnswers[K]> {
  const transaction = () =>
    withOrgSql(ctx.api, principal.orgId, async (sql) => {
      const resolved = await resolveSpec(sql, principal, spec, meta.nowMs);
      const { microPerGpuHour, verdict, refusal } = await rehearse(sql, resolved);
      if (refusal) {
        const { code, detail, extra } = refusal;
        throw new ProblemError(code, detail, { ...extra, members: { ...extra.members, verdict } });
      }
      return { ...verdictAnswer(spec, { ...resolved, microPerGpuHour, nowMs: meta.nowMs }), verdict };
    });
  return admission(ctx, transaction);
}

function auditDetail(spec: WorkloadSpec, operationId: string) {
  return {
    name: spec.name,
    region_id: spec.regionId,
    accelerator_id: spec.modelId,
    node_count: spec.nodeCount,
    gpus_per_node: spec.gpusPerNode,
    operation_id: operationId,
  };
}
