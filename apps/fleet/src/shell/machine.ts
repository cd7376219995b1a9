import { ACCELERATOR_VENDORS } from '@suanxiang/domain/accelerator-vendors';
import { acceleratorModel } from '@suanxiang/domain/accelerators';
import type { DeviceInventory, NodeInventory } from '@suanxiang/hal/driver';
import type { Engine } from '../engine/engine';
import { deviceHealth } from '../engine/inventory';
import { secondOf } from '../engine/segments';
import { currentOffset, isLive } from '../engine/state';
import { readLive } from '../usage/live';

/** A device as the simulation has it at one moment. */
export interface DeviceNow extends DeviceInventory {
  /** Vendor's code of the fault it has; null: none. */
  vendorCode: string | null;
  utilizationPpm: number;
  memoryUsedBytes: number;
  /** Null where the model's power is not known. */
  powerMilliwatt: number | null;
  temperatureMilliCelsius: number;
}

/** What the simulated shell can tell about its machine. */
export interface MachineNow {
  nowMs: number;
  startedAtMs: number;
  name: string;
  image: string;
  node: NodeInventory;
  environment: Record<string, string>;
  devices: DeviceNow[];
}

/** The machine of a running allocation; null when it does not run. */
export function machineNow({ state, topology }: Engine, allocationId: string): MachineNow | null {
  const allocation = state.allocations.get(allocationId);
  if (!allocation || !isLive(allocation)) return null;
  const { spec } = allocation;
  const places = spec.deviceIds.map((id) => topology.devices.get(id)!);
  const nowS = secondOf(state.nowMs) + currentOffset(allocation);
  const sample = readLive(state, topology, allocation, nowS - 5).at(-1) ?? null;
  const share = (total: number | null | undefined) => (total == null ? null : Math.round(total / places.length));
  const vendor = ACCELERATOR_VENDORS[acceleratorModel(places[0]!.device.modelId).vendorClass];
  const visible = places.map(({ device }) => device.index).join(',');
  return {
    nowMs: state.nowMs,
    startedAtMs: allocation.startedAtMs ?? state.nowMs,
    name: spec.name,
    image: spec.image,
    node: places[0]!.node,
    environment: {
      HOME: '/root',
      USER: 'root',
      SUANXIANG_SIMULATED: '1',
      ...(vendor.visibleDevicesEnv === null ? {} : { [vendor.visibleDevicesEnv]: visible }),
      ...spec.environment,
    },
    devices: places.map(({ device, node }, position) => ({
      ...device,
      health: deviceHealth(state, node.nodeId, device),
      vendorCode: state.devices.get(device.deviceId)?.vendorCode ?? null,
      utilizationPpm: sample?.devicesPpm[position] ?? 0,
      memoryUsedBytes: share(sample?.memoryUsedBytes) ?? 0,
      powerMilliwatt: share(sample?.powerMilliwatt),
      temperatureMilliCelsius: sample?.temperatureMilliCelsius ?? 36_000,
    })),
  };
}
