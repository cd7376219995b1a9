import { readServerSentEvents, type ServerSentEvent } from '@suanxiang/contract/server-sent-events';
import type { Context } from './session';

/** Silence after which a connection counts as lost; the API says something every 15 seconds. */
const SILENCE_MS = 45_000;

type Client = Awaited<ReturnType<Context['streamClient']>>;

/**
 * One connection to a stream, gone on with after what was seen last; ended when the API is silent for too long or Ctrl-C comes.
 * `heard` is called for whatever arrives.
 */
export async function* connection(
  context: Context,
  after: string | null,
  open: (client: Client, signal: AbortSignal) => Promise<Response>,
  heard: () => void = () => {},
): AsyncGenerator<ServerSentEvent> {
  const silent = new AbortController();
  const signal = AbortSignal.any([silent.signal, context.io.interrupted]);
  const arm = () => setTimeout(() => silent.abort(), SILENCE_MS);
  let timer = arm();
  try {
    const client = await context.streamClient(after ? { 'last-event-id': after } : {});
    const response = await open(client, signal);
    yield* readServerSentEvents(response.body!, () => {
      heard();
      clearTimeout(timer);
      timer = arm();
    });
  } finally {
    clearTimeout(timer);
  }
}
