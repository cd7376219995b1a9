import { singleSql } from '@suanxiang/db/tenant';
import { transition } from '@suanxiang/db/transition';
import { reasonOf } from '@suanxiang/domain/fault-reasons';
import { openMeters, releaseAllocations } from '../allocations';
import { callOnce } from '../driver-call';
import { eachAllocation, observeAll, scrubAll, tearDownAll } from '../machines';
import { faultReason } from '../reasons';
import { callContext, driverOf, type Run } from '../run';
import { DONE, type Outcome, type Saga, step } from '../step';
import { allocationSpec, type WorkAllocation } from '../work';
import { boot, judge } from './boot';
import { check } from './check';
import { alignClocks, assertClocksAligned } from './clocks';

const MINUTE = 60_000;

/** Brings a queued, stopped or interrupted workload up on the nodes that the placement round has given it. */
export const launch: Saga = {
  kinds: ['launch', 'start'],
  steps: [
    step('place', {
      // Done by the placement round, for many operations at once; a saga is claimed only after it.
      deadlineMs: 15 * MINUTE,
      unwrite: (sql, run) =>
        releaseAllocations(
          sql,
          run.work.allocations.map((one) => one.id),
          run.work.regionId,
          run,
        ),
    }),
    step('prepare', {
      deadlineMs: 3 * MINUTE,
      do: prepare,
      async undo(run) {
        const outcome = await tearDownAll(run, 'prepare.undo');
        return outcome.kind === 'done' ? scrubAll(run, 'prepare.undo.scrub') : outcome;
      },
    }),
    step('check', { deadlineMs: 2 * MINUTE, do: check, noUndo: 'what it took out of service stays out' }),
    step('boot', { deadlineMs: 15 * MINUTE, do: boot, noUndo: 'undoing prepare ends whatever was started' }),
    step('verify', { deadlineMs: 2 * MINUTE, do: verify, noUndo: 'it only looks' }),
    step('start_meter', {
      deadlineMs: 2 * MINUTE,
      do: readyToMeter,
      async write(sql, run) {
        await assertClocksAligned(sql, run);
        const views = viewsOf.get(run) ?? [];
        await openMeters(
          sql,
          run.work.allocations.map((one, i) => ({ allocationId: one.id, ssh: views[i]?.ssh ?? null })),
        );
        await tell(run, (input) => transition(sql, { ...input, event: 'ready', reason: null }));
      },
      noUndo: 'it is one transaction and the last step',
    }),
  ],
  async failed(sql, run, why) {
    const event = run.operation.kind === 'launch' ? 'boot_failed' : 'start_failed';
    await tell(run, (input) => transition(sql, { ...input, event, reason: why }));
  },
};

/** What verify saw, for the addresses that start_meter records. */
const viewsOf = new WeakMap<Run, Awaited<ReturnType<typeof observeAll>>['views']>();

type TransitionBase = Pick<
  Parameters<typeof transition>[1],
  'orgId' | 'workloadId' | 'actor' | 'operationId' | 'nowMs'
>;

/** Runs a transition as the provisioner and says so when the state did not allow it (a sign of a bug, never fatal). */
export async function tell(run: Run, act: (input: TransitionBase) => ReturnType<typeof transition>): Promise<void> {
  const { operation, ctx } = run;
  const result = await act({
    orgId: operation.orgId,
    workloadId: operation.workloadId,
    actor: 'system:provisioner',
    operationId: operation.id,
    nowMs: ctx.clock.nowMs(),
  });
  if (!result) ctx.logger.error({ operationId: operation.id, workloadId: operation.workloadId }, 'transition refused');
}

function sameDevices(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && [...a].sort().every((one, i) => one === [...b].sort()[i]);
}

async function prepare(run: Run): Promise<Outcome> {
  if (run.work.allocations.length === 0) {
    return { kind: 'back', excludedNodeIds: [], reason: reasonOf('allocation_lost') };
  }
  return eachAllocation(run, async (allocation) => {
    const { view, outcome } = await callOnce(run, allocation, {
      act: () =>
        driverOf(run, allocation).prepare(
          callContext(run, 'prepare', allocation.id),
          allocationSpec(run.work, allocation),
        ),
      settled: (seen) => seen !== null && seen.state !== 'terminated',
    });
    if (outcome.kind !== 'done') return outcome;
    if (!view || view.state === 'terminated') {
      return { kind: 'back', excludedNodeIds: [], reason: reasonOf('allocation_lost') };
    }
    return sameDevices(view.deviceIds, allocation.deviceIds) ? DONE : wrongDevices(allocation);
  });
}

function wrongDevices(allocation: WorkAllocation): Outcome {
  return { kind: 'fail', reason: reasonOf('verification_failed', allocation.nodeName) };
}

/** Every node runs, on exactly the devices that were placed, and nothing has failed since. */
async function verify(run: Run): Promise<Outcome> {
  const { views, outcome } = await observeAll(run);
  if (outcome.kind !== 'done') return outcome;
  viewsOf.set(run, views);
  const judged = judge(run, views);
  if (judged.outcome.kind !== 'done') return judged.outcome;
  const wrong = run.work.allocations.find((one, i) => !sameDevices(views[i]?.deviceIds ?? [], one.deviceIds));
  if (wrong) return wrongDevices(wrong);
  const faulty = views.find((view) => view?.fault);
  return faulty ? { kind: 'fail', reason: faultReason(faulty.fault) } : DONE;
}

async function readyToMeter(run: Run): Promise<Outcome> {
  if (!viewsOf.has(run)) {
    const verified = await verify(run);
    if (verified.kind !== 'done') return verified;
  }
  return alignClocks(singleSql(run.ctx.db), run);
}
