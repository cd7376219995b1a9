import type { FleetNode } from '@/api/types';

type Device = FleetNode['devices'][number];
export const DEVICE_STATES = ['free', 'held', 'cleaning', 'closed', 'failed', 'lost'] as const;
export type DeviceState = (typeof DEVICE_STATES)[number];

/**
 * What an operator needs to see of a device: a fault outweighs its node's, both outweigh who holds it. A free device of
 * health `unknown` has been given back and is being wiped before anybody else may have it.
 */
export function deviceState(node: FleetNode, device: Device): DeviceState {
  if (device.health === 'failed' || device.health === 'degraded') return 'failed';
  if (node.health !== 'ok') return 'lost';
  if (device.held_by !== null) return 'held';
  if (device.health !== 'ok') return 'cleaning';
  return node.schedulable && node.cordoned_at === null ? 'free' : 'closed';
}

/** Colours of the map, as tokens. */
export const DEVICE_FILL: Record<DeviceState, string> = {
  free: 'var(--device-free)',
  held: 'var(--chart-1)',
  cleaning: 'var(--chart-5)',
  closed: 'var(--chart-rest)',
  failed: 'var(--danger)',
  lost: 'var(--chart-3)',
};
