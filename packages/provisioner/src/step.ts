import type { Sql } from '@suanxiang/db/sql';
import type { StatusReason } from '@suanxiang/db/transition';
import type { OperationKind } from '@suanxiang/domain/workload-state';
import type { Run } from './run';

/**
 * What became of one activation of a step.
 * - done: go on.
 * - again: nothing is wrong, look again later; `phase` is shown to the tenant.
 * - retry: a passing failure; repeat with a rising pause.
 * - back: undo up to the placement and place elsewhere, without the named nodes.
 * - fail: final; undo everything and tell the tenant why.
 */
export type Outcome =
  | { kind: 'done' }
  | { kind: 'again'; afterMs: number; phase: string | null }
  | { kind: 'retry'; message: string }
  | { kind: 'back'; excludedNodeIds: string[]; reason: StatusReason }
  | { kind: 'fail'; reason: StatusReason };

export const DONE: Outcome = { kind: 'done' };

/** Thrown by a `write` that finds the world moved on: the step is repeated after a short pause. */
export class TryAgain extends Error {
  override readonly name = 'TryAgain';
}

interface StepBody {
  /** Works outside any transaction; may be repeated at any time and picks up where a dead worker stopped. */
  do?: (run: Run) => Promise<Outcome>;
  /** Written in the transaction that ends the step, guarded by the lease. */
  write?: (sql: Sql, run: Run) => Promise<void>;
  /** Longest time in this step before the saga fails and unwinds; for sagas that cannot fail, before it counts as overdue. */
  deadlineMs: number;
}

interface Undo {
  /** Takes back what `do` did; may be repeated, also when `do` never ran. */
  undo?: (run: Run) => Promise<Outcome>;
  /** Takes back what `write` wrote, in the transaction that ends the unwinding. */
  unwrite?: (sql: Sql, run: Run) => Promise<void>;
}

export interface Step extends StepBody, Undo {
  name: string;
  /** Why there is nothing to take back. */
  noUndo: string | null;
}

/** One line of the runbook: what it does, and how it is taken back or why that is not needed. */
export function step(
  name: string,
  body: StepBody & ((Undo & { noUndo?: never }) | { noUndo: string; undo?: never; unwrite?: never }),
): Step {
  return { ...body, name, noUndo: body.noUndo ?? null };
}

export interface Saga {
  kinds: readonly OperationKind[];
  steps: readonly Step[];
  /**
   * Written when the last undo is done, in the same transaction. Null: this saga is never taken back, it goes on until
   * it succeeds.
   */
  failed: ((sql: Sql, run: Run, reason: StatusReason) => Promise<void>) | null;
}
