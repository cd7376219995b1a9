import { expect, test } from 'vitest';
import { FleetState } from '../../src/fleet-state';
import { queueRound } from '../../src/queue/round';
import type { QueuePolicy } from '../../src/queue/types';
import type { NodeState } from '../../src/types';
import { node } from '../support/fleets';
import { queued, roundInput } from './support';

const withCpu = (i: number, free: number, vcpuMilli: number): NodeState => ({
  ...node(i, { devices: Array.from({ length: 8 }, (_, at) => ({ free: at < free, health: 'ok' as const })) }),
  resources: { vcpuMilli, memoryBytes: 2 ** 40 },
});

test('the operator chooses whether nodes are compared by what is left over or by expected waste', () => {
  const nodes = [withCpu(0, 4, 48_000), withCpu(1, 8, 512_000)];
  const usual = { vcpuMilli: 12_000, memoryBytes: 2 ** 30 };
  const hungry = { vcpuMilli: 40_000, memoryBytes: 2 ** 30 };
  const pending = [
    queued({ requestId: 'hungry', submittedAtS: 1 }, { resources: hungry }),
    ...Array.from({ length: 20 }, (_, i) =>
      queued({ requestId: `usual-${i}`, notBeforeS: 2_000_000 }, { resources: usual }),
    ),
  ];
  const nodeOf = (policy: Partial<QueuePolicy>) => {
    const { decisions } = queueRound(new FleetState(nodes), roundInput({ pending, policy, answer: 'decide' }));
    return decisions.map((one) => [one.requestId, one.nodes[0]!.nodeId, one.why.code]);
  };
  expect(nodeOf({})).toEqual([['hungry', 'node_n000', 'best_fit']]);
  expect(nodeOf({ placement: 'best_fit' })).toEqual(nodeOf({}));
  expect(nodeOf({ placement: 'fragmentation' })).toEqual([['hungry', 'node_n001', 'least_waste']]);
});
