import { Calendar } from '../calendar/calendar';
import { earliestStart } from '../calendar/earliest';
import type { FleetState } from '../fleet-state';
import { portOf } from '../queue/fleet-port';
import { assumedEndS } from '../queue/spans';
import type { HeldNode, QueuePolicy, RunningWork } from '../queue/types';
import type { PlacementRequest, Reason } from '../types';

/** What becomes of a piece of work when its node is drained. */
export interface DrainStep {
  workId: string;
  action: 'move_now' | 'move_later' | 'ends_in_time' | 'end_at_deadline' | 'cannot_go';
  /** When it moves or goes; null where nothing is to be done. */
  atS: number | null;
  /** Where it moves to. */
  to: readonly HeldNode[] | null;
  reason: Reason;
}

export interface DrainInput {
  nodeIds: readonly string[];
  nowS: number;
  deadlineS: number;
  running: readonly RunningWork[];
  policy: QueuePolicy;
}

const TEXTS: Record<DrainStep['action'], Omit<Reason, 'code'>> = {
  move_now: { en: 'Moves now: there is room elsewhere.', zh: '立即迁移：其他节点有空间。' },
  move_later: {
    en: 'Moves when room elsewhere becomes free, before the deadline.',
    zh: '截止前其他节点腾出空间时迁移。',
  },
  ends_in_time: { en: 'Ends by itself before the deadline.', zh: '将在截止前自行结束。' },
  end_at_deadline: {
    en: 'Has no place to go and accepts being ended: ends at the deadline.',
    zh: '无处可迁且允许被中断：到截止时结束。',
  },
  cannot_go: {
    en: 'Has no place to go and may not be ended: its owner has to agree.',
    zh: '无处可迁且不允许中断：需所有者同意。',
  },
};

/**
 * The plan of emptying nodes by a deadline: what may be moved is moved, the largest first, now or when room becomes free; what ends
 * in time is left alone; what accepts it is ended at the deadline; the rest is named, not killed. Changes nothing.
 */
export function planDrain(fleet: FleetState, input: DrainInput): DrainStep[] {
  const port = portOf(fleet);
  const drained = new Set(input.nodeIds);
  const there = input.running.filter((work) => work.nodes.some((node) => drained.has(node.nodeId)));
  there.sort((a, b) => sizeOf(b) - sizeOf(a) || (a.workId < b.workId ? -1 : 1));
  return port.pretend(() => {
    const calendar = new Calendar(port);
    for (const work of input.running) {
      calendar.occupy(port.numbersOf(work.nodes), assumedEndS(work, input.nowS, input.policy));
    }
    for (let device = 0; device < port.deviceCount; device += 1) {
      const unknown = calendar.freeAtS[device] === Number.NEGATIVE_INFINITY && !port.isFree(device);
      if (unknown) calendar.freeAtS[device] = Number.POSITIVE_INFINITY;
    }
    for (const nodeId of input.nodeIds) fleet.setAvailable(nodeId, false);
    return there.map((work) => step(port, calendar, input, work));
  });
}

function sizeOf(work: RunningWork): number {
  return work.nodes.reduce((sum, node) => sum + node.deviceIds.length, 0);
}

function step(port: ReturnType<typeof portOf>, calendar: Calendar, input: DrainInput, work: RunningWork): DrainStep {
  const { nowS, deadlineS, policy } = input;
  const say = (action: DrainStep['action'], atS: number | null, to: readonly HeldNode[] | null): DrainStep => ({
    workId: work.workId,
    action,
    atS,
    to,
    reason: { code: `drain.${action}`, ...TEXTS[action] },
  });
  if (work.limitEndS !== null && work.limitEndS <= deadlineS) return say('ends_in_time', null, null);
  if (work.movable) {
    const ask: PlacementRequest = { ...work.ask, excludedNodeIds: [...work.ask.excludedNodeIds, ...input.nodeIds] };
    const decision = port.tryPlace(ask);
    if (decision) {
      port.hold(decision.nodes);
      calendar.occupy(port.numbersOf(decision.nodes), assumedEndS(work, nowS, policy));
      const to = decision.nodes.map(({ rank: _, ...node }) => node);
      return say('move_now', nowS, to);
    }
    const left = Math.max(1, assumedEndS(work, nowS, policy) - nowS);
    const span = { softS: left, hardS: left };
    const later = earliestStart(calendar, ask, { afterS: nowS, untilS: deadlineS, span, sees: () => true });
    if (later && later.startS > nowS) {
      calendar.occupy(later.devices, later.startS + left);
      return say('move_later', later.startS, port.nodesOf(later.devices));
    }
  }
  if (work.preemptible) return say('end_at_deadline', deadlineS, null);
  return say('cannot_go', null, null);
}
