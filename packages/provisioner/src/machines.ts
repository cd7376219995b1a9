import { type AllocationView, DriverError } from '@suanxiang/hal/driver';
import { callOnce, classify, forEach, gravest } from './driver-call';
import { callContext, driverOf, type Run } from './run';
import { scrubDevices } from './scrub';
import { DONE, type Outcome } from './step';
import type { WorkAllocation } from './work';

/** Each allocation of the run through `act`, a bounded number at a time; the gravest outcome counts for all. */
export async function eachAllocation(
  run: Run,
  act: (allocation: WorkAllocation) => Promise<Outcome>,
): Promise<Outcome> {
  return gravest(await forEach(run.work.allocations, run.ctx.limits.parallelCalls, act));
}

/** What the engine sees of each allocation, by rank. Fails as a whole when it cannot be asked. */
export async function observeAll(run: Run): Promise<{ views: (AllocationView | null)[]; outcome: Outcome }> {
  const views: (AllocationView | null)[] = [];
  const outcome = await eachAllocation(run, async (allocation) => {
    try {
      views[run.work.allocations.indexOf(allocation)] = await driverOf(run, allocation).observe(allocation.id);
      return DONE;
    } catch (error) {
      if (!(error instanceof DriverError)) throw error;
      return classify(error, allocation);
    }
  });
  return { views, outcome };
}

/**
 * Ends every allocation on the engine's side. May be repeated, also when nothing ever ran: the engine then remembers
 * our epoch and refuses a late prepare of a worker that was paused.
 */
export async function tearDownAll(run: Run, verb: string): Promise<Outcome> {
  return eachAllocation(run, async (allocation) => {
    const { outcome } = await callOnce(run, allocation, {
      act: () => driverOf(run, allocation).terminate(callContext(run, verb, allocation.id), allocation.id),
      settled: (view) => view?.state === 'terminated',
    });
    return outcome;
  });
}

const SCRUB_ATTEMPTS = 6;

/**
 * Wipes the devices of terminated allocations. A device that cannot be proved clean, at once or after several tries, is
 * noted in the run: it is taken back but not offered again.
 */
export async function scrubAll(run: Run, verb: string): Promise<Outcome> {
  run.unscrubbedDeviceIds = [];
  return eachAllocation(run, async (allocation) => {
    const { unscrubbed, pending } = await scrubDevices(driverOf(run, allocation), allocation.deviceIds, (deviceId) =>
      callContext(run, verb, deviceId),
    );
    if (pending !== null && run.operation.attempt < SCRUB_ATTEMPTS) return { kind: 'retry', message: pending };
    run.unscrubbedDeviceIds.push(...unscrubbed);
    return DONE;
  });
}
