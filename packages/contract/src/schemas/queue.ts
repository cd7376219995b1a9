import { idPattern } from '@suanxiang/domain/ids';
import { z } from 'zod';
import { bilingual, countedPageQuery, idOf, statusReason, timestamp } from './common';

/** Id of an instance or a cluster. */
export const resourceId = z
  .string()
  .regex(
    new RegExp(`${idPattern('workloadInstance')}|${idPattern('workloadCluster')}`),
    'must be an id like inst_... or clus_...',
  );

export const startEstimate = z
  .object({
    likely_at: timestamp,
    from_at: timestamp,
    to_at: timestamp.describe('The real start lies between these at least four times in five'),
    basis: z
      .enum(['planned', 'queue', 'beyond'])
      .describe('planned: a promise; queue: from the queue ahead; beyond: no start is in sight'),
  })
  .meta({ id: 'StartEstimate' });

export const nearestChange = z
  .object({
    change: z.enum(['size', 'topology', 'without', 'region', 'model', 'preemptible', 'limit']),
    node_count: z.number().int().optional(),
    gpus_per_node: z.number().int().optional(),
    topology: z.string().optional(),
    constraint: z.string().optional(),
    region_id: z.string().optional(),
    accelerator_id: z.string().optional(),
    limit_duration_s: z.number().int().optional(),
  })
  .meta({ id: 'NearestChange', description: 'One change of the request with which it would start now' });

const waitingFields = {
  place: z.number().int().describe('1 is the next of its region and accelerator'),
  binding: z.string().describe('What keeps it waiting, for example capacity, topology, quota, promised_to_others'),
  reason: statusReason,
  estimate: startEstimate.nullable(),
  would_start: z.array(nearestChange).describe('Nearest changes with which it would start now; each was tried'),
  waiting_since: timestamp,
  refreshed_at: timestamp,
};
/** What is said on the waiting resource itself. */
export const waiting = z.object(waitingFields).meta({ id: 'Waiting' });

export const eviction = z
  .object({
    cause: z.enum(['priority', 'reclaim', 'reservation', 'maintenance']),
    reason: statusReason,
    told_at: timestamp,
    leave_at: timestamp.describe('It is interrupted then, unless it is stopped before or may stay after all'),
  })
  .meta({ id: 'Eviction' });

export const queueEntry = z
  .object({
    resource_id: resourceId,
    kind: z.enum(['instance', 'cluster']),
    name: z.string(),
    project_id: idOf('project'),
    operation_id: idOf('operation'),
    region_id: z.string(),
    accelerator_id: z.string(),
    node_count: z.number().int(),
    gpus_per_node: z.number().int(),
    priority_class: z.string(),
    preemptible: z.boolean(),
    ...waitingFields,
  })
  .meta({ id: 'QueueEntry' });
export const queueQuery = z.strictObject({
  ...countedPageQuery,
  project_id: idOf('project').optional(),
  region_id: z.string().max(64).optional(),
});

export const priorityClass = z
  .object({
    id: z.string(),
    name: bilingual,
    rank: z.number().int().describe('All of a higher rank goes first'),
    is_default: z.boolean(),
  })
  .meta({ id: 'PriorityClass' });
export const usablePriorityClass = priorityClass
  .extend({ allowed: z.boolean().describe('This organization may use it') })
  .meta({ id: 'UsablePriorityClass' });

export const poolAmount = z.object({
  region_id: z.string().max(64),
  accelerator_id: z.string().max(64),
  accelerators: z.number().int().min(0).max(1_000_000),
});
const amounts = z
  .array(poolAmount)
  .max(200)
  .refine(
    (list) => new Set(list.map((one) => `${one.region_id} ${one.accelerator_id}`)).size === list.length,
    'each region and accelerator once',
  );
const weight = z.number().int().min(1).max(10_000);

export const share = z
  .object({
    node_id: z.union([idOf('organization'), idOf('project')], { error: 'must be an id like org_... or proj_...' }),
    name: z.string(),
    weight,
    over_quota_weight: weight.describe('Relative claim on what nobody is guaranteed'),
    guaranteed: z.array(poolAmount).describe('Capacity it gets back from borrowers whenever it asks'),
    borrowing_limits: z.array(poolAmount).describe('Most above its guarantee; a pool that is not listed is unlimited'),
    standing: z
      .array(
        z.object({
          region_id: z.string(),
          share_now: z.number().describe('Part of the priced capacity of the fleet that is held now, 0 to 1'),
          share_remembered: z.number(),
          queue_order: z.number().describe('Lower goes first'),
        }),
      )
      .describe('Where it stands in each region that it uses'),
    version: z.number().int(),
    updated_at: timestamp.nullable(),
  })
  .meta({ id: 'Share' });
export const organizationShares = z.object({
  organization: share.extend({ top_priority_class: z.string().nullable() }),
  projects: z.array(share),
});
const shareFields = {
  weight: weight.optional(),
  over_quota_weight: weight.optional(),
  guaranteed: amounts.optional().describe('Replaces all guarantees'),
  borrowing_limits: amounts.optional().describe('Replaces all limits'),
};
export const updateShareBody = z.strictObject(shareFields);
export const operatorShareBody = z.strictObject({
  ...shareFields,
  top_priority_class: z
    .string()
    .max(32)
    .nullable()
    .optional()
    .describe('The highest class that the organization may use; null: the default class'),
});
