import { readServerSentEvents } from '@suanxiang/contract/server-sent-events';
import { ApiProblem } from './errors';
import type { Event } from './generated/api';
import { pause } from './pause';
import type { StreamOptions } from './types';

/** A stream that is silent for longer than this is dead: the server speaks every 15 seconds. */
const SILENCE_MS = 45_000;
const AGAIN_MS = 1_000;

interface Source {
  /** Opens the stream after an event, or at what comes next. */
  open(lastEventId: string | null, signal: AbortSignal): Promise<Response>;
  /** Id of the newest event; null when there is none yet. */
  newest(signal: AbortSignal | undefined): Promise<string | null>;
}

/**
 * Events without loss or doubles: a connection that breaks or ends is opened again after the event last seen. It is
 * known before the first connection from which event on to tell, so that a break before the first event loses none.
 * Ends by `break`, by the signal, and with an ApiProblem when the caller may no longer listen.
 */
export async function* eventStream(source: Source, options: StreamOptions): AsyncGenerator<Event> {
  let last = options.lastEventId ?? (await source.newest(options.signal));
  for (;;) {
    const silence = new AbortController();
    const signals = [silence.signal, ...(options.signal ? [options.signal] : [])];
    let timer = setTimeout(() => silence.abort(), SILENCE_MS);
    const heard = () => {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
    };
    try {
      const response = await source.open(last, AbortSignal.any(signals));
      for await (const { id, data } of readServerSentEvents(response.body!, heard)) {
        yield JSON.parse(data) as Event;
        last = id;
      }
    } catch (error) {
      if (options.signal?.aborted || (error instanceof ApiProblem && !error.problem.retryable)) throw error;
    } finally {
      clearTimeout(timer);
      silence.abort();
    }
    await pause(AGAIN_MS, options.signal);
  }
}
