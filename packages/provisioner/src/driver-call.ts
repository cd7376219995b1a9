import { reasonOf } from '@suanxiang/domain/fault-reasons';
import { type AllocationView, type DriverError, DriverError as DriverErrorClass } from '@suanxiang/hal/driver';
import { Fenced } from './lease';
import { driverOf, type Run } from './run';
import { DONE, type Outcome } from './step';
import type { WorkAllocation } from './work';

/** One call about one allocation that may have been made before. */
export interface Call {
  act: () => Promise<AllocationView>;
  /** True when this view (null: unknown to the engine) shows the call's effect. */
  settled: (view: AllocationView | null) => boolean;
}

export type Answer = { view: AllocationView | null; outcome: Outcome };

/**
 * Makes a call, or finds that it was made already: after a restart or an unknown outcome (`lost`) the engine is asked
 * what it sees before anything is repeated. Throws Fenced when the engine has seen a newer lease.
 */
export async function callOnce(run: Run, allocation: WorkAllocation, call: Call): Promise<Answer> {
  const driver = driverOf(run, allocation);
  try {
    if (run.resumed) {
      const view = await driver.observe(allocation.id);
      if (call.settled(view)) return { view, outcome: DONE };
    }
    return { view: await call.act(), outcome: DONE };
  } catch (error) {
    if (!(error instanceof DriverErrorClass)) throw error;
    if (error.code !== 'lost') return { view: null, outcome: classify(error, allocation) };
  }
  return resolveLost(run, allocation, call);
}

async function resolveLost(run: Run, allocation: WorkAllocation, call: Call): Promise<Answer> {
  try {
    const view = await driverOf(run, allocation).observe(allocation.id);
    if (call.settled(view)) return { view, outcome: DONE };
    return { view, outcome: { kind: 'retry', message: 'outcome unknown, effect not seen' } };
  } catch (error) {
    if (!(error instanceof DriverErrorClass)) throw error;
    return { view: null, outcome: { kind: 'retry', message: error.message } };
  }
}

/** What a driver's error means for the saga. */
export function classify(error: DriverError, allocation: WorkAllocation): Outcome {
  switch (error.code) {
    case 'fenced':
      throw new Fenced(error.message);
    case 'transient':
    case 'lost':
      return { kind: 'retry', message: error.message };
    case 'capacity':
    case 'conflict':
      return {
        kind: 'back',
        excludedNodeIds: [allocation.nodeId],
        reason: reasonOf('no_capacity_on_node', error.vendorCode),
      };
    case 'invalid':
    case 'unsupported':
      return { kind: 'fail', reason: reasonOf('refused', error.vendorCode ?? error.message) };
  }
}

/** Runs `act` for every item, at most `parallel` at a time, in order of arrival. Throws the first error after all ended. */
export async function forEach<T, R>(items: readonly T[], parallel: number, act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(items.length);
  const errors: unknown[] = [];
  let next = 0;
  async function lane(): Promise<void> {
    while (next < items.length) {
      const at = next;
      next += 1;
      try {
        results[at] = await act(items[at]!);
      } catch (error) {
        errors.push(error);
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(parallel, items.length) }, lane));
  if (errors.length > 0) throw errors.find((error) => error instanceof Fenced) ?? errors[0];
  return results;
}

/** The outcome of a gang: the gravest of its members'. Nodes to avoid are collected. */
export function gravest(outcomes: readonly Outcome[]): Outcome {
  const of = <K extends Outcome['kind']>(kind: K) =>
    outcomes.filter((one): one is Extract<Outcome, { kind: K }> => one.kind === kind);
  const failed = of('fail')[0];
  if (failed) return failed;
  const back = of('back');
  if (back[0]) {
    return { ...back[0], excludedNodeIds: [...new Set(back.flatMap((one) => one.excludedNodeIds))] };
  }
  const retry = of('retry')[0];
  if (retry) return retry;
  const again = of('again');
  if (again[0]) return again.reduce((slowest, one) => (one.afterMs > slowest.afterMs ? one : slowest));
  return DONE;
}
