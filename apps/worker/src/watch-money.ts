import { accrualRound } from '@suanxiang/metering/accrual/accrue';
import type { Provisioner } from '@suanxiang/provisioner/context';
import { enforceStanding } from '@suanxiang/services/workload/enforce-standing';
import { cappedOrganizations, enforceCaps } from '@suanxiang/services/workload/spend-caps';
import { organizationsWithIdlePolicy, stopIdle } from '@suanxiang/services/workload/stop-idle';
import { enforceTimeLimits } from '@suanxiang/services/workload/time-limits';

/**
 * Looks at everybody's money and makes true what it leads to: warnings, top-ups, and what is stopped or deleted. Every part
 * of it may be done again by any worker.
 */
export async function watchMoney(ctx: Provisioner): Promise<void> {
  const nowMs = ctx.clock.nowMs();
  const { accrued, failed } = await accrualRound(ctx.db, nowMs);
  for (const one of failed) ctx.logger.error({ err: one.error, orgId: one.orgId }, 'an account could not be accrued');
  for (const one of accrued) {
    const ended = await enforceStanding(ctx.db, one, nowMs);
    if (ended.length > 0) ctx.logger.warn({ orgId: one.orgId, stage: one.stage, ended }, 'stopped for want of money');
  }
}

/** Ends what has reached its spend cap. One account that fails keeps no other from being looked at. */
export async function watchCaps(ctx: Provisioner): Promise<void> {
  for (const orgId of await cappedOrganizations(ctx.db)) {
    try {
      const stopped = await enforceCaps(ctx.db, orgId, ctx.clock.nowMs());
      if (stopped.length > 0) ctx.logger.warn({ orgId, stopped }, 'stopped at the spend cap');
    } catch (err) {
      ctx.logger.error({ err, orgId }, 'spend caps could not be enforced');
    }
  }
}

/** Stops what has run for as long as it may. */
export async function watchTimeLimits(ctx: Provisioner): Promise<void> {
  const stopped = await enforceTimeLimits(ctx.db, ctx.clock.nowMs());
  if (stopped.length > 0) ctx.logger.info({ stopped }, 'stopped at the end of their time');
}

/** Warns about idle workloads and stops them where their project says so. */
export async function watchIdle(ctx: Provisioner): Promise<void> {
  for (const orgId of await organizationsWithIdlePolicy(ctx.db)) {
    try {
      const stopped = await stopIdle(ctx.db, orgId, ctx.clock.nowMs());
      if (stopped.length > 0) ctx.logger.info({ orgId, stopped }, 'stopped because idle');
    } catch (err) {
      ctx.logger.error({ err, orgId }, 'idle workloads could not be looked for');
    }
  }
}
