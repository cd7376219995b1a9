import type { StatusReason } from '@suanxiang/db/transition';
import { FAULT_REASONS, type FaultCause, reasonOf } from '@suanxiang/domain/fault-reasons';
import type { DriverFault } from '@suanxiang/hal/driver';

function isCause(kind: string): kind is FaultCause {
  return Object.hasOwn(FAULT_REASONS, kind);
}

/** What tenants read about a fault of the fleet; one of a kind that we do not know is told in the driver's words. */
export function faultReason(fault: DriverFault | null): StatusReason {
  if (!fault) return reasonOf('boot_failed');
  return isCause(fault.kind) ? reasonOf(fault.kind, fault.vendorCode) : reasonOf('fault', fault.message);
}

/** Faults of the machine rather than of what runs on it: another node may do better. */
export function isMachineFault(fault: DriverFault | null): boolean {
  return fault?.kind === 'host_loss' || fault?.kind === 'device_fault';
}
