import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FleetState } from '../src/fleet-state';
import { place } from '../src/place';
import type { NodeState } from '../src/types';
import { strictRequest, variedFleet } from './support/conditions';
import { anyRequest, partly, smallFleet } from './support/fleets';

test('the order in which nodes are told does not matter', () => {
  const shuffled = fc
    .oneof(smallFleet(8), variedFleet(8))
    .chain((fleet) =>
      fc.tuple(fc.constant(fleet), fc.shuffledSubarray(fleet, { minLength: fleet.length, maxLength: fleet.length })),
    );
  fc.assert(
    fc.property(shuffled, fc.oneof(anyRequest, strictRequest), ([fleet, other], asked) => {
      expect(place(new FleetState(other), asked)).toEqual(place(new FleetState(fleet), asked));
    }),
  );
});

test('renaming everything, keeping the order of names, changes nothing but names', () => {
  const rename = (text: string) => `新-${text}-x`;
  const renamed = (fleet: NodeState[]): NodeState[] =>
    fleet.map((node) => ({
      ...node,
      nodeId: rename(node.nodeId),
      name: rename(node.name),
      zoneId: rename(node.zoneId),
      spine: rename(node.spine),
      leaf: rename(node.leaf),
      rack: rename(node.rack),
      devices: node.devices.map((device) => ({ ...device, deviceId: rename(device.deviceId) })),
    }));
  fc.assert(
    fc.property(smallFleet(8), anyRequest, (fleet, asked) => {
      const before = place(new FleetState(fleet), asked);
      const after = place(new FleetState(renamed(fleet)), asked);
      if (!before.placed || !after.placed) {
        expect(after).toEqual(before);
        return;
      }
      const nodes = before.nodes.map((one) => ({
        ...one,
        nodeId: rename(one.nodeId),
        deviceIds: one.deviceIds.map(rename),
      }));
      expect({ ...after, why: null }).toEqual({ ...before, zoneId: rename(before.zoneId), nodes, why: null });
    }),
  );
});

test('adding a node never refuses what fitted', () => {
  fc.assert(
    fc.property(
      fc.oneof(smallFleet(7), variedFleet(7)),
      fc.oneof(anyRequest, strictRequest),
      fc.integer({ min: 0, max: 4 }),
      (fleet, asked, free) => {
        if (!place(new FleetState(fleet), asked).placed) return;
        const more = [...fleet, partly(99, 4, free, { leaf: 1 })];
        expect(place(new FleetState(more), asked).placed).toBe(true);
      },
    ),
  );
});
