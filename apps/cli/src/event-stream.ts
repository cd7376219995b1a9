import { ApiProblem, type CallOutput } from '@suanxiang/contract/client';
import { reasonOf } from '@suanxiang/contract/retry';
import { connection } from './connection';
import { Interrupted, NetworkError } from './exit-codes';
import type { Context } from './session';

export type Event = CallOutput<'listEvents'>['items'][number];

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

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
      const messages = connection(context, last, async (client, signal) => {
        const response = await client.raw('streamEvents', {
          query: options.type ? { type: options.type } : {},
          signal,
        });
        wasOpen = true;
        failures = 0;
        return response;
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
