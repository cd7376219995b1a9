import { transition } from '@suanxiang/db/transition';
import { closeMeters, releaseAllocations } from '../allocations';
import { scrubAll, tearDownAll } from '../machines';
import type { Run } from '../run';
import { type Outcome, type Saga, step } from '../step';
import { tell } from './launch';
import { bringClocksIn } from './stop';

const MINUTE = 60_000;
const NO_UNDO = 'terminating is never taken back: it goes on until it is done';

/** Ends a workload for good, from any state, with any number of machines left, none included. */
export const terminate: Saga = {
  kinds: ['terminate'],
  steps: [
    step('stop_meter', {
      deadlineMs: MINUTE,
      write: (sql, run) => closeMeters(sql, run.operation, { wallS: run.operation.requestedAtS, reason: 'terminated' }),
      noUndo: NO_UNDO,
    }),
    step('tear_down', { deadlineMs: 5 * MINUTE, do: tearDown, noUndo: NO_UNDO }),
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
        await tell(run, (input) => transition(sql, { ...input, event: 'terminated', reason: null }));
      },
      noUndo: NO_UNDO,
    }),
  ],
  failed: null,
};

async function tearDown(run: Run): Promise<Outcome> {
  const clocks = await bringClocksIn(run);
  return clocks.kind === 'done' ? tearDownAll(run, 'tear_down') : clocks;
}
