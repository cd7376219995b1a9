import { ring } from '@suanxiang/db/outbox';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import type { StatusReason } from '@suanxiang/db/transition';
import { reasonOf } from '@suanxiang/domain/fault-reasons';
import { backOffMs } from './back-off';
import type { Provisioner } from './context';
import { type ClaimedOperation, claim, Fenced, guard, handBack, renew } from './lease';
import type { Run } from './run';
import { sagaOf } from './sagas/sagas';
import { type Outcome, type Saga, type Step, TryAgain } from './step';
import {
  advance,
  backToPlacement,
  beginGoingBack,
  beginUnwind,
  enterStep,
  fail,
  type GoingBack,
  succeed,
} from './steps';
import { loadWork } from './work';

/** What the caller of driveOperation should do: nothing, or ring again after a while. */
export type DriveResult = { kind: 'over' } | { kind: 'again'; afterMs: number };

const OVER: DriveResult = { kind: 'over' };

/**
 * Does whatever is due for one operation, as far as it gets: claims it, runs its saga from the recorded step on, unwinds
 * it when it has failed. May be called at any time, twice, late, or by several workers at once. Errors of the database
 * or of our own are thrown after the operation was given back, if that was possible; its lease runs out otherwise.
 */
export async function driveOperation(ctx: Provisioner, operationId: string): Promise<DriveResult> {
  const claimed = await claim(ctx, operationId);
  if (claimed.kind === 'none') return OVER;
  if (claimed.kind === 'wait') return { kind: 'again', afterMs: claimed.afterMs };
  const { operation } = claimed;
  const lost = new AbortController();
  const heartbeat = setInterval(() => {
    renew(ctx, operation).catch((error) => {
      if (error instanceof Fenced) lost.abort();
    });
  }, ctx.timing.leaseMs / 3);
  try {
    const work = await loadWork(singleSql(ctx.db), operation);
    // A step that nobody entered before us cannot have been acted upon.
    const resumed = work.step.startedMsAgo !== null;
    const run: Run = { ctx, operation, work, resumed, unscrubbedDeviceIds: [], signal: lost.signal };
    return await drive(run, sagaOf(operation.kind));
  } catch (error) {
    // Fenced by the engine alone, we hand back and come again with a newer epoch; fenced by the database, that is a no-op.
    if (error instanceof Fenced) ctx.logger.debug({ operationId, epoch: operation.epoch }, 'fenced off');
    else if (!(error instanceof TryAgain)) {
      ctx.logger.error({ err: error, operationId, step: operation.step }, 'step failed unexpectedly');
    }
    return await giveBack(ctx, operation, null);
  } finally {
    clearInterval(heartbeat);
  }
}

/** Hands back with a rising pause; after a Fenced there is nothing to hand back. */
async function giveBack(ctx: Provisioner, operation: ClaimedOperation, phase: string | null): Promise<DriveResult> {
  const afterMs = backOffMs(operation.attempt);
  try {
    await handBack(ctx, operation, { afterMs, attempt: operation.attempt + 1, phase });
  } catch (error) {
    if (error instanceof Fenced) return OVER;
    throw error;
  }
  return { kind: 'again', afterMs };
}

async function drive(run: Run, saga: Saga): Promise<DriveResult> {
  const { operation, work } = run;
  if (operation.error) return unwind(run, saga, operation.error);
  if (work.step.back) return goBack(run, saga, work.step.back);
  for (;;) {
    const step = saga.steps.find((one) => one.name === operation.step);
    if (!step) throw new Error(`${operation.kind} has no step ${operation.step}`);
    const tooLate = saga.failed ? lateness(run, step) : null;
    const outcome: Outcome = tooLate ?? (await act(run, step));
    if (outcome.kind !== 'done') return settle(run, saga, outcome);
    const finished = await complete(run, saga, step);
    if (finished) return OVER;
    run.resumed = false;
  }
}

function lateness(run: Run, step: Step): Outcome | null {
  if (run.operation.overdue) return { kind: 'fail', reason: reasonOf('operation_deadline') };
  const { startedMsAgo } = run.work.step;
  if (run.resumed && startedMsAgo !== null && startedMsAgo > step.deadlineMs) {
    return { kind: 'fail', reason: reasonOf('step_deadline', step.name) };
  }
  return null;
}

async function act(run: Run, step: Step): Promise<Outcome> {
  const { ctx, operation } = run;
  const point = `${operation.kind}:${step.name}`;
  if (step.do && operation.step === run.work.step.name && run.work.step.startedMsAgo === null) {
    await enterStep(singleSql(ctx.db), operation);
  }
  ctx.failpoint(`${point}:before`);
  const outcome = step.do ? await step.do(run) : ({ kind: 'done' } as const);
  if (outcome.kind === 'done') ctx.failpoint(`${point}:acted`);
  return outcome;
}

/** Records the end of a step together with what it writes. True when it was the last one. */
async function complete(run: Run, saga: Saga, step: Step): Promise<boolean> {
  const { ctx, operation } = run;
  const next = saga.steps[saga.steps.indexOf(step) + 1];
  const entering = next && { name: next.name, leaseMs: ctx.timing.leaseMs };
  if (entering && !step.write) await advance(singleSql(ctx.db), operation, { ...entering, lazily: true });
  else {
    await withSql(ctx.db, async (sql) => {
      await guard(sql, operation);
      await step.write?.(sql, run);
      if (entering) await advance(sql, operation, { ...entering, lazily: false });
      else await succeed(sql, operation);
    });
  }
  ctx.failpoint(`${operation.kind}:${step.name}:after`);
  if (!next) return true;
  operation.step = next.name;
  operation.attempt = 0;
  return false;
}

async function settle(run: Run, saga: Saga, outcome: Exclude<Outcome, { kind: 'done' }>): Promise<DriveResult> {
  const { ctx, operation } = run;
  switch (outcome.kind) {
    case 'again':
      await handBack(ctx, operation, { afterMs: outcome.afterMs, attempt: 0, phase: outcome.phase });
      return { kind: 'again', afterMs: outcome.afterMs };
    case 'retry':
      ctx.logger.warn({ operationId: operation.id, step: operation.step, why: outcome.message }, 'will retry');
      return giveBack(ctx, operation, null);
    case 'back':
      if (!saga.failed) break;
      if (run.work.placements >= ctx.limits.placements) return startUnwind(run, saga, tooOften(outcome.reason));
      await beginGoingBack(singleSql(ctx.db), operation, outcome);
      return goBack(run, saga, outcome);
    case 'fail':
      if (!saga.failed) break;
      return startUnwind(run, saga, outcome.reason);
  }
  // A saga that is never taken back keeps trying; its deadline makes it show up as overdue.
  ctx.logger.error({ operationId: operation.id, step: operation.step, outcome }, 'refused, will retry');
  return giveBack(ctx, operation, null);
}

/** Several nodes refused one after another; the last one's reason is told, too. */
function tooOften(last: StatusReason): StatusReason {
  const { code, en, zh } = reasonOf('placed_too_often');
  return { code, en: `${en} ${last.en}`, zh: `${zh}${last.zh}` };
}

async function startUnwind(run: Run, saga: Saga, why: StatusReason): Promise<DriveResult> {
  await beginUnwind(singleSql(run.ctx.db), run.operation, why);
  return unwind(run, saga, why);
}

/** Undoes every step from the present one back, newest first. Null when all is undone. */
async function undoSteps(run: Run, steps: readonly Step[]): Promise<Outcome | null> {
  for (const step of [...steps].reverse()) {
    if (!step.undo) continue;
    const outcome = await step.undo(run);
    if (outcome.kind !== 'done') return outcome;
    run.ctx.failpoint(`${run.operation.kind}:${step.name}:undo`);
  }
  return null;
}

/** The steps up to and including the present one. */
function entered(run: Run, saga: Saga): Step[] {
  return saga.steps.slice(0, saga.steps.findIndex((one) => one.name === run.operation.step) + 1);
}

async function unwind(run: Run, saga: Saga, why: StatusReason): Promise<DriveResult> {
  const { ctx, operation } = run;
  const steps = entered(run, saga);
  const stuck = await undoSteps(run, steps);
  if (stuck) return giveBack(ctx, operation, null);
  await withSql(ctx.db, async (sql) => {
    await guard(sql, operation);
    for (const step of [...steps].reverse()) await step.unwrite?.(sql, run);
    await saga.failed?.(sql, run, why);
    await fail(sql, operation.id, why);
  });
  ctx.failpoint(`${operation.kind}:unwound`);
  return OVER;
}

/** Undoes everything down to the placement and asks for another one. */
async function goBack(run: Run, saga: Saga, back: GoingBack): Promise<DriveResult> {
  const { ctx, operation } = run;
  const steps = entered(run, saga);
  const stuck = await undoSteps(run, steps);
  if (stuck) return giveBack(ctx, operation, null);
  await withSql(ctx.db, async (sql) => {
    await guard(sql, operation);
    for (const step of [...steps].reverse()) await step.unwrite?.(sql, run);
    await backToPlacement(sql, operation, { excludedNodeIds: back.excludedNodeIds, reason: back.reason });
    await ring(sql, 'placement', run.work.regionId);
  });
  ctx.failpoint(`${operation.kind}:went_back`);
  return OVER;
}
