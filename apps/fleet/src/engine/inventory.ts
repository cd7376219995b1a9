import type { DeviceHealth, DeviceInventory } from '@suanxiang/hal/driver';
import type { State } from './state';

/** Whether a node takes new work now. */
export function isSchedulable(state: State, nodeId: string): boolean {
  const condition = state.nodes.get(nodeId);
  return !condition || (!condition.drained && condition.lostUntilMs === null);
}

/** Health of a device now; of a lost host nobody knows. */
export function deviceHealth(state: State, nodeId: string, device: DeviceInventory): DeviceHealth {
  if (state.nodes.get(nodeId)?.lostUntilMs != null) return 'unknown';
  return state.devices.get(device.deviceId)?.failedUntilMs == null ? device.health : 'failed';
}
