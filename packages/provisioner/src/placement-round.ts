import { ring } from '@suanxiang/db/outbox';
import type { Sql } from '@suanxiang/db/sql';
import { withSql } from '@suanxiang/db/tenant';
import type { Provisioner } from './context';
import { writePreemptions } from './evictions/tell-to-go';
import { Fenced } from './lease';
import { commitDecisions, commitRefusals, mendHolders, StaleHolders } from './placement-commit';
import { dropLease, type PlacementLease, spendLease, takeZones } from './placement-lease';
import { lockNodes, lockWaiting } from './placement-read';
import { learnStarts } from './queue/learn-starts';
import { look, type Plan } from './queue/look';
import { writeQueue } from './queue/write-queue';

export interface RoundResult {
  placed: number;
  waiting: number;
  failed: number;
  /** Something could not be judged because others were at it: look again soon. */
  again: boolean;
}

const NOTHING: RoundResult = { placed: 0, waiting: 0, failed: 0, again: false };
/** Rounds begun again because the fleet changed between the look and the commit. */
const TRIES = 3;

/** A chosen node was taken out of service between the look and the commit. */
class FleetChanged extends Error {
  override readonly name = 'FleetChanged';
}

/**
 * Serves the queue of a region, or of one zone of it (see placementKey). One loop at a time decides about a zone: it takes
 * the zone's lease, looks, decides by the pure scheduler without holding any lock, and writes everything in one transaction
 * that checks the lease's epoch. Gangs are placed whole or not at all. Rings for every operation that can go on.
 */
export async function placementRound(ctx: Provisioner, key: string): Promise<RoundResult> {
  await ctx.failpoint('launch:place:before');
  let result = await tryRound(ctx, key);
  for (let tries = 1; result === null && tries < TRIES; tries += 1) result = await tryRound(ctx, key);
  await ctx.failpoint('launch:place:after');
  return result ?? { ...NOTHING, again: true };
}

/** One round, or null when it has to be begun again. */
async function tryRound(ctx: Provisioner, key: string): Promise<RoundResult | null> {
  const lease = await takeZones(ctx, key);
  if (!lease) return NOTHING;
  if (lease.zones.length === 0) return { ...NOTHING, again: true };
  let spent = false;
  try {
    const plan = await look(ctx, lease);
    if (plan === null) return NOTHING;
    await ctx.failpoint('launch:place:decided');
    const result = await withSql(ctx.db, async (sql) => {
      await spendLease(sql, lease);
      const done = await write(ctx, sql, lease, plan);
      await ctx.failpoint('launch:place:acted');
      return done;
    });
    spent = true;
    return result;
  } catch (error) {
    return await recover(ctx, key, error);
  } finally {
    if (!spent) await dropLease(ctx, lease);
  }
}

/** What a failed round means: begin again (null), leave it to another loop, or throw. */
async function recover(ctx: Provisioner, key: string, error: unknown): Promise<RoundResult | null> {
  if (error instanceof FleetChanged) return null;
  if (error instanceof Fenced) {
    ctx.logger.debug({ key }, 'placement fenced off: another loop has the zone');
    return { ...NOTHING, again: true };
  }
  const exclusion = (error as { code?: string } | null)?.code === '23P01';
  if (!exclusion && !(error instanceof StaleHolders)) throw error;
  const mended = await withSql(ctx.db, mendHolders);
  ctx.logger.error({ mended }, 'holders of devices were wrong and have been mended');
  return null;
}

async function write(ctx: Provisioner, sql: Sql, lease: PlacementLease, plan: Plan): Promise<RoundResult> {
  const { decided, refused, waiting, unseen } = plan;
  const nodeIds = [...new Set(decided.flatMap(({ answer }) => answer.nodes.map((node) => node.nodeId)))];
  if ((await lockNodes(sql, nodeIds)).size !== nodeIds.length) throw new FleetChanged();
  const judged = [...decided, ...refused, ...waiting].map(({ one }) => one.operationId);
  const still = await lockWaiting(sql, judged);
  const placed = decided.filter(({ one }) => still.has(one.operationId));
  const failed = refused.filter(({ one }) => still.has(one.operationId));
  await learnStarts(
    sql,
    lease.regionId,
    placed.map(({ one }) => one.operationId),
  );
  await commitDecisions(ctx, sql, placed);
  await commitRefusals(ctx, sql, failed);
  await writeQueue(sql, lease.regionId, plan, still);
  await writePreemptions(sql, plan, ctx.clock.nowMs());
  // Promises and explanations are made by a round that sees the whole region.
  if (unseen > 0 && lease.isZoneRound) await ring(sql, 'placement', lease.regionId);
  const passed = judged.length - still.size;
  const keptWaiting = waiting.filter(({ one }) => still.has(one.operationId)).length;
  return {
    placed: placed.length,
    waiting: keptWaiting + unseen,
    failed: failed.length,
    again: passed > 0 || (unseen > 0 && !lease.isZoneRound) || (plan.memory?.carriedOver.length ?? 0) > 0,
  };
}
