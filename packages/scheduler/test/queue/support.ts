import { defaultQueuePolicy } from '../../src/queue/policy';
import type { QueuedRequest, QueuePolicy, QueueRoundInput, RunningWork } from '../../src/queue/types';
import type { NodeState, PlacementRequest } from '../../src/types';
import { request } from '../support/fleets';

export const NOW_S = 1_000_000;

export function queued(over: Partial<QueuedRequest> = {}, ask: Partial<PlacementRequest> = {}): QueuedRequest {
  const requestId = over.requestId ?? 'q';
  return {
    requestId,
    ask: request({ requestId, ...ask }),
    path: ['org-a', 'project-a', 'user-a'],
    priority: 1,
    preemptible: false,
    expectedDurationS: 3_600,
    limitDurationS: null,
    notBeforeS: null,
    deadlineS: null,
    reservationId: null,
    submittedAtS: NOW_S - 60,
    preemptedAtS: [],
    ...over,
  };
}

/** Work on the named nodes of a fleet of test nodes: `bits` are positions of devices. */
export function working(
  workId: string,
  on: readonly { node: NodeState; bits: readonly number[] }[],
  over: Partial<RunningWork> = {},
): RunningWork {
  return {
    workId,
    ask: request({ requestId: workId, nodeCount: on.length, gpusPerNode: on[0]!.bits.length }),
    path: ['org-b', 'project-b', 'user-b'],
    priority: 1,
    preemptible: false,
    nodes: on.map(({ node, bits }) => ({
      nodeId: node.nodeId,
      deviceIds: bits.map((bit) => node.devices[bit]!.deviceId),
    })),
    startedAtS: NOW_S - 3_600,
    expectedEndS: NOW_S + 3_600,
    limitEndS: null,
    checkpointAtS: null,
    preemptedAtS: [],
    movable: false,
    reservationId: null,
    leavingAtS: null,
    ...over,
  };
}

/** The fleet with the devices of the work held. */
export function holding(nodes: readonly NodeState[], running: readonly RunningWork[]): NodeState[] {
  const held = new Set(running.flatMap((work) => work.nodes.flatMap((node) => [...node.deviceIds])));
  return nodes.map((node) => ({
    ...node,
    devices: node.devices.map((device) => (held.has(device.deviceId) ? { ...device, free: false } : device)),
  }));
}

export function roundInput(
  over: Partial<Omit<QueueRoundInput, 'policy'>> & { policy?: Partial<QueuePolicy> } = {},
): QueueRoundInput {
  return {
    nowS: NOW_S,
    seed: 1,
    pending: [],
    running: [],
    shares: [],
    values: [],
    reservations: [],
    maintenance: [],
    plans: [],
    carriedOver: [],
    calibration: null,
    answer: 'explain',
    ...over,
    policy: { ...defaultQueuePolicy, ...over.policy },
  };
}
