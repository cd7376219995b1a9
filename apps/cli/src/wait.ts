import { ApiProblem, type Client } from '@suanxiang/contract/client';
import { inLocale } from '@suanxiang/domain/locale';
import { EXIT, Interrupted, OperationFailed } from './exit-codes';
import { liveArea } from './render/live-area';
import { type Operation, progressLines, progressPanel, type Queued, queueText } from './render/progress';
import type { Context } from './session';

const POLL_MS = 500;
const SLOW_POLL_MS = 2000;
const SLOW_AFTER_MS = 30_000;
/** The queue is asked when placing takes longer than this, and then as often. */
const QUEUE_EVERY_MS = 4_000;

/** Shows how an operation moves on; `end` leaves what was drawn. */
interface Progress {
  show(operation: Operation, queued: Queued | null, waitedMs: number): void;
  end(): void;
}

/** On a terminal a panel that is drawn over itself, else one line for each thing that is new; both on standard error. */
function progressOf({ io, env, say }: Context): Progress {
  const { locale, color } = env;
  if (io.errColumns !== null) {
    const area = liveArea(io.err, () => ({ columns: io.errColumns ?? 80, rows: null }));
    return {
      show: (operation, queued, elapsedMs) =>
        area.draw(progressPanel(operation, { locale, say, color, elapsedMs, queued, columns: io.errColumns ?? 80 })),
      end: area.end,
    };
  }
  const shown = new Map<string, string>();
  let said = '';
  return {
    show(operation, queued) {
      for (const line of progressLines(shown, operation, locale)) io.err(`${line}\n`);
      const text = queued ? queueText(queued, locale, say) : '';
      if (text && text !== said) io.err(`${text}\n`);
      said = text;
    },
    end() {},
  };
}

/** Place and expected start of what waits for accelerators; null when it does not wait there (any more). */
async function queuedOf(client: Client, operation: Operation): Promise<Queued | null> {
  const placing = operation.steps.find((step) => step.name === 'place');
  if (!placing || placing.status === 'done') return null;
  try {
    return await client.call('getQueueEntry', { params: { resource_id: operation.resource_id } });
  } catch (error) {
    if (error instanceof ApiProblem && error.problem.status < 500) return null;
    throw error;
  }
}

/**
 * Follows an operation to its end and shows each step on standard error. Throws OperationFailed when it fails, is
 * superseded, or has not ended after `timeoutMs`; Interrupted after Ctrl-C, when it has said how to go on.
 */
export async function followOperation(
  context: Context,
  client: Client,
  first: Operation,
  timeoutMs: number,
): Promise<Operation> {
  const { io, say } = context;
  const progress = progressOf(context);
  try {
    return await toTheEnd(context, client, first, timeoutMs, progress);
  } catch (error) {
    if (error instanceof Interrupted || io.interrupted.aborted) {
      io.err(`\n${say('waitInterrupted', { resource: first.resource_id })}\n`);
      throw new Interrupted();
    }
    throw error;
  } finally {
    progress.end();
  }
}

async function toTheEnd(
  { io, say, env }: Context,
  client: Client,
  first: Operation,
  timeoutMs: number,
  progress: Progress,
): Promise<Operation> {
  const startedMs = io.elapsedMs();
  let operation = first;
  let queued: Queued | null = null;
  let askedMs = startedMs;
  for (;;) {
    const waitedMs = io.elapsedMs() - startedMs;
    progress.show(operation, queued, waitedMs);
    if (operation.status === 'succeeded') return operation;
    if (operation.status === 'superseded') throw new OperationFailed(say('operationSuperseded'));
    if (operation.status === 'failed') {
      const reason = operation.error
        ? `${inLocale(operation.error, env.locale)} [${operation.error.code}]`
        : operation.id;
      throw new OperationFailed(say('operationFailed', { reason }));
    }
    if (waitedMs > timeoutMs) {
      const seconds = Math.round(timeoutMs / 1000);
      const state = say(operation.status === 'pending' ? 'statusPending' : 'statusRunning');
      throw new OperationFailed(say('waitTimedOut', { state, seconds, id: operation.id }), EXIT.timeout);
    }
    await io.sleep(waitedMs < SLOW_AFTER_MS ? POLL_MS : SLOW_POLL_MS);
    operation = await client.call('getOperation', { params: { operation_id: operation.id } });
    if (io.elapsedMs() - askedMs >= QUEUE_EVERY_MS) {
      queued = await queuedOf(client, operation);
      askedMs = io.elapsedMs();
    } else if (operation.steps.find((step) => step.name === 'place')?.status === 'done') queued = null;
  }
}
