import { ApiProblem, type CallOutput } from '@suanxiang/contract/client';
import { reasonOf } from '@suanxiang/contract/retry';
import { readServerSentEvents } from '@suanxiang/contract/server-sent-events';
import { Interrupted, NetworkError } from './exit-codes';
import type { Context } from './session';

export type Event = CallOutput<'listEvents'>['items'][number];

/** Silence after which a connection counts as lost; the API says something every 15 seconds. */
const SILENCE_MS = 45_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/** One connection, ended when the API is silent for too long or Ctrl-C comes. */
async function* connection(context: Context, after: string | null, type: string | undefined, onOpen: () => void) {
  const silent = new AbortController();
  const signal = AbortSignal.any([silent.signal, context.io.interrupted]);
  const arm = () => setTimeout(() => silent.abort(), SILENCE_MS);
  let timer = arm();
  try {
    const client = await context.streamClient(after ? { 'last-event-id': after } : {});
    const response = await client.raw('streamEvents', { query: type ? { type } : {}, signal });
    onOpen();
    yield* readServerSentEvents(response.body!, () => {
      clearTimeout(timer);
      timer = arm();
    });
  } finally {
    clearTimeout(timer);
  }
}

export interface FollowOptions {
  /** Only these types, for example `instance.*`. */
  type?: string | undefined;
  /** Id of the event after which to begin; null: with what comes next. */
  after: string | null;
  /** Told before each new attempt. */
  onLost?: (reason: string, waitMs: number) => void;
  /** Told when what happened meanwhile can no longer be had. */
  onGap?: () => void;
}

/** Id of the newest event, so that nothing between two connections is lost; null in an organization without events. */
async function newestEvent(context: Context): Promise<string | null> {
  const client = await context.client('org');
  return (await client.call('listEvents', { query: { limit: 1 } })).items[0]?.id ?? null;
}

/**
 * Events as they happen, without end: a connection that drops is opened again where it was (Last-Event-ID). Throws ApiProblem
 * when the API refuses, NetworkError when it cannot be reached at first, Interrupted after Ctrl-C.
 */
export async function* followEvents(context: Context, options: FollowOptions): AsyncGenerator<Event> {
  const { io } = context;
  let last = options.after ?? (await newestEvent(context));
  let failures = 0;
  let wasOpen = false;
  for (;;) {
    let reason = '';
    try {
      const messages = connection(context, last, options.type, () => {
        wasOpen = true;
        failures = 0;
      });
      for await (const { id, data } of messages) {
        yield JSON.parse(data) as Event;
        last = id || last;
      }
    } catch (error) {
      if (io.interrupted.aborted) throw new Interrupted();
      if (error instanceof ApiProblem) {
        const { code, retryable } = error.problem;
        if (code === 'invalid_cursor' && wasOpen) {
          last = null;
          options.onGap?.();
        } else if (!retryable) throw error;
        reason = `HTTP ${error.problem.status}`;
      } else reason = reasonOf(error, context.say('streamSilent'));
      failures += 1;
      if (!wasOpen && failures > 3) throw new NetworkError(context.apiUrl, reason);
    }
    const waitMs = Math.min(FIRST_WAIT_MS * 2 ** Math.max(0, failures - 1), LONGEST_WAIT_MS);
    if (reason) options.onLost?.(reason, waitMs);
    await io.sleep(waitMs);
  }
}
