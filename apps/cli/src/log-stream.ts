import { ApiProblem } from '@suanxiang/contract/client';
import { reasonOf } from '@suanxiang/contract/retry';
import { connection } from './connection';
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

const AGAIN_MS = 1_000;
const MOST_FAILURES = 5;

/**
 * A log as it is written, to the end of its run: a connection that drops is opened again where it was. Throws ApiProblem when
 * the API refuses, NetworkError when it cannot be reached for long, Interrupted after Ctrl-C.
 */
export async function* followLogs(context: Context, call: LogsCall, after: string | null): AsyncGenerator<LogLine[]> {
  const { io } = context;
  const { kind, id, query } = call;
  let last = after;
  for (let failures = 0; ; ) {
    try {
      const messages = connection(
        context,
        last,
        (client, signal) =>
          kind === 'instance'
            ? client.raw('streamInstanceLogs', { params: { instance_id: id }, query, signal } as never)
            : client.raw('streamClusterLogs', { params: { cluster_id: id }, query, signal } as never),
        () => {
          failures = 0;
        },
      );
      for await (const message of messages) {
        const told = JSON.parse(message.data) as { lines: LogLine[]; reason?: string };
        yield told.lines;
        if (told.reason) return;
        last = message.id || last;
      }
    } catch (error) {
      if (io.interrupted.aborted) throw new Interrupted();
      if (error instanceof ApiProblem && !error.problem.retryable) throw error;
      failures += 1;
      if (failures >= MOST_FAILURES)
        throw error instanceof ApiProblem
          ? error
          : new NetworkError(context.apiUrl, reasonOf(error, context.say('streamSilent')));
    }
    await io.sleep(AGAIN_MS);
  }
}
