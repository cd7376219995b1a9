import type { CallContext, FleetDriver } from '@suanxiang/hal/driver';
import type { Provisioner } from './context';
import type { ClaimedOperation } from './lease';
import type { Work, WorkAllocation } from './work';

/** One activation of an operation: who claimed it and what it works on. */
export interface Run {
  readonly ctx: Provisioner;
  readonly operation: ClaimedOperation;
  readonly work: Work;
  /** True while the step may have been acted upon by an earlier activation: look before acting. */
  resumed: boolean;
  /** Devices that could not be proved clean; they are taken back but not offered again until they are looked at. */
  unscrubbedDeviceIds: string[];
  /** Aborted when the lease was lost: nobody waits for the answers any more. */
  readonly signal: AbortSignal;
}

export function driverOf(run: Run, allocation: WorkAllocation): FleetDriver {
  return run.ctx.fleet.driverOf(allocation.zoneId);
}

/** Right and idempotency key of one driver call about one allocation or device. */
export function callContext(run: Run, verb: string, subject: string): CallContext {
  return {
    operationKey: `${run.operation.id}:${verb}:${subject}`,
    epoch: run.operation.epoch,
    signal: AbortSignal.any([run.signal, AbortSignal.timeout(run.ctx.timing.callTimeoutMs)]),
  };
}
