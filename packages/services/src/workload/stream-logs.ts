import { setTimeout as delay } from 'node:timers/promises';
import { enterStream, HEARTBEAT_MS, HELLO, RECHECK_MS, STILL_HERE, streamOf } from '../access/open-streams';
import type { CallMeta, Principal, StreamMeta } from '../access/principal';
import type { AppContext } from '../context';
import { ProblemError } from '../problem';
import { type LogStep, type LogsOf, lineAnswer, nextLines } from './logs';

/** How often a log that says nothing is looked at. */
const LOOK_MS = 1_000;

interface Following {
  principal: Principal;
  cursor: string | null;
  of: LogsOf;
}

/** Waits for an answer of machines no longer than the caller may have it. */
async function whileAllowed<T>(state: Following, stream: StreamMeta, answer: Promise<T>): Promise<T> {
  answer.catch(() => {});
  for (;;) {
    const timer = new AbortController();
    const late = delay(RECHECK_MS, null, { signal: timer.signal }).catch(() => null);
    const first = await Promise.race([answer.then((value) => ({ value })), late]).finally(() => timer.abort());
    if (first) return first.value;
    stream.signal.throwIfAborted();
    state.principal = await stream.again();
  }
}

/** The last lines and the end are one event: a connection that breaks has shown both or neither. */
function textOf({ lines, next }: LogStep): string {
  const told = lines.map(lineAnswer);
  if (next === null) return `event: end\ndata: ${JSON.stringify({ lines: told, reason: 'log_ended' })}\n\n`;
  return `id: ${next}\nevent: lines\ndata: ${JSON.stringify({ lines: told })}\n\n`;
}

async function* chunksOf(ctx: AppContext, state: Following, stream: StreamMeta, first: LogStep, endMs: number) {
  const { clock } = ctx;
  let checkedMs = clock.nowMs();
  let spokenMs = checkedMs;
  let step: LogStep | null = first;
  yield HELLO;
  while (!stream.signal.aborted) {
    if (step && (step.lines.length > 0 || step.next === null)) {
      yield textOf(step);
      if (step.next === null) return;
      spokenMs = clock.nowMs();
    }
    if (step) state.cursor = step.next;
    if (clock.nowMs() >= endMs) return;
    if (!step || step.lines.length === 0) {
      await delay(LOOK_MS, null, { signal: stream.signal }).catch(() => null);
      if (stream.signal.aborted) return;
    }
    if (clock.nowMs() - spokenMs >= HEARTBEAT_MS) {
      yield STILL_HERE;
      spokenMs = clock.nowMs();
    }
    if (clock.nowMs() - checkedMs >= RECHECK_MS) {
      state.principal = await stream.again();
      checkedMs = clock.nowMs();
    }
    step = await whileAllowed(state, stream, nextLines(ctx, state.principal, state.of, state.cursor)).catch((error) => {
      // Machines that do not answer for a moment are asked again.
      if (error instanceof ProblemError && error.code === 'unavailable') return null;
      throw error;
    });
  }
}

/**
 * A node's log as it is written, as server-sent events of at most a page of lines each; their ids are cursors. No more than
 * one page is held at a time. Ends with the run's log (event `end`), after `max_seconds`, and when the caller may no longer read.
 */
export async function streamLogs(
  ctx: AppContext,
  principal: Principal,
  meta: CallMeta,
  { max_seconds: seconds, ...of }: LogsOf & { max_seconds: number },
): Promise<{ chunks: AsyncGenerator<string> }> {
  const stream = streamOf(meta);
  const state: Following = { principal, cursor: stream.lastEventId, of };
  const leave = enterStream(ctx, principal);
  let first: LogStep;
  try {
    first = await nextLines(ctx, principal, of, state.cursor);
  } catch (error) {
    leave();
    throw error;
  }
  async function* counted() {
    try {
      yield* chunksOf(ctx, state, stream, first, ctx.clock.nowMs() + seconds * 1000);
    } catch (error) {
      // A caller who may no longer read is told nothing more; a stream has no status to say it with.
      if (!(error instanceof ProblemError) && !stream.signal.aborted) throw error;
    } finally {
      leave();
    }
  }
  return { chunks: counted() };
}
