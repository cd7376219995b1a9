import { keepEvidenceDays, pruneAgentBatches } from '@suanxiang/metering/ingest/evidence-days';
import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import { checkHours } from '@suanxiang/metering/usage/check-hours';
import { rollUpHours } from '@suanxiang/metering/usage/usage-hours';
import type { Redis } from '@suanxiang/platform/redis';
import { learnAgentZones } from '@suanxiang/provisioner/agent-zones';
import type { Provisioner } from '@suanxiang/provisioner/context';
import { discoverZone } from '@suanxiang/provisioner/discover';
import { carryOutEvictions } from '@suanxiang/provisioner/evictions/carry-out';
import { comeBack } from '@suanxiang/provisioner/evictions/come-back';
import { advanceDrains } from '@suanxiang/provisioner/evictions/drain-nodes';
import { pruneHealthRecords } from '@suanxiang/provisioner/health/records';
import { pullLive } from '@suanxiang/provisioner/live-tail';
import type { OpenProvisioner } from '@suanxiang/provisioner/open-provisioner';
import { pullHealth } from '@suanxiang/provisioner/pull-health';
import { pullTelemetry } from '@suanxiang/provisioner/pull-telemetry';
import { accountAllShares } from '@suanxiang/provisioner/queue/account-shares';
import { reconcileZone } from '@suanxiang/provisioner/reconcile';
import { releaseEnded } from '@suanxiang/provisioner/release-ended';
import { scrubReturned } from '@suanxiang/provisioner/scrub-returned';
import { pruneOutbox, sweep } from '@suanxiang/provisioner/sweep';
import { closePeriods } from './answers';
import type { Timers } from './timers';
import { watchCaps, watchIdle, watchMoney, watchTimeLimits } from './watch-money';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Everything that happens by timer. Each round takes no input and does whatever is due, in any number of workers. */
export function startRounds(
  ctx: OpenProvisioner,
  timers: Timers,
  live: Redis,
  { webUrl, controlKey }: { webUrl: string; controlKey: string },
): void {
  timers.every('sweep', 5 * SECOND, () => sweep(ctx), SECOND);
  timers.every('release-ended', 2 * SECOND, () => releaseEnded(ctx), SECOND);
  timers.every('drains', 2 * SECOND, () => advanceDrains(ctx), SECOND);
  timers.every('evictions', SECOND, () => carryOutEvictions(ctx), SECOND);
  timers.every('come-back', 2 * SECOND, () => comeBack(ctx), SECOND);
  timers.every('shares', MINUTE, () => accountAllShares(ctx), 20 * SECOND);
  timers.every('scrub-returned', 15 * SECOND, () => scrubReturned(ctx), 5 * SECOND);
  timers.every('prune-health', 60 * MINUTE, () => pruneHealthRecords(ctx), MINUTE);
  timers.every('prune-outbox', MINUTE, () => pruneOutbox(ctx), MINUTE);
  timers.every('evidence-days', 60 * MINUTE, () => keepEvidenceDays(ctx.db, ctx.clock.nowMs()), MINUTE);
  timers.every('prune-batches', 60 * MINUTE, () => pruneAgentBatches(ctx.db, ctx.clock.nowMs()), MINUTE);
  timers.every('usage-hours', MINUTE, () => rollUpHours(ctx.db), 20 * SECOND);
  timers.every('check-hours', 60 * MINUTE, () => checkYesterday(ctx), 10 * MINUTE);
  timers.every('close-periods', MINUTE, () => closePeriods(ctx, webUrl), 10 * SECOND);
  timers.every('accrue', 30 * SECOND, () => watchMoney(ctx), 5 * SECOND);
  timers.every('caps', 2 * SECOND, () => watchCaps(ctx), SECOND);
  timers.every('time_limits', 2 * SECOND, () => watchTimeLimits(ctx), SECOND);
  timers.every('idle', MINUTE, () => watchIdle(ctx), 10 * SECOND);
  timers.every('live', SECOND, () => pullLive(ctx, live));
  for (const { zoneId } of ctx.fleet.zones) startZone(ctx, timers, zoneId);
  timers.every('agents', 5 * SECOND, async () => {
    for (const zoneId of await learnAgentZones(ctx, controlKey)) startZone(ctx, timers, zoneId);
  });
}

/** Compares the hours of a day ago with their blocks; what differs is told, and right again. */
async function checkYesterday(ctx: Provisioner): Promise<void> {
  const nowS = Math.floor(ctx.clock.nowMs() / 1000);
  const toS = nowS - (nowS % 3600) - 86_400;
  // Two hours, each of which is looked at twice: a round that did not happen leaves none out.
  const found = await checkHours(ctx.db, { fromS: toS - 7200, toS });
  if (found && found.repaired.length > 0) ctx.logger.error({ ...found }, 'hours of usage differed from their blocks');
}

function startZone(ctx: Provisioner, timers: Timers, zoneId: string): void {
  let discovered = false;
  let discoveredAtMs = 0;
  // Often until it worked once, then every five minutes.
  timers.every(`discover ${zoneId}`, 2 * SECOND, async () => {
    if (discovered && ctx.clock.nowMs() - discoveredAtMs < 5 * MINUTE) return;
    const found = await discoverZone(ctx, zoneId);
    if (!discovered) ctx.logger.info({ zoneId, ...found }, 'zone discovered');
    discovered = true;
    discoveredAtMs = ctx.clock.nowMs();
  });
  timers.every(`telemetry ${zoneId}`, 2 * SECOND, () => pullTelemetry(ctx, zoneId, ingestBlocks), SECOND);
  timers.every(`health ${zoneId}`, SECOND, () => pullHealth(ctx, zoneId, ingestBlocks), SECOND);
  timers.every(
    `reconcile ${zoneId}`,
    MINUTE,
    async () => {
      const report = await reconcileZone(ctx, zoneId, ingestBlocks);
      const mended = report.interrupted + report.ended + report.foreign + report.mendedHolders;
      if (mended > 0) ctx.logger.warn({ zoneId, ...report }, 'reconciled');
    },
    10 * SECOND,
  );
}
