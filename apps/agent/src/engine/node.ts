import type { DeviceInventory, NodeInventory } from '@suanxiang/hal/driver';
import type { DeviceReading } from '@suanxiang/hal/vendors/shared/reading';
import type { Clock } from '@suanxiang/platform/clock';
import type { Logger } from '@suanxiang/platform/logger';
import type { Podman } from '../podman/client';
import type { Book } from '../state/book';
import type { Allocation } from '../state/model';

/** A device that can be offered, and what a container needs to have it. */
export interface OfferedDevice extends DeviceInventory {
  /** Device nodes on the host; none for a share of the processors. */
  nodes: readonly string[];
  /** The vendor's variable for visible devices and this device's name in it. */
  visible: { variable: string; value: string } | null;
}

/** This host as the driver contract shows it, without what changes while it runs. */
export interface Host extends Omit<NodeInventory, 'devices' | 'schedulable'> {
  devices: readonly OfferedDevice[];
}

export interface Timing {
  /** Longest wait from the start of a container to its SSH server. */
  bootLimitMs: number;
  /** Between SIGTERM and SIGKILL. */
  stopGraceS: number;
  /** Between two tries of what Podman refused. */
  retryMs: number;
}

/** Reads the vendor's tool anew; null on a host without accelerators, or when the tool does not answer. */
export type ReadDevices = () => Promise<DeviceReading[] | null>;

/** What the parts of the agent work with. */
export interface NodeContext {
  book: Book;
  podman: Podman;
  host: Host;
  /** Address under which tenants reach instances, and to which their ports are bound. */
  address: string;
  ports: { first: number; last: number };
  /** Below it: a folder an instance. */
  instancesFolder: string;
  clock: Clock;
  logger: Logger;
  timing: Timing;
  readDevices: ReadDevices;
}

/** Allocations that hold a device; a terminated one holds none. */
export function holderOf(ctx: NodeContext, deviceId: string): Allocation | null {
  for (const allocation of ctx.book.state.allocations.values()) {
    if (allocation.state !== 'terminated' && allocation.spec.deviceIds.includes(deviceId)) return allocation;
  }
  return null;
}

export function isUp({ state }: Allocation): boolean {
  return state === 'running' || state === 'stopping';
}
