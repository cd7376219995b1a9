import { ApiProblem } from '@suanxiang/contract/client';
import { reasonOf } from '@suanxiang/contract/retry';
import { readServerSentEvents } from '@suanxiang/contract/server-sent-events';
import { Interrupted, NetworkError } from './exit-codes';
import type { Context } from './session';

export interface LogLine {
  at: string;
  text: string;
}

export interface LogsCall {
  kind: 'instance' | 'cluster';
  id: string;
  query: { rank?: number; tail?: number; since?: string };
}

/** Silence after which a connection counts as lost; the API says something every 15 seconds. */
const SILENCE_MS = 45_000;
const AGAIN_MS = 1_000;
const MOST_FAILURES = 5;

async function open(context: Context, { kind, id, query }: LogsCall, after: string | null, signal: AbortSignal) {
  const client = await context.streamClient(after ? { 'last-event-id': after } : {});
  return kind === 'instance'
    ? client.raw('streamInstanceLogs', { params: { instance_id: id }, query, signal } as never)
    : client.raw('streamClusterLogs', { params: { cluster_id: id }, query, signal } as never);
}

/**
 * A log as it is written, to the end of its run: a connection that drops is opened again where it was. Throws ApiProblem when
 * the API refuses, NetworkError when it cannot be reached for long, Interrupted after Ctrl-C.
 */
export async function* followLogs(context: Context, call: LogsCall, after: string | null): AsyncGenerator<LogLine[]> {
  const { io } = context;
  let last = after;
  for (let failures = 0; ; ) {
    const silent = new AbortController();
    let timer = setTimeout(() => silent.abort(), SILENCE_MS);
    try {
      const response = await open(context, call, last, AbortSignal.any([silent.signal, io.interrupted]));
      const messages = readServerSentEvents(response.body!, () => {
        failures = 0;
        clearTimeout(timer);
        timer = setTimeout(() => silent.abort(), SILENCE_MS);
      });
      for await (const { id, data } of messages) {
        const told = JSON.parse(data) as { lines: LogLine[]; reason?: string };
        yield told.lines;
        if (told.reason) return;
        last = id || last;
      }
    } catch (error) {
      if (io.interrupted.aborted) throw new Interrupted();
      if (error instanceof ApiProblem && !error.problem.retryable) throw error;
      failures += 1;
      if (failures >= MOST_FAILURES)
        throw error instanceof ApiProblem
          ? error
          : new NetworkError(context.apiUrl, reasonOf(error, context.say('streamSilent')));
    } finally {
      clearTimeout(timer);
    }
    await io.sleep(AGAIN_MS);
  }
}
