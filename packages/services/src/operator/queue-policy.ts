import type { queuePolicy } from '@suanxiang/contract/schemas/scheduling';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql } from '@suanxiang/db/tenant';
import type { z } from 'zod';
import { invalid } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';
import { mutateAsOperator } from './mutate-as-operator';
import { ringAll } from './priority-classes';

type Policy = z.input<typeof queuePolicy>;

const HOUR_S = 3_600;

/** What holds before an operator has said anything: the scheduler's own defaults, which a test compares. */
export const DEFAULT_POLICY: Policy = {
  usage_half_life_s: 7 * 24 * HOUR_S,
  history_weight: 0.7,
  guard_guarantees: true,
  aged_after_s: 12 * HOUR_S,
  backfill_mode: 'easy',
  backfill_most_plans: 64,
  backfill_horizon_s: 14 * 24 * HOUR_S,
  preemption_enabled: true,
  preemption_grace_s: 120,
  preemption_most_per_job_per_hour: 1,
  preemption_most_per_job: 5,
  preemption_protected_s: 300,
  default_duration_s: 6 * HOUR_S,
};

/** A policy in the scheduler's words, complete but for the bounds on a round's work. */
export function storedPolicy(policy: Policy) {
  return {
    usageHalfLifeS: policy.usage_half_life_s,
    historyWeight: policy.history_weight,
    guardGuarantees: policy.guard_guarantees,
    agedAfterS: policy.aged_after_s,
    backfill: {
      mode: policy.backfill_mode,
      mostPlans: policy.backfill_most_plans,
      horizonS: policy.backfill_horizon_s,
    },
    preemption: {
      enabled: policy.preemption_enabled,
      alsoNotPreemptible: false,
      graceS: policy.preemption_grace_s,
      mostPerJobPerHour: policy.preemption_most_per_job_per_hour,
      mostPerJob: policy.preemption_most_per_job,
      mostVictims: 64,
      protectedS: policy.preemption_protected_s,
    },
    durations: { defaultS: policy.default_duration_s, overrunShare: 0.25 },
  };
}

type Stored = ReturnType<typeof storedPolicy>;

function fromStored(stored: Stored): Policy {
  const { backfill, preemption, durations } = stored;
  return {
    usage_half_life_s: stored.usageHalfLifeS,
    history_weight: stored.historyWeight,
    guard_guarantees: stored.guardGuarantees,
    aged_after_s: stored.agedAfterS,
    backfill_mode: backfill.mode,
    backfill_most_plans: backfill.mostPlans,
    backfill_horizon_s: backfill.horizonS,
    preemption_enabled: preemption.enabled,
    preemption_grace_s: preemption.graceS,
    preemption_most_per_job_per_hour: preemption.mostPerJobPerHour,
    preemption_most_per_job: preemption.mostPerJob,
    preemption_protected_s: preemption.protectedS,
    default_duration_s: durations.defaultS,
  };
}

/** The rules that hold now, and who set them when. */
export async function readQueuePolicy(sql: Sql): Promise<AnswerOf<'operatorQueuePolicy'>> {
  const [row] = await sql<{ policy: Stored; set_by: string; created_at: Date }>`
    SELECT policy, set_by, created_at FROM queue_policy ORDER BY id DESC LIMIT 1`;
  if (!row) return { ...DEFAULT_POLICY, set_by: null, set_at: null };
  return { ...fromStored(row.policy), set_by: row.set_by, set_at: row.created_at.toISOString() };
}

/** The rules of the queue, and who set them when. */
export const operatorQueuePolicy: UseCase<'operatorQueuePolicy'> = (ctx) => readQueuePolicy(singleSql(ctx.ops));

/** Changes rules of the queue. Every version is kept; the next round of every region follows the newest. */
export const operatorUpdateQueuePolicy: UseCase<'operatorUpdateQueuePolicy'> = (ctx, operator, meta, { body }) => {
  const changed = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
  if (Object.keys(changed).length === 0) throw invalid('/body', 'Send at least one field to change.', 'empty');
  return mutateAsOperator<AnswerOf<'operatorUpdateQueuePolicy'>>(
    ctx,
    operator,
    meta,
    'queue_policy.modify',
    async (sql) => {
      await sql`SELECT pg_advisory_xact_lock(hashtextextended('queue_policy', 0))`;
      const { set_by: _by, set_at: _at, ...before } = await readQueuePolicy(sql);
      const policy = storedPolicy({ ...before, ...changed });
      await sql`INSERT INTO queue_policy (policy, set_by) VALUES (${policy}::jsonb, ${operator.actor})`;
      await ringAll(sql);
      return { answer: await readQueuePolicy(sql), resource: null, detail: { changed } };
    },
  );
};
