import { transition } from '@suanxiang/db/transition';
import type { AllocationView } from '@suanxiang/hal/driver';
import { DriverError } from '@suanxiang/hal/driver';
import { closeMeters, releaseAllocations } from '../allocations';
import { callOnce, classify } from '../driver-call';
import { eachAllocation, scrubAll, tearDownAll } from '../machines';
import { callContext, driverOf, type Run } from '../run';
import { DONE, type Outcome, type Saga, step } from '../step';
import type { WorkAllocation } from '../work';
import { advanceClock } from './clocks';
import { tell } from './launch';

const MINUTE = 60_000;
const GRACE_MS = 30_000;
const LOOK_AGAIN_MS = 250;
const NO_UNDO = 'stopping is never taken back: it goes on until it is done';

/** Ends billing first, then the machines, then gives the devices back. */
export const stop: Saga = {
  kinds: ['stop'],
  steps: [
    step('stop_meter', {
      deadlineMs: MINUTE,
      write: (sql, run) => closeMeters(sql, run.operation, { wallS: run.operation.requestedAtS, reason: 'stopped' }),
      noUndo: NO_UNDO,
    }),
    step('shut_down', { deadlineMs: 5 * MINUTE, do: shutDown, noUndo: NO_UNDO }),
    step('release', {
      deadlineMs: 5 * MINUTE,
      do: (run) => scrubAll(run, 'release.scrub'),
      async write(sql, run) {
        await releaseAllocations(
          sql,
          run.work.allocations.map((one) => one.id),
          run.work.regionId,
          run,
        );
        await tell(run, (input) => transition(sql, { ...input, event: 'stopped', reason: null }));
      },
      noUndo: NO_UNDO,
    }),
  ],
  failed: null,
};

async function shutDown(run: Run): Promise<Outcome> {
  const clocks = await bringClocksIn(run);
  if (clocks.kind !== 'done') return clocks;
  const stopped = await eachAllocation(run, (allocation) => stopOne(run, allocation));
  return stopped.kind === 'done' ? tearDownAll(run, 'shut_down.terminate') : stopped;
}

/** Sandboxes: usage of a clock advance that has not reached the engine yet must be emitted before the machine goes. */
export async function bringClocksIn(run: Run): Promise<Outcome> {
  return eachAllocation(run, async (allocation) => {
    if (allocation.clockOffsetS === 0 || allocation.state === 'failed') return DONE;
    const outcome = await advanceClock(run, allocation, allocation.clockOffsetS);
    // A machine that is gone has nothing more to tell.
    return outcome.kind === 'retry' ? outcome : DONE;
  });
}

function isDown(view: AllocationView | null): boolean {
  return view === null || ['stopped', 'failed', 'terminated', 'prepared'].includes(view.state);
}

/** Asks a node to shut down and gives it a grace period; after that it is switched off. */
async function stopOne(run: Run, allocation: WorkAllocation): Promise<Outcome> {
  const { view, outcome } = await callOnce(run, allocation, {
    act: () => driverOf(run, allocation).stop(callContext(run, 'shut_down', allocation.id), allocation.id),
    settled: (seen) => isDown(seen) || seen?.state === 'stopping',
  });
  // A machine that cannot be stopped in order is terminated next, which is stronger.
  if (outcome.kind === 'fail' || outcome.kind === 'back') return DONE;
  if (outcome.kind !== 'done' || isDown(view)) return outcome;
  const waitedMs = run.work.step.name === 'shut_down' ? (run.work.step.startedMsAgo ?? 0) : 0;
  if (waitedMs > GRACE_MS) return DONE;
  try {
    if (isDown(await driverOf(run, allocation).observe(allocation.id))) return DONE;
  } catch (error) {
    if (!(error instanceof DriverError)) throw error;
    return classify(error, allocation);
  }
  return { kind: 'again', afterMs: LOOK_AGAIN_MS, phase: null };
}
