import { openDb } from '@suanxiang/db/client';
import { singleSql } from '@suanxiang/db/tenant';
import { simulatedZones } from '@suanxiang/hal/drivers/simulated/zones';
import { createDriverRegistry, type GrowingRegistry, type ZoneConfig } from '@suanxiang/hal/registry';
import type { Clock } from '@suanxiang/platform/clock';
import type { Logger } from '@suanxiang/platform/logger';
import { defaultLimits, defaultTiming, type Limits, type Provisioner, type Timing } from './context';

export interface OpenOptions {
  /** Role app_worker. */
  databaseUrl: string;
  poolSize: number;
  zones: readonly ZoneConfig[];
  clock: Clock;
  logger: Logger;
  workerId: string;
  timing?: Partial<Timing>;
  limits?: Partial<Limits>;
  failpoint?: Provisioner['failpoint'];
}

export type OpenProvisioner = Provisioner & { fleet: GrowingRegistry; close(): Promise<void> };

/** Opens the database and the drivers that the provisioner works with. Connections are made when first needed. */
export function openProvisioner(options: OpenOptions): OpenProvisioner {
  const { databaseUrl, poolSize, zones, clock, logger, workerId } = options;
  const db = openDb({ url: databaseUrl, applicationName: `suanxiang-worker ${workerId}`, poolSize });
  const fleet = createDriverRegistry(zones, () => clock.nowMs());
  return {
    db,
    fleet,
    clock,
    logger,
    workerId,
    timing: { ...defaultTiming, ...options.timing },
    limits: { ...defaultLimits, ...options.limits },
    failpoint: options.failpoint ?? (() => undefined),
    async close() {
      await fleet.close();
      await db.close();
    },
  };
}

/** The zones of a simulated fleet; see simulatedZones. */
export function zonesOfSimulatedFleet(fleet: { url: string; token: string }): Promise<ZoneConfig[]> {
  return simulatedZones(fleet);
}

/** Throws when the database cannot be asked. */
export async function pingDatabase(ctx: Provisioner): Promise<void> {
  await singleSql(ctx.db)`SELECT 1 AS one`;
}
