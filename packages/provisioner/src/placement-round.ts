import { withSql } from '@suanxiang/db/tenant';
import { FleetState } from '@suanxiang/scheduler/fleet-state';
import { explainRound, placeRound } from '@suanxiang/scheduler/place';
import type { Decision, Refusal } from '@suanxiang/scheduler/types';
import type { Provisioner } from './context';
import { fleetSnapshot } from './fleet-snapshot';
import { Fenced } from './lease';
import { commitDecisions, commitRefusals, mendHolders, StaleHolders, type Waiting } from './placement-commit';
import { dropLease, type PlacementLease, spendLease, takeZones } from './placement-lease';
import { lockNodes, lockWaiting, readWaiting } from './placement-read';

export interface RoundResult {
  placed: number;
  waiting: number;
  failed: number;
  /** Something could not be judged because others were at it: look again soon. */
  again: boolean;
}

interface Judged<A> {
  one: Waiting;
  answer: A;
}

interface Plan {
  decided: Judged<Decision>[];
  refused: Judged<Refusal>[];
  /** Requests that may fit where another loop decides now. */
  unseen: number;
}

const NOTHING: RoundResult = { placed: 0, waiting: 0, failed: 0, again: false };
/** Rounds begun again because the fleet changed between the look and the commit. */
const TRIES = 3;

/** A chosen node was taken out of service between the look and the commit. */
class FleetChanged extends Error {
  override readonly name = 'FleetChanged';
}

/**
 * Places what waits in a region, or in one zone of it (see placementKey), oldest first. One loop at a time decides about a
 * zone: it takes the zone's lease, looks, decides by the pure scheduler without holding any lock, and writes everything in
 * one transaction that checks the lease's epoch. Gangs are placed whole or not at all. Rings for every operation that can
 * go on.
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
      const done = await write(ctx, sql, plan);
      await ctx.failpoint('launch:place:acted');
      return done;
    });
    spent = true;
    return result;
  } catch (error) {
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
  } finally {
    if (!spent) await dropLease(ctx, lease);
  }
}

/** Reads what waits and what is free as of one moment, and decides. Null when nothing waits. */
function look(ctx: Provisioner, lease: PlacementLease): Promise<Plan | null> {
  return withSql(ctx.db, async (sql) => {
    await sql`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY`;
    const waiting = await readWaiting(sql, lease);
    if (waiting.length === 0) return null;
    const modelIds = [...new Set(waiting.map((one) => one.request.modelId))];
    const zoneIds = lease.zones.map((zone) => zone.zoneId);
    const state = new FleetState(await fleetSnapshot(sql, { zoneIds, modelIds }));
    const requests = waiting.map((one) => one.request);
    const judged = placeRound(state, requests).map((answer, i) => ({ one: waiting[i]!, answer }));
    const decided = judged.filter((one): one is Judged<Decision> => one.answer.placed);
    const refused = judged.filter((one): one is Judged<Refusal> => !one.answer.placed);
    const seen = refused.filter(({ one }) => one.request.zoneIds !== undefined || lease.elsewhere.length === 0);
    const unseen = refused.length - seen.length;
    if (seen.length === 0) return { decided, refused: [], unseen };
    // Against the whole fleet, so that other regions and models can be named.
    const everything = new FleetState(await fleetSnapshot(sql, null));
    for (const { answer } of decided) for (const node of answer.nodes) everything.take(node.deviceIds);
    const reasons = explainRound(
      everything,
      seen.map(({ one }) => one.request),
    );
    return { decided, refused: seen.map(({ one }, i) => ({ one, answer: reasons[i]! })), unseen };
  });
}

async function write(ctx: Provisioner, sql: Parameters<typeof lockNodes>[0], plan: Plan): Promise<RoundResult> {
  const { decided, refused, unseen } = plan;
  const nodeIds = [...new Set(decided.flatMap(({ answer }) => answer.nodes.map((node) => node.nodeId)))];
  if ((await lockNodes(sql, nodeIds)).size !== nodeIds.length) throw new FleetChanged();
  const still = await lockWaiting(
    sql,
    [...decided, ...refused].map(({ one }) => one.operationId),
  );
  const placed = decided.filter(({ one }) => still.has(one.operationId));
  const kept = refused.filter(({ one }) => still.has(one.operationId));
  await commitDecisions(ctx, sql, placed);
  const failed = await commitRefusals(ctx, sql, kept);
  const passed = decided.length + refused.length - still.size;
  return {
    placed: placed.length,
    waiting: kept.length - failed + unseen,
    failed,
    again: unseen > 0 || passed > 0,
  };
}
