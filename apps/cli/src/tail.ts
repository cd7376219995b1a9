import type { CallInput, CallOutput, Client } from '@suanxiang/contract/client';
import { followLogs, type LogLine, type LogsCall } from './log-stream';
import { renderAnswer } from './render/render';
import type { Options } from './request';
import type { Context } from './session';

type Logs = CallOutput<'getInstanceLogs'>;
type Call = CallInput<'getInstanceLogs'> | CallInput<'getClusterLogs'>;

function callOf(call: Call): LogsCall & { cursor: string | null } {
  const params = call.params as { instance_id?: string; cluster_id?: string };
  const { cursor = null, ...query } = (call.query ?? {}) as LogsCall['query'] & { cursor?: string };
  const kind = params.instance_id === undefined ? 'cluster' : 'instance';
  return { kind, id: (params.instance_id ?? params.cluster_id)!, query, cursor };
}

function readPage(client: Client, { kind, id, query }: LogsCall, cursor: string | null): Promise<Logs> {
  const wish = { ...query, ...(cursor ? { cursor } : {}) };
  return kind === 'instance'
    ? client.call('getInstanceLogs', { params: { instance_id: id }, query: wish })
    : client.call('getClusterLogs', { params: { cluster_id: id }, query: wish });
}

/** Prints a node's log as far as it is written; with `--follow` goes on to the end of its run. */
export async function showTail(context: Context, client: Client, call: Call, options: Options): Promise<void> {
  const { cursor, ...asked } = callOf(call);
  if (options.follow) {
    for await (const lines of followLogs(context, asked, cursor)) show(context, { lines, next_cursor: null }, true);
    return;
  }
  const lines: LogLine[] = [];
  let next = cursor;
  do {
    const page = await readPage(client, asked, next);
    next = page.next_cursor;
    if (page.lines.length === 0) break;
    if (context.options.json) lines.push(...page.lines);
    else show(context, page, true);
    // Text leaves page by page, so that a long log needs no more memory than one.
    if (!context.options.json) lines.length = 1;
  } while (next);
  if (context.options.json || lines.length === 0) show(context, { lines, next_cursor: next }, false);
}

function show(context: Context, answer: Logs, following: boolean): void {
  const { io, env, say } = context;
  if (context.options.json) {
    // One line per entry while following, so that other programs can read along.
    if (following) for (const line of answer.lines) io.out(`${JSON.stringify(line)}\n`);
    else io.out(`${JSON.stringify(answer, null, 2)}\n`);
  } else if (answer.lines.length > 0 || !following) {
    io.out(renderAnswer('getInstanceLogs', answer, { locale: env.locale, say }));
  }
}
