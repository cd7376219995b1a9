import { describe, expect, it } from 'vitest';
import type { FleetNode } from '../src/api/types';
import { DEVICE_FILL, DEVICE_STATES, deviceState } from '../src/features/operator/device-state';
import { placeName } from '../src/lib/place-name';
import { trimMissing } from '../src/ui/block-strip';

const device = (health: string, held: boolean) => ({
  id: 'd',
  index: 0,
  model_id: 'm',
  health,
  vendor_code: null,
  quarantined_at: null,
  held_by: held ? 'alloc_1' : null,
});
const stateOf = (nodeHealth: string, schedulable: boolean, health: string, held: boolean) => {
  const node: FleetNode = {
    id: 'n',
    name: 'n',
    zone_id: 'z',
    spine: 's',
    leaf: 'l',
    rack: 'r',
    health: nodeHealth,
    schedulable,
    cordoned_at: null,
    cordon_reason: null,
    devices: [device(health, held)],
  };
  return deviceState(node, node.devices[0]!);
};

describe('state of a device on the map', () => {
  it.each([
    ['ok', true, 'ok', false, 'free'],
    ['ok', true, 'ok', true, 'held'],
    ['ok', true, 'unknown', false, 'cleaning'],
    ['ok', true, 'unknown', true, 'held'],
    ['ok', false, 'ok', false, 'closed'],
    ['ok', false, 'ok', true, 'held'],
    ['ok', true, 'failed', true, 'failed'],
    ['ok', true, 'degraded', false, 'failed'],
    ['lost', true, 'ok', true, 'lost'],
    ['lost', true, 'failed', false, 'failed'],
  ] as const)('node %s, schedulable %s, device %s, held %s: %s', (nodeHealth, schedulable, health, held, wanted) => {
    expect(stateOf(nodeHealth, schedulable, health, held)).toBe(wanted);
  });

  it('has a colour of its own', () => {
    expect(new Set(DEVICE_STATES.map((state) => DEVICE_FILL[state])).size).toBe(DEVICE_STATES.length);
  });
});

describe('names of places', () => {
  it('leave the zone out, and nothing else', () => {
    expect(placeName('cn-north-a-l01-r1', 'cn-north-a')).toBe('l01-r1');
    expect(placeName('cn-north-ab-l01', 'cn-north-a')).toBe('cn-north-ab-l01');
    expect(placeName('leaf-1', null)).toBe('leaf-1');
  });
});

describe('seconds of a strip', () => {
  it('are missing only between two that were measured', () => {
    expect(trimMissing([null, null, 5, null, 7, null])).toEqual([undefined, undefined, 5, null, 7, undefined]);
    expect(trimMissing([null, null])).toEqual([undefined, undefined]);
  });
});
