import { z } from 'zod';
import { idOf, timestamp } from './common';
import { queueEntry, share } from './queue';

/** The operator's side of scheduling: nodes out of service, the whole queue, capacity, rules. */

export const nodeReason = z.string().trim().min(1).max(200);
export const cordonBody = z.strictObject({ reason: nodeReason });
export const drainBody = z.strictObject({
  reason: nodeReason,
  deadline_minutes: z.number().int().min(1).max(43_200),
  at_deadline: z
    .enum(['interrupt', 'wait'])
    .default('wait')
    .describe('What becomes at the deadline of work that may not be moved'),
});
export const nodeService = z
  .object({
    id: z.string(),
    name: z.string(),
    zone_id: z.string(),
    health: z.string(),
    cordoned_at: timestamp.nullable(),
    cordoned_by: z.string().nullable(),
    cordon_reason: z.string().nullable(),
  })
  .meta({ id: 'NodeService' });

export const deviceService = z
  .object({
    id: z.string(),
    node_id: z.string(),
    health: z.string(),
    vendor_code: z.string().nullable(),
    quarantined_at: timestamp.nullable(),
  })
  .meta({ id: 'DeviceService' });
export const healthQuery = z.strictObject({
  zone_id: z.string().min(1).max(64),
  node_id: z.string().min(1).max(128).optional().describe('Of this node only'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const healthRecord = z
  .object({
    id: z.string(),
    at: timestamp,
    node_id: z.string(),
    device_id: z.string().nullable(),
    kind: z.enum([
      'check_passed',
      'check_failed',
      'quarantined',
      'cordoned',
      'released',
      'device_fault',
      'device_warning',
      'device_recovered',
      'host_lost',
      'host_recovered',
      'clock_skew',
    ]),
    code: z.string().nullable().describe("Of the fault catalogue, or the vendor's own"),
    severity: z.enum(['info', 'degraded', 'drain', 'failed']).nullable(),
    detail: z.string(),
    operation_id: z.string().nullable(),
  })
  .meta({ id: 'HealthRecord' });

export const drainWork = z.object({
  workload_id: z.string(),
  org_id: z.string(),
  name: z.string(),
  state: z.string(),
  accelerators: z.number().int().describe('On this node'),
  moves: z.boolean().describe('May be stopped and started on another node'),
  leave_at: timestamp.nullable().describe('Told to go then at the latest; null: it is waited for'),
});
export const drain = z
  .object({
    id: idOf('nodeDrain'),
    node_id: z.string(),
    node: z.string(),
    zone_id: z.string(),
    state: z.enum(['draining', 'drained', 'cancelled']),
    at_deadline: z.enum(['interrupt', 'wait']),
    deadline_at: timestamp,
    overdue: z.boolean(),
    reason: z.string(),
    requested_by: z.string(),
    created_at: timestamp,
    finished_at: timestamp.nullable(),
    left: z.array(drainWork).describe('What is still on the node'),
  })
  .meta({ id: 'NodeDrain' });

export const operatorQueueEntry = queueEntry
  .extend({
    org_id: z.string(),
    org_name: z.string(),
    rank: z.number().int().describe('Of its priority class'),
    promised: z.boolean().describe('A start was promised to it, which nothing later delays'),
  })
  .meta({ id: 'OperatorQueueEntry' });
export const operatorQueueQuery = z.strictObject({ region_id: z.string().max(64).optional() });
export const operatorEviction = z
  .object({
    id: z.string(),
    workload_id: z.string(),
    org_id: z.string(),
    name: z.string(),
    cause: z.string(),
    for_id: z.string(),
    told_at: timestamp,
    leave_at: timestamp,
  })
  .meta({ id: 'OperatorEviction' });

const histogram = (of: string) =>
  z
    .array(z.object({ free: z.number().int(), count: z.number().int() }))
    .describe(`How many ${of}, by what is free in each; those with nothing free are left out`);
export const capacityPool = z
  .object({
    region_id: z.string(),
    zone_id: z.string(),
    accelerator_id: z.string(),
    nodes: z.number().int(),
    accelerators: z.number().int(),
    held: z.number().int(),
    free: z.number().int().describe('Can be given now'),
    unhealthy: z.number().int(),
    out_of_service: z.number().int().describe('Free and healthy, on nodes that take no work'),
    waiting: z.number().int().describe('Accelerators that waiting requests ask for, in the whole region'),
    whole_nodes_free: z.number().int(),
    largest_free: z.number().int(),
    fragmentation_ppm: z.number().int().describe('Part of the free accelerators that lie on nodes in use'),
    node_holes: histogram('nodes'),
    island_holes: histogram('islands'),
    leaf_holes: histogram('leaves, by whole nodes'),
  })
  .meta({ id: 'CapacityPool' });

export const priorityClassBody = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/),
  rank: z.number().int().min(0).max(1000),
  name_en: z.string().trim().min(1).max(40),
  name_zh: z.string().trim().min(1).max(40),
});
export const updatePriorityClassBody = z.strictObject({
  rank: z.number().int().min(0).max(1000).optional(),
  name_en: z.string().trim().min(1).max(40).optional(),
  name_zh: z.string().trim().min(1).max(40).optional(),
  is_default: z.literal(true).optional().describe('The default moves to this class'),
});

const seconds = (min: number, max: number) => z.number().int().min(min).max(max);
const DAY_S = 86_400;
export const queuePolicy = z
  .object({
    usage_half_life_s: seconds(60, 365 * DAY_S),
    history_weight: z.number().min(0).max(1).describe('0: shares by what is held now; 1: by remembered use'),
    guard_guarantees: z.boolean(),
    aged_after_s: seconds(60, 90 * DAY_S).nullable(),
    backfill_mode: z.enum(['none', 'easy', 'conservative']),
    backfill_most_plans: z.number().int().min(0).max(1000),
    backfill_horizon_s: seconds(3_600, 90 * DAY_S),
    preemption_enabled: z.boolean(),
    preemption_grace_s: seconds(0, DAY_S),
    preemption_most_per_job_per_hour: z.number().int().min(0).max(60),
    preemption_most_per_job: z.number().int().min(0).max(1000),
    preemption_protected_s: seconds(0, DAY_S),
    default_duration_s: seconds(60, 90 * DAY_S),
  })
  .meta({ id: 'QueuePolicy' });
export const queuePolicyAnswer = queuePolicy.extend({ set_by: z.string().nullable(), set_at: timestamp.nullable() });
export const queuePolicyBody = z.strictObject(queuePolicy.partial().shape);

export const operatorShare = share
  .extend({ org_id: z.string(), top_priority_class: z.string().nullable() })
  .meta({ id: 'OperatorShare' });

export const whatIfBody = z.strictObject({
  region_id: z.string().min(1).max(64),
  nodes_out: z.array(z.string().min(1).max(128)).max(500).default([]).describe('Nodes that serve nobody'),
  policy: queuePolicyBody.optional().describe('Rules in place of those that hold'),
  demand: z.number().min(0.1).max(10).default(1).describe('What waits and runs, so many times'),
  horizon_hours: z.number().int().min(1).max(72).default(24),
});
const whatIfFigures = z.object({
  wait_p50_s: z.number().describe('Of everything that starts, what runs now included with none'),
  wait_p90_s: z.number(),
  wait_max_s: z.number(),
  utilization: z.number().describe('Allocated part of what works, 0 to 1'),
  fragmentation: z.number(),
  revenue_micro: z.number().describe('At list prices, in micro-units of the currency in which the region is priced'),
  started: z.number().int(),
  still_waiting: z.number().int(),
  preemptions: z.number().int(),
  broken_promises: z.number().int(),
  worst_shortfall: z.number(),
});
export const whatIf = z
  .object({
    id: idOf('whatIf'),
    region_id: z.string(),
    state: z.enum(['pending', 'done', 'failed']),
    nodes_out: z.array(z.string()),
    demand: z.number(),
    horizon_hours: z.number().int(),
    before: whatIfFigures.nullable(),
    after: whatIfFigures.nullable(),
    requested_by: z.string(),
    created_at: timestamp,
    finished_at: timestamp.nullable(),
  })
  .meta({ id: 'WhatIf' });
