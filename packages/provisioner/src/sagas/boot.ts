import { setTimeout as sleep } from 'node:timers/promises';
import { singleSql } from '@suanxiang/db/tenant';
import { reasonOf } from '@suanxiang/domain/fault-reasons';
import { type AllocationView, DriverError } from '@suanxiang/hal/driver';
import { classify, forEach, gravest } from '../driver-call';
import { observeAll } from '../machines';
import { faultReason, isMachineFault } from '../reasons';
import { callContext, driverOf, type Run } from '../run';
import { DONE, type Outcome } from '../step';
import { showPhase } from '../steps';
import type { WorkAllocation } from '../work';

type Views = (AllocationView | null)[];

/** Finer steps of a boot, in order; the least advanced node speaks for a gang. */
const PHASES = ['pulling_image', 'creating_network', 'attaching_devices', 'booting', 'verifying'];

const FIRST_PAUSE_MS = 50;

/**
 * Starts every node and watches closely for a short while, as most boots of small images are quick: first look at
 * once, then with doubling pauses. Longer boots are given back and looked at later.
 */
export async function boot(run: Run): Promise<Outcome> {
  const { watchMs, lookAgainMs } = run.ctx.timing;
  let seen = run.resumed ? await observeAll(run) : await startThose(run, run.work.allocations, []);
  let shown = run.work.step.phase;
  let waitedMs = 0;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs *= 2) {
    if (seen.outcome.kind !== 'done') return seen.outcome;
    const judged = judge(run, seen.views);
    if (judged.outcome.kind !== 'again') return judged.outcome;
    if (judged.notStarted.length > 0) {
      seen = await startThose(run, judged.notStarted, seen.views);
      continue;
    }
    if (judged.phase !== null && judged.phase !== shown) {
      shown = judged.phase;
      await showPhase(singleSql(run.ctx.db), run.operation, judged.phase);
    }
    if (waitedMs + pauseMs > watchMs) return { kind: 'again', afterMs: lookAgainMs, phase: judged.phase };
    await sleep(pauseMs, undefined, { signal: run.signal });
    waitedMs += pauseMs;
    seen = await observeAll(run);
  }
}

async function startThose(
  run: Run,
  allocations: readonly WorkAllocation[],
  known: Views,
): Promise<{ views: Views; outcome: Outcome }> {
  const views: Views = [...known];
  const outcomes = await forEach(allocations, run.ctx.limits.parallelCalls, async (allocation): Promise<Outcome> => {
    try {
      const call = callContext(run, 'boot', allocation.id);
      views[run.work.allocations.indexOf(allocation)] = await driverOf(run, allocation).start(call, allocation.id);
      return DONE;
    } catch (error) {
      if (!(error instanceof DriverError)) throw error;
      return classify(error, allocation);
    }
  });
  return { views, outcome: gravest(outcomes) };
}

export interface Judgement {
  /** `again` while at least one node is on its way and none has failed. */
  outcome: Outcome;
  notStarted: WorkAllocation[];
  phase: string | null;
}

/** What the views of all nodes mean together. */
export function judge(run: Run, views: Views): Judgement {
  const notStarted: WorkAllocation[] = [];
  const waiting: string[] = [];
  const outcomes = run.work.allocations.map((allocation, i): Outcome => {
    const view = views[i] ?? null;
    if (view?.state === 'running') return DONE;
    if (view?.state === 'prepared') notStarted.push(allocation);
    if (view?.state === 'prepared' || view?.state === 'starting') {
      if (view.phase) waiting.push(view.phase);
      return { kind: 'again', afterMs: run.ctx.timing.lookAgainMs, phase: view.phase };
    }
    return ended(allocation, view);
  });
  waiting.sort((a, b) => PHASES.indexOf(a) - PHASES.indexOf(b));
  return { outcome: gravest(outcomes), notStarted, phase: waiting[0] ?? null };
}

/** A node that will not come up: another node may do better unless the workload itself is at fault. */
function ended(allocation: WorkAllocation, view: AllocationView | null): Outcome {
  const lost = view === null || view.state === 'terminated';
  if (lost || isMachineFault(view.fault)) {
    const why = lost ? reasonOf('allocation_lost') : faultReason(view.fault);
    return { kind: 'back', excludedNodeIds: [allocation.nodeId], reason: why };
  }
  return { kind: 'fail', reason: faultReason(view.fault) };
}
