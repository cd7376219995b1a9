import type { FleetDriver } from './driver';
import { AgentDriver, type AgentDriverOptions } from './drivers/agent/driver';
import { SimulatedDriver } from './drivers/simulated/driver';

/** How to reach what runs a zone. One more member per kind of driver. */
export type DriverConfig =
  | { driver: 'simulated'; url: string; token: string }
  | ({ driver: 'agent' } & AgentDriverOptions);

export type ZoneConfig = { zoneId: string } & DriverConfig;

/** The zones of this installation and the driver behind each; callers never learn which kind it is but by its name. */
export interface DriverRegistry {
  readonly zones: readonly { zoneId: string; driverName: string }[];
  /** Throws RangeError when no driver runs this zone. */
  driverOf(zoneId: string): FleetDriver;
  /** Closes every driver. */
  close(): Promise<void>;
}

function open(config: DriverConfig, nowMs: () => number): FleetDriver {
  if (config.driver === 'agent') return new AgentDriver(config, nowMs);
  return new SimulatedDriver({ url: config.url, token: config.token });
}

/** A look-up that learns of zones while it is in use. */
export interface GrowingRegistry extends DriverRegistry {
  /** Adds a zone, or puts another driver behind a known one. True when the zone is new. */
  set(zone: ZoneConfig): boolean;
}

/**
 * Builds the look-up from configuration. Zones behind the same address share one driver and its connections.
 * Throws RangeError for a zone that is named twice.
 */
export function createDriverRegistry(zones: readonly ZoneConfig[], nowMs: () => number): GrowingRegistry {
  const drivers = new Map<string, FleetDriver>();
  const byZone = new Map<string, FleetDriver>();
  const listed: { zoneId: string; driverName: string }[] = [];
  function set({ zoneId, ...config }: ZoneConfig): boolean {
    const key = JSON.stringify(config);
    const driver = drivers.get(key) ?? open(config, nowMs);
    drivers.set(key, driver);
    const isNew = !byZone.has(zoneId);
    byZone.set(zoneId, driver);
    if (isNew) listed.push({ zoneId, driverName: config.driver });
    return isNew;
  }
  for (const zone of zones) if (!set(zone)) throw new RangeError(`zone "${zone.zoneId}" is configured twice`);
  return {
    zones: listed,
    set,
    driverOf: (zoneId) => {
      const driver = byZone.get(zoneId);
      if (!driver) throw new RangeError(`no driver runs zone "${zoneId}"`);
      return driver;
    },
    close: async () => {
      await Promise.all([...drivers.values()].map((driver) => driver.close()));
    },
  };
}
