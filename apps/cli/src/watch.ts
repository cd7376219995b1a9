import type { Route } from '@suanxiang/contract/route';
import { createBell } from './bell';
import { followEvents } from './event-stream';
import { UsageError } from './exit-codes';
import { liveArea } from './render/live-area';
import { instant } from './render/values';
import type { Options } from './request';
import type { Context } from './session';

const DEFAULT_EVERY_S = 5;
/** Events come in bursts; what they changed is read once for so many of them. */
const SETTLE_MS = 250;

type Item = Record<string, unknown>;

/** True for answers that may be looked at again and again: readings in JSON. */
export function canWatch(route: Route): boolean {
  return route.method === 'GET' && route.response.schema !== null && !/Logs$/.test(route.operationId);
}

/** Seconds between two looks when no event calls earlier. */
export function everyS(options: Options, context: Context): number {
  const seconds = Number(options.every ?? DEFAULT_EVERY_S);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= 3600) return seconds;
  throw new UsageError(context.say('badNumber', { flag: '--every', min: 1, max: 3600, given: String(options.every) }));
}

export interface Watched {
  read(): Promise<unknown>;
  render(answer: unknown): string;
  everyS: number;
  /** True where the organization's events tell of changes. */
  hasEvents: boolean;
}

/**
 * Shows an answer and shows it again whenever it changes, until Ctrl-C: in place on a terminal, else the whole anew, with
 * --json one line for each item that changed. Events call for the next look; without them it comes every `everyS` seconds.
 */
export async function watch(context: Context, watched: Watched): Promise<never> {
  const { io } = context;
  const bell = createBell(io);
  if (watched.hasEvents) void ringForEvents(context, bell.ring);
  const show = context.options.json ? jsonLines(context) : tables(context, watched);
  for (;;) {
    show(await watched.read());
    if (await bell.wait(watched.everyS * 1000)) await io.sleep(SETTLE_MS);
  }
}

/** Whoever may not hear events, or has no connection for them, looks by the clock alone. */
async function ringForEvents(context: Context, ring: () => void): Promise<void> {
  try {
    for await (const _event of followEvents(context, { after: null, onGap: ring, onLost: ring })) ring();
  } catch {
    ring();
  }
}

function tables({ io, say, env }: Context, watched: Watched): (answer: unknown) => void {
  const { columns } = io;
  if (columns === null) {
    let before = '';
    return (answer) => {
      const text = watched.render(answer);
      if (text === before) return;
      io.out(`${before ? '\n' : ''}${instant(io.nowMs())}\n${text}`);
      before = text;
    };
  }
  const area = liveArea(io.out, () => ({ columns: io.columns ?? columns, rows: io.rows }));
  const [dim, plain] = env.color ? ['\u001b[2m', '\u001b[0m'] : ['', ''];
  return (answer) => {
    const head = say(watched.hasEvents ? 'watchingEvents' : 'watching', {
      at: instant(io.nowMs()),
      seconds: watched.everyS,
    });
    area.draw(`${dim}${head}${plain}\n\n${watched.render(answer)}`);
  };
}

/** One line of JSON per item that is new, changed or gone; the first look tells what is there. */
function jsonLines({ io }: Context): (answer: unknown) => void {
  let before: Map<string, string> | null = null;
  return (answer) => {
    const now = new Map(itemsOf(answer).map((item, index) => [keyOf(item, index), JSON.stringify(item)]));
    const at = new Date(io.nowMs()).toISOString();
    const tell = (change: string, item: string) =>
      io.out(`${JSON.stringify({ at, change, item: JSON.parse(item) as unknown })}\n`);
    for (const [key, item] of now) {
      if (before === null) tell('present', item);
      else if (!before.has(key)) tell('added', item);
      else if (before.get(key) !== item) tell('changed', item);
    }
    for (const [key, item] of before ?? []) if (!now.has(key)) tell('removed', item);
    before = now;
  };
}

function itemsOf(answer: unknown): Item[] {
  const { items } = answer as { items?: unknown };
  return Array.isArray(items) ? (items as Item[]) : [answer as Item];
}

/** What makes an item the same as before: its id, or what stands for one. */
function keyOf(item: Item, index: number): string {
  const id = item.id ?? item.resource_id ?? item.sku;
  return typeof id === 'string' ? id : String(index);
}
