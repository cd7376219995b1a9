import type { UseCase } from '../use-case';
import { createWorkload, rehearseWorkload } from './create-workload';

/** Launches an instance: a workload of one node. */
export const createInstance: UseCase<'createInstance'> = (ctx, principal, meta, { query, body }) => {
  const run = query.validate_only === 'true' ? rehearseWorkload : createWorkload;
  return run(ctx, principal, meta, {
    kind: 'instance',
    name: body.name,
    projectId: body.project_id ?? null,
    regionId: body.region_id,
    zoneId: body.zone_id ?? null,
    modelId: body.accelerator_id,
    nodeCount: 1,
    gpusPerNode: body.gpus,
    topology: 'any',
    image: body.image,
    sshKeyIds: body.ssh_key_ids,
    startupScript: body.startup_script ?? null,
    environment: body.environment,
    labels: body.labels,
    deletionProtection: body.deletion_protection,
    onCapacity: body.on_capacity,
    topologyRequired: true,
    priorityClass: body.priority_class ?? null,
    preemptible: body.preemptible ?? false,
    movable: body.movable ?? false,
    expectedDurationS: body.expected_duration_s ?? null,
    notBefore: body.not_before ?? null,
    maxWaitS: body.max_wait_s ?? null,
    maxDurationS: body.max_duration_s ?? null,
  });
};
