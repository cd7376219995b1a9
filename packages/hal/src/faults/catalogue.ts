import type { FaultReading, Vendor } from '../vendors/shared/reading';
import { ASCEND_FAULTS, ASCEND_LEVELS } from './ascend';
import { GENERIC_FAULTS } from './generic';
import { NVIDIA_FAULTS } from './nvidia';
import { OTHER_FAULTS } from './others';
import { type FaultEntry, SEVERITIES, type Severity } from './severity';

/** All faults that have a name. */
export const FAULT_CATALOGUE: readonly FaultEntry[] = [
  ...GENERIC_FAULTS,
  ...NVIDIA_FAULTS,
  ...ASCEND_FAULTS,
  ...OTHER_FAULTS,
];

const BY_KEY = new Map(FAULT_CATALOGUE.map((entry) => [`${entry.vendor ?? ''}/${entry.code}`, entry]));

/** The entry of a vendor's code or of a condition of ours; undefined when it has no name. */
export const findFault = (vendor: Vendor, code: string): FaultEntry | undefined =>
  BY_KEY.get(`${vendor}/${code}`) ?? BY_KEY.get(`/${code}`);

/** The entry of a condition that any vendor's device can be in. */
export const findGenericFault = (code: string): FaultEntry | undefined => BY_KEY.get(`/${code}`);

/** A fault for a reading. A code without an entry is kept and treated with caution. */
export function faultReading(vendor: Vendor, code: string): FaultReading {
  const entry = findFault(vendor, code);
  if (entry) return { code, meaning: entry.meaning.en, severity: entry.severity };
  if (vendor === 'ascend') {
    return { code, meaning: 'Fault code without an entry', severity: ASCEND_LEVELS.FreeRestartNPU.severity };
  }
  return { code, meaning: 'Fault code without an entry', severity: 'degraded' };
}

/** The gravest of severities; null when there is none. */
export function gravest(severities: readonly Severity[]): Severity | null {
  const rank = Math.max(-1, ...severities.map((severity) => SEVERITIES.indexOf(severity)));
  return SEVERITIES[rank] ?? null;
}
