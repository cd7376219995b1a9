import { type CallContext, DriverError, type FleetDriver } from '@suanxiang/hal/driver';
import { capabilitiesOf } from './capabilities';
import { Fenced } from './lease';

export interface Scrubbed {
  /** Devices that are not proved clean and will not be by asking again. */
  unscrubbed: string[];
  /** Why asking again may help, or null when all devices are settled. */
  pending: string | null;
}

/**
 * Wipes devices of a terminated allocation where the engine can, and tells which cannot be proved clean. Throws Fenced
 * when the engine has seen a newer lease.
 */
export async function scrubDevices(
  driver: FleetDriver,
  deviceIds: readonly string[],
  contextOf: (deviceId: string) => CallContext,
): Promise<Scrubbed> {
  // An engine that cannot be asked is assumed to.
  if ((await capabilitiesOf(driver))?.scrub === false) return { unscrubbed: [], pending: null };
  const result: Scrubbed = { unscrubbed: [], pending: null };
  const evidence = await Promise.all(deviceIds.map((id) => scrubOne(driver, id, contextOf(id))));
  for (const one of evidence) {
    if (one.pending !== null) result.pending = one.pending;
    result.unscrubbed.push(...one.unscrubbed);
  }
  return result;
}

async function scrubOne(driver: FleetDriver, deviceId: string, call: CallContext): Promise<Scrubbed> {
  try {
    const { verified } = await driver.scrub(call, deviceId);
    return { unscrubbed: verified ? [] : [deviceId], pending: null };
  } catch (error) {
    if (!(error instanceof DriverError)) throw error;
    if (error.code === 'fenced') throw new Fenced(error.message);
    const mayPass = error.code === 'transient' || error.code === 'lost';
    return { unscrubbed: [deviceId], pending: mayPass ? error.message : null };
  }
}
