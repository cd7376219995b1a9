import type { Db } from '@suanxiang/db/client';
import type { FleetDriver } from '@suanxiang/hal/driver';
import type { Clock } from '@suanxiang/platform/clock';
import type { Logger } from '@suanxiang/platform/logger';

/** The zones this installation runs and the driver behind each. */
export interface FleetDirectory {
  readonly zones: readonly { zoneId: string; driverName: string }[];
  /** Throws when no driver runs this zone. */
  driverOf(zoneId: string): FleetDriver;
}

export interface Timing {
  /** A claimed operation belongs to its worker for this long after its last sign of life (database clock). */
  leaseMs: number;
  /** A zone belongs to the placement round that took it for at most this long (database clock). */
  placementLeaseMs: number;
  /** Longest wait for one driver call. */
  callTimeoutMs: number;
  /** How long one activation watches a boot before it gives the operation back until later. */
  watchMs: number;
  /** Pause between later looks at a boot. */
  lookAgainMs: number;
}

export interface Limits {
  /**
   * Operations of one organisation under way at a time; the rest wait their turn. Claims of the same instant may exceed
   * it by the number of workers: it shares work out, it is no quota.
   */
  activePerOrg: number;
  /** Times a launch is placed before it fails. */
  placements: number;
  /** Driver calls of one operation at a time. */
  parallelCalls: number;
}

/** What every verb of this package needs. Times of leases and deadlines are the database's, never `clock`'s. */
export interface Provisioner {
  /** Role app_worker. */
  readonly db: Db;
  readonly fleet: FleetDirectory;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Names this process in leases. */
  readonly workerId: string;
  readonly timing: Timing;
  readonly limits: Limits;
  /**
   * Called at named points of every saga (`<kind>:<step>:before|acted|after|undo`, and `launch:place:decided`): does
   * nothing, unless a fault test has chosen this one (see docs of SUANXIANG_FAILPOINT). Placement rounds wait for it.
   */
  readonly failpoint: (name: string) => Promise<void> | undefined;
}

export const defaultTiming: Timing = {
  leaseMs: 60_000,
  placementLeaseMs: 5_000,
  callTimeoutMs: 10_000,
  watchMs: 2_500,
  lookAgainMs: 1_000,
};
export const defaultLimits: Limits = { activePerOrg: 64, placements: 5, parallelCalls: 16 };
