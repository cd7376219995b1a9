import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Calendar, type Hold } from '../../src/calendar/calendar';
import { earliestStart } from '../../src/calendar/earliest';
import { FleetState } from '../../src/fleet-state';
import { portOf } from '../../src/queue/fleet-port';
import type { PlacementRequest, Topology } from '../../src/types';
import { partly, request } from '../support/fleets';

const TOPOLOGIES: Topology[] = ['any', 'same_spine', 'same_leaf', 'same_rack', 'same_island', 'spread'];
const nodeShape = fc.record({
  zone: fc.nat(1),
  spine: fc.nat(1),
  leaf: fc.nat(1),
  rack: fc.nat(1),
  perIsland: fc.constantFrom(2, 4),
});
const holdShape = fc.record({
  device: fc.nat(15),
  fromS: fc.integer({ min: 0, max: 30 }),
  lengthS: fc.integer({ min: 1, max: 15 }),
});

/** Whether a request can start at an instant, by trying: the engine on a state in which exactly the right devices are free. */
function startsAt(
  fleet: ReturnType<typeof partly>[],
  calendar: Calendar,
  ask: PlacementRequest,
  atS: number,
  lengthS: number,
) {
  const port = calendar.port;
  const state = new FleetState(fleet);
  for (let device = 0; device < port.deviceCount; device += 1) {
    const busy = calendar.freeAtS[device]! > atS;
    const clash = calendar.holdsOn(device).some((hold) => hold.fromS < atS + lengthS && hold.toS > atS);
    if (busy || clash) state.take([state.deviceName(device)]);
  }
  return portOf(state).tryPlace(ask) !== null;
}

test('the earliest start is the first instant at which the engine could place it for its whole length, and not one earlier', () => {
  let found = 0;
  fc.assert(
    fc.property(
      fc.array(nodeShape, { minLength: 1, maxLength: 4 }),
      fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 16, maxLength: 16 }),
      fc.array(holdShape, { maxLength: 6 }),
      fc.record({
        nodeCount: fc.integer({ min: 1, max: 3 }),
        gpusPerNode: fc.integer({ min: 1, max: 4 }),
        topology: fc.constantFrom(...TOPOLOGIES),
      }),
      fc.integer({ min: 1, max: 12 }),
      (shapes, frees, holds, asked, lengthS) => {
        const fleet = shapes.map((shape, i) => partly(i, 4, 4, shape));
        const calendar = new Calendar(portOf(new FleetState(fleet)));
        const devices = calendar.port.deviceCount;
        for (let device = 0; device < devices; device += 1)
          if (frees[device]! > 0) calendar.occupy([device], frees[device]!);
        for (const { device, fromS, lengthS: heldS } of holds) {
          if (device >= devices) continue;
          const hold: Hold = { kind: 'plan', owner: 'x', fromS, toS: fromS + heldS, devices: [device], band: 0 };
          calendar.add(hold);
        }
        const ask = request(asked);
        const answer = earliestStart(calendar, ask, {
          afterS: 0,
          untilS: 1_000,
          span: { softS: lengthS, hardS: lengthS },
          sees: () => true,
        });
        const first = Array.from({ length: 60 }, (_, atS) => atS).find((atS) =>
          startsAt(fleet, calendar, ask, atS, lengthS),
        );
        expect(answer?.startS).toBe(first);
        if (!answer) return;
        found += 1;
        expect(new Set(answer.devices).size).toBe(asked.nodeCount * asked.gpusPerNode);
        for (const device of answer.devices) {
          expect(calendar.freeAtS[device]!).toBeLessThanOrEqual(answer.startS);
          expect(calendar.isClear(device, answer.startS, { softS: lengthS, hardS: lengthS }, () => true)).toBe(true);
        }
      },
    ),
    { numRuns: 1_000 },
  );
  expect(found).toBeGreaterThan(300);
});
