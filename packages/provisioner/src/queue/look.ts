import type { Sql } from '@suanxiang/db/sql';
import { withSql } from '@suanxiang/db/tenant';
import type { StatusReason } from '@suanxiang/db/transition';
import { FleetState } from '@suanxiang/scheduler/fleet-state';
import { place, placeRound } from '@suanxiang/scheduler/place';
import { queueRound } from '@suanxiang/scheduler/queue/round';
import type {
  PlannedStart,
  Preemption,
  QueuedRequest,
  QueueRoundOutput,
  WaitingEntry,
} from '@suanxiang/scheduler/queue/types';
import type { Decision } from '@suanxiang/scheduler/types';
import type { Provisioner } from '../context';
import { fleetSnapshot } from '../fleet-snapshot';
import type { Refused, Waiting } from '../placement-commit';
import type { PlacementLease } from '../placement-lease';
import { readWaiting } from '../placement-read';
import { readMemory, readPolicy, readShares, readValues, sharePath } from './read-rules';
import { readRunning } from './read-running';

/** What a round found right, to be written in one transaction. */
export interface Plan {
  decided: readonly { one: Waiting; answer: Decision }[];
  refused: readonly Refused[];
  /** Those that wait on, with what they are told; empty where the round did not see the whole region. */
  waiting: readonly { one: Waiting; entry: WaitingEntry }[];
  preemptions: readonly Preemption[];
  /** Workloads that were told to go and may stay. */
  spared: readonly string[];
  /** For the next round; null: as it was. */
  memory: { plans: PlannedStart[]; carriedOver: string[] } | null;
  /** Requests that may fit where another loop decides now. */
  unseen: number;
}

const MAX_WAIT_PASSED: StatusReason = {
  code: 'max_wait_passed',
  en: 'It was given up: it could not start within the time that it was to wait at most (max_wait_s).',
  zh: '已放弃：在其最长等待时间（max_wait_s）内未能启动。',
};
const EMPTY = { refused: [], waiting: [], preemptions: [], spared: [], memory: null, unseen: 0 } as const;

/**
 * Reads what waits and what is free as of one moment, and decides. Where nothing waits already and no share is limited, and
 * everything fits, order and shares do not matter: the newcomers are placed at once. Otherwise the whole queue of the region
 * is served. Null when nothing waits.
 */
export function look(ctx: Provisioner, lease: PlacementLease): Promise<Plan | null> {
  return withSql(ctx.db, async (sql) => {
    await sql`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY`;
    const waiting = await readWaiting(sql, lease);
    const unseen = await countElsewhere(sql, lease);
    if (waiting.length === 0 && unseen === 0 && !(await remembers(sql, lease.regionId))) return null;
    const plan = (await placeNewcomers(sql, lease, waiting)) ?? (await serveQueue(sql, lease, waiting));
    return { ...plan, unseen: plan.unseen + unseen };
  });
}

/** Requests for a zone that this round was rung for and that another loop has. */
async function countElsewhere(sql: Sql, { elsewhere, isZoneRound }: PlacementLease): Promise<number> {
  if (isZoneRound || elsewhere.length === 0) return 0;
  const [row] = await sql<{ n: number }>`
    SELECT count(*)::int AS n FROM operation o JOIN workload w ON w.org_id = o.org_id AND w.id = o.workload_id
    WHERE o.status = 'pending' AND o.step = 'place' AND w.wanted_zone_id = ANY (${[...elsewhere]}::text[])`;
  return row!.n;
}

/** Plans of requests that do not wait any more, which the next round has to forget. */
async function remembers(sql: Sql, regionId: string): Promise<boolean> {
  const rows = await sql`SELECT 1 AS one FROM queue_state WHERE region_id = ${regionId} AND plans <> '[]'`;
  return rows.length > 0;
}

async function isQuiet(sql: Sql, regionId: string): Promise<boolean> {
  const [row] = await sql<{ quiet: boolean }>`
    SELECT NOT EXISTS (SELECT 1 FROM queue_entry WHERE region_id = ${regionId} AND binding <> 'not_before')
      AND NOT EXISTS (SELECT 1 FROM queue_state WHERE region_id = ${regionId} AND plans <> '[]')
      AND NOT EXISTS (SELECT 1 FROM share_amount WHERE region_id = ${regionId}) AS quiet`;
  return row!.quiet;
}

/** Null when somebody has to wait, or waits already for anything but the time at which he wants to start. */
async function placeNewcomers(sql: Sql, lease: PlacementLease, all: readonly Waiting[]): Promise<Plan | null> {
  const waiting = all.filter((one) => !one.tooEarly);
  // Those that asked to start later, and one that must not start any more, have to be told so first.
  const untold = all.some((one) =>
    one.tooEarly ? one.reasonCode !== 'waiting.not_before' : one.overdue && one.deadlineS !== null,
  );
  if (all.length === 0 || untold || !(await isQuiet(sql, lease.regionId))) return null;
  if (waiting.length === 0) return { ...EMPTY, decided: [] };
  const modelIds = [...new Set(waiting.map((one) => one.request.modelId))];
  const zoneIds = lease.zones.map((zone) => zone.zoneId);
  const state = new FleetState(await fleetSnapshot(sql, { zoneIds, modelIds }));
  const inOrder = [...waiting].sort((a, b) => b.priority - a.priority);
  const answers = placeRound(
    state,
    inOrder.map((one) => one.request),
  );
  const decided = answers.flatMap((answer, i) => (answer.placed ? [{ one: inOrder[i]!, answer }] : []));
  return decided.length === waiting.length ? { ...EMPTY, decided } : null;
}

/** A round that sees only a part of the region starts what fits there without making or keeping promises. */
async function serveQueue(sql: Sql, lease: PlacementLease, waiting: readonly Waiting[]): Promise<Plan> {
  const isWhole = lease.elsewhere.length === 0;
  const zoneIds = lease.zones.map((zone) => zone.zoneId);
  const [clock] = await sql<{ now_s: number }>`SELECT floor(extract(epoch FROM clock_timestamp()))::float8 AS now_s`;
  const nowS = clock!.now_s;
  const fleet = new FleetState(await fleetSnapshot(sql, null));
  const policy = await readPolicy(sql);
  const memory = await readMemory(sql, lease.regionId);
  const running = await readRunning(sql, lease.regionId, nowS);
  const paths = [...running.map((work) => work.path), ...waiting.map(sharePath)];
  const output = queueRound(fleet, {
    nowS,
    seed: memory.round,
    pending: waiting.map((one) => queuedOf(one, isWhole ? null : zoneIds)),
    running,
    shares: await readShares(sql, lease.regionId, paths),
    values: await readValues(sql, lease.regionId),
    reservations: [],
    maintenance: [],
    plans: memory.plans,
    carriedOver: memory.carriedOver,
    calibration: memory.calibration,
    policy: isWhole ? policy : { ...policy, preemption: { ...policy.preemption, enabled: false } },
    answer: isWhole ? 'explain' : 'decide',
  });
  return planOf(fleet, waiting, output, isWhole);
}

/** A waiting request as the queue knows it, in some zones only where the round sees no more. */
export function queuedOf(one: Waiting, onlyZones: readonly string[] | null): QueuedRequest {
  const zoneIds = one.request.zoneIds ?? onlyZones;
  return {
    requestId: one.operationId,
    ask: zoneIds === null ? one.request : { ...one.request, zoneIds },
    path: sharePath(one),
    priority: one.priority,
    preemptible: one.preemptible,
    expectedDurationS: one.expectedDurationS,
    limitDurationS: one.limitDurationS,
    notBeforeS: one.notBeforeS,
    deadlineS: one.deadlineS,
    reservationId: null,
    submittedAtS: one.submittedAtS,
    preemptedAtS: one.preemptedAtS,
  };
}

function planOf(fleet: FleetState, all: readonly Waiting[], output: QueueRoundOutput, isWhole: boolean): Plan {
  const byId = new Map(all.map((one) => [one.operationId, one]));
  const decided = output.decisions.map((answer) => ({
    one: byId.get(answer.requestId)!,
    answer: { ...answer, why: answer.explanation },
  }));
  const left = output.waiting.map((entry) => ({ one: byId.get(entry.requestId)!, entry }));
  // One that asked for a zone has been seen there; the others may fit in the zones of another loop.
  const judged = left.filter(({ one }) => isWhole || one.request.zoneIds !== undefined);
  const isOver = ({ one, entry }: { one: Waiting; entry: WaitingEntry }) =>
    one.overdue ||
    entry.binding === 'deadline_missed' ||
    (one.onCapacity === 'fail' && entry.binding !== 'not_examined');
  const refused = judged.filter(isOver).map(({ one, entry }) => ({ one, reason: refusalOf(fleet, one, entry) }));
  const waiting = judged.filter((one) => !isOver(one));
  const over = new Set(refused.map(({ one }) => one.operationId));
  const unseen = left.length - judged.length;
  if (!isWhole) return { ...EMPTY, decided, refused, unseen: unseen + waiting.length };
  return {
    decided,
    refused,
    waiting,
    // Nobody goes for a request that has just been refused.
    preemptions: output.preemptions.filter((one) => !('requestId' in one.for) || !over.has(one.for.requestId)),
    spared: output.spared,
    memory: { plans: output.plans.filter((plan) => !over.has(plan.requestId)), carriedOver: output.carriedOver },
    unseen,
  };
}

/** Why a request that does not wait is refused: the fleet's words where it does not fit, else what it would wait for. */
function refusalOf(fleet: FleetState, one: Waiting, entry: WaitingEntry): StatusReason {
  if (entry.binding === 'deadline_missed') return MAX_WAIT_PASSED;
  const answer = place(fleet, one.request);
  if (!answer.placed) return answer.reason;
  return entry.reason ?? { code: `waiting.${entry.binding}`, en: entry.binding, zh: entry.binding };
}
