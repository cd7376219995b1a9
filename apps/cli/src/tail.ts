import type { CallInput, CallOutput, Client } from '@suanxiang/contract/client';
import { renderAnswer } from './render/render';
import type { Options } from './request';
import type { Context } from './session';

/** The tail of a log begins to be fetched when somebody looks, so that an empty first answer is asked for again. */
const FIRST_LOOK_MS = 1500;
const FOLLOW_MS = 1000;

/** Prints a workload's log; with `--follow` goes on until the process is stopped. */
export async function showTail(
  context: Context,
  client: Client,
  call: CallInput<'getInstanceLogs'>,
  options: Options,
): Promise<void> {
  const { io } = context;
  const fetchLines = (cursor: string | null) =>
    client.call('getInstanceLogs', { ...call, query: { ...call.query, ...(cursor ? { cursor } : {}) } });
  let answer = await fetchLines(null);
  if (answer.lines.length === 0) {
    await io.sleep(FIRST_LOOK_MS);
    answer = await fetchLines(answer.next_cursor);
  }
  show(context, answer, options.follow === true);
  while (options.follow) {
    await io.sleep(FOLLOW_MS);
    answer = await fetchLines(answer.next_cursor);
    show(context, answer, true);
  }
}

function show(context: Context, answer: CallOutput<'getInstanceLogs'>, following: boolean): void {
  const { io, env, say } = context;
  if (context.options.json) {
    // One line per entry while following, so that other programs can read along.
    if (following) for (const line of answer.lines) io.out(`${JSON.stringify(line)}\n`);
    else io.out(`${JSON.stringify(answer, null, 2)}\n`);
  } else if (answer.lines.length > 0 || !following) {
    io.out(renderAnswer('getInstanceLogs', answer, { locale: env.locale, say }));
  }
}
