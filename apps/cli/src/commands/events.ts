import { inLocale } from '@suanxiang/domain/locale';
import { type Event, followEvents } from '../event-stream';
import { instant, type RenderOptions, valueText } from '../render/values';
import { pad, truncate } from '../render/width';
import type { Context } from '../session';

export interface FollowEventsOptions {
  type?: string | undefined;
  resource?: string | undefined;
  /** Begin after this event; null: with what comes next. */
  after: string | null;
}

const TYPE_CELLS = 28;
const RESOURCE_CELLS = 31;

/** What an event says about its change, in a few words: `from running to stopping`, or its plain fields. */
export function summaryOf(event: Event, options: RenderOptions): string {
  return Object.entries(event.data)
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([field, value]) => {
      const isText = typeof value === 'object' && value !== null && 'en' in value && 'zh' in value;
      const text = isText
        ? inLocale(value as { en: string; zh: string }, options.locale)
        : valueText(field, value, options);
      return `${field}=${text}`;
    })
    .join(' ');
}

/** Prints events as they happen until Ctrl-C; with --json one line of JSON for each. */
export async function showEvents(context: Context, options: FollowEventsOptions): Promise<void> {
  const { io, say, env } = context;
  const events = followEvents(context, {
    type: options.type,
    after: options.after,
    onLost: (reason, waitMs) => io.err(`${say('streamLost', { reason, seconds: (waitMs / 1000).toFixed(0) })}\n`),
    onGap: () => io.err(`${say('streamGap')}\n`),
  });
  for await (const event of events) {
    if (options.resource && event.resource !== options.resource) continue;
    if (context.options.json) {
      io.out(`${JSON.stringify(event)}\n`);
      continue;
    }
    const head = `${instant(Date.parse(event.at))}  ${pad(event.type, TYPE_CELLS)}  ${pad(event.resource ?? '-', RESOURCE_CELLS)}`;
    const line = `${head}  ${summaryOf(event, { locale: env.locale, say })}`.trimEnd();
    io.out(`${io.columns === null ? line : truncate(line, io.columns)}\n`);
  }
}
