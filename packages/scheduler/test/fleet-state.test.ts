import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FleetState } from '../src/fleet-state';
import { place, placeRound } from '../src/place';
import type { DeviceHealth, DeviceState, NodeState } from '../src/types';
import { anyRequest, node, request, smallFleet } from './support/fleets';

/** Everything the state knows, derived counts included. */
function facts(state: FleetState) {
  return {
    free: [...state.free],
    good: [...state.good],
    usable: [...state.usable],
    available: [...state.available],
    whole: [...state.wholeBelowLeaf].sort(([a], [b]) => a - b),
  };
}

type Change =
  | { kind: 'toggle'; at: number }
  | { kind: 'health'; at: number; health: DeviceHealth }
  | { kind: 'available'; at: number; available: boolean };
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant('toggle' as const), at: fc.nat(31) }),
  fc.record({
    kind: fc.constant('health' as const),
    at: fc.nat(31),
    health: fc.constantFrom<DeviceHealth>('ok', 'degraded', 'failed', 'unknown'),
  }),
  fc.record({ kind: fc.constant('available' as const), at: fc.nat(7), available: fc.boolean() }),
);

test('a state changed step by step equals one built from scratch', () => {
  fc.assert(
    fc.property(smallFleet(8), fc.array(change, { maxLength: 40 }), anyRequest, (fleet, changes, asked) => {
      const state = new FleetState(fleet);
      const model = structuredClone(fleet) as (NodeState & { devices: DeviceState[] })[];
      const devices = model.flatMap((one) => one.devices);
      for (const one of changes) {
        if (one.kind === 'available') {
          const target = model[one.at % model.length]!;
          target.available = one.available;
          state.setAvailable(target.nodeId, one.available);
          continue;
        }
        const device = devices[one.at % devices.length]!;
        if (one.kind === 'health') {
          device.health = one.health;
          state.setHealth(device.deviceId, one.health);
        } else {
          if (device.free) state.take([device.deviceId]);
          else state.give([device.deviceId]);
          device.free = !device.free;
        }
      }
      const rebuilt = new FleetState(model);
      expect(facts(state)).toEqual(facts(rebuilt));
      expect(place(state, asked)).toEqual(place(rebuilt, asked));
    }),
    { numRuns: 500 },
  );
});

test('a round never gives a device twice and equals placing one by one', () => {
  fc.assert(
    fc.property(smallFleet(8), fc.array(anyRequest, { maxLength: 8 }), (fleet, asked) => {
      const answers = placeRound(new FleetState(fleet), asked);
      const given = answers.flatMap((one) => (one.placed ? one.nodes.flatMap((part) => part.deviceIds) : []));
      expect(new Set(given).size).toBe(given.length);
      const state = new FleetState(fleet);
      for (const [i, one] of asked.entries()) {
        const answer = place(state, one);
        const inRound = answers[i]!;
        expect(inRound.placed).toBe(answer.placed);
        if (answer.placed) expect(inRound).toEqual(answer);
        if (answer.placed) state.take(answer.nodes.flatMap((part) => part.deviceIds));
      }
    }),
    { numRuns: 300 },
  );
});

test('taking what is held, giving what is free and unknown devices are refused', () => {
  const state = new FleetState([node(0)]);
  state.take(['dev_n000_0']);
  expect(() => state.take(['dev_n000_0'])).toThrow(/held already/);
  expect(() => state.give(['dev_n000_1'])).toThrow(/free already/);
  expect(() => state.give(['dev_other'])).toThrow(/no device/);
  expect(() => place(state, request({ gpusPerNode: 0 }))).toThrow(RangeError);
  const many = Array.from({ length: 33 }, () => ({ free: true, health: 'ok' as const }));
  expect(() => new FleetState([node(0, { devices: many })])).toThrow(/more than 32/);
});

test('32 devices on one node are a whole set of bits', () => {
  const devices = Array.from({ length: 32 }, () => ({ free: true, health: 'ok' as const }));
  const answer = place(new FleetState([node(0, { devices, perIsland: 32 })]), request({ gpusPerNode: 32 }));
  expect(answer.placed && answer.nodes[0]?.deviceIds.length).toBe(32);
});
