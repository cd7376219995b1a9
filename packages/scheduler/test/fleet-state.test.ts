import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FleetState } from '../src/fleet-state';
import { place, placeRound } from '../src/place';
import { anyRequest, node, request, smallFleet } from './support/fleets';
import { change, Model, told, workedOut } from './support/model';

test('a state changed step by step equals one built from scratch', () => {
  fc.assert(
    fc.property(smallFleet(8), fc.array(change, { maxLength: 40 }), anyRequest, (fleet, changes, asked) => {
      const state = new FleetState(told(fleet));
      const model = new Model(fleet);
      for (const one of changes) model.apply(state, one);
      const rebuilt = new FleetState(model.told());
      expect(workedOut(state)).toEqual(workedOut(rebuilt));
      expect(workedOut(state.clone())).toEqual(workedOut(rebuilt));
      expect(place(state, asked)).toEqual(place(rebuilt, asked));
    }),
    { numRuns: 500 },
  );
});

test('going back to a mark undoes everything since, inner marks kept or undone', () => {
  const steps = fc.array(change, { maxLength: 12 });
  fc.assert(
    fc.property(smallFleet(6), steps, steps, steps, fc.boolean(), (fleet, before, outer, inner, keepInner) => {
      const state = new FleetState(told(fleet));
      const model = new Model(fleet);
      for (const one of before) model.apply(state, one);
      const atMark = workedOut(state);
      const mark = state.mark();
      const tried = model.copy();
      for (const one of outer) tried.apply(state, one);
      const atInner = workedOut(state);
      const innerMark = state.mark();
      for (const one of inner) tried.apply(state, one);
      if (keepInner) state.keep(innerMark);
      else {
        state.rollbackTo(innerMark);
        expect(workedOut(state)).toEqual(atInner);
      }
      state.rollbackTo(mark);
      expect(workedOut(state)).toEqual(atMark);
      expect(() => state.rollbackTo(mark)).toThrow(/no mark/);
    }),
    { numRuns: 400 },
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

test('a node or a device told twice is refused and changes nothing', () => {
  const state = new FleetState([node(0)]);
  const before = workedOut(state);
  expect(() => state.addNode(node(0))).toThrow(/node_n000.*already/);
  expect(() => state.addNode({ ...node(1), devices: node(0).devices })).toThrow(/dev_n000_0.*already/);
  expect(() => new FleetState([node(2), node(2)])).toThrow(/already/);
  expect(workedOut(state)).toEqual(before);
  state.removeNode('node_n000');
  expect(() => state.take(['dev_n000_0'])).toThrow(/no device/);
  state.addNode(node(0));
  expect(workedOut(state)).toEqual(before);
});

test('32 devices on one node are a whole set of bits', () => {
  const devices = Array.from({ length: 32 }, () => ({ free: true, health: 'ok' as const }));
  const answer = place(new FleetState([node(0, { devices, perIsland: 32 })]), request({ gpusPerNode: 32 }));
  expect(answer.placed && answer.nodes[0]?.deviceIds.length).toBe(32);
});
