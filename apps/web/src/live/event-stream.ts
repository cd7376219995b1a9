import type { LiveEvent } from './concerns';
import { createSseReader } from './sse';
import { backOffMs, connect, pause, readerOf } from './stream';

/** `connecting`: not known yet; `live`: changes arrive; `polling`: no stream can be had now; `resting`: nobody looks. */
export type LiveStatus = 'connecting' | 'live' | 'polling' | 'resting';

export interface EventStreamOptions {
  /** Reads a path below /v1 in the organisation. */
  get: (path: string, headers: Record<string, string>, signal: AbortSignal) => Promise<Response>;
  /** What happened, in order; what comes within a moment comes together. */
  onEvents: (events: readonly LiveEvent[]) => void;
  /** Something may have happened that is not told: everything must be looked at again. */
  onGap: () => void;
  onStatus: (status: LiveStatus) => void;
  /** Browser clock (ms) before which the page knows everything. */
  bornMs: number;
  nowMs: () => number;
  pauseMs?: (failures: number) => number;
}

/** Events that belong together (one launch writes several) cause one look. */
const TOGETHER_MS = 80;
const CAUGHT_UP = 50;
/** The page was made a little before the browser knows of it. */
const MARGIN_MS = 5_000;

/** Up to half longer by chance, so that not all browsers come back at once. */
const scatteredMs = (failures: number) => backOffMs(failures) * (1 + Math.random() / 2);

/** A refusal that asking again does not change. */
class Refused extends Error {}

/**
 * Follows the organisation's events until `signal` ends: goes on after the last event seen, waits ever longer while it
 * cannot, and says whether it can.
 */
export async function followEvents(options: EventStreamOptions, signal: AbortSignal, state: { lastId: string | null }) {
  const { onStatus, pauseMs = scatteredMs } = options;
  let failures = 0;
  while (!signal.aborted) {
    try {
      await followOnce(options, signal, state, () => {
        failures = 0;
        onStatus('live');
      });
      // The server ends streams now and then; that is no failure, but it must not become a hurry.
      failures = Math.max(failures, 1);
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      onStatus('polling');
      if (error instanceof Refused) return;
    }
    await pause(pauseMs(failures), signal);
  }
}

function followOnce(
  options: EventStreamOptions,
  outer: AbortSignal,
  state: { lastId: string | null },
  onOpen: () => void,
): Promise<void> {
  return connect(outer, async (signal, heard) => {
    const headers = { accept: 'text/event-stream', ...(state.lastId ? { 'last-event-id': state.lastId } : {}) };
    const answer = await options.get('/events/stream', headers, signal);
    if (answer.status === 400 && state.lastId) {
      state.lastId = null;
      options.onGap();
      return;
    }
    if (answer.status === 401 || answer.status === 403 || answer.status === 404) throw new Refused();
    if (!answer.ok || !answer.body) throw new Error(`HTTP ${answer.status}`);
    const together = collect(options.onEvents);
    const read = createSseReader(({ id, data }) => {
      if (id) state.lastId = id;
      together(JSON.parse(data) as LiveEvent);
    });
    const reader = readerOf(answer.body);
    for (let opened = false; ; ) {
      const { done, value } = await reader.read();
      if (done) return;
      heard();
      if (!opened) {
        opened = true;
        onOpen();
        if (!state.lastId) await catchUp(options, signal, state);
      }
      read(value);
    }
  });
}

/** What happened between the making of the page and the opening of the stream. */
async function catchUp(options: EventStreamOptions, signal: AbortSignal, state: { lastId: string | null }) {
  const answer = await options.get(`/events?limit=${CAUGHT_UP}`, { accept: 'application/json' }, signal);
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  // The browser's clock may be wrong; the server's stands in the answer.
  const serverMs = Date.parse(answer.headers.get('date') ?? '');
  const aheadMs = Number.isNaN(serverMs) ? 0 : serverMs - options.nowMs();
  const fromMs = options.bornMs + aheadMs - MARGIN_MS;
  const { items } = (await answer.json()) as { items: LiveEvent[] };
  state.lastId ??= items[0]?.id ?? null;
  const missed = items.filter(({ at }) => Date.parse(at) >= fromMs);
  if (missed.length === CAUGHT_UP) options.onGap();
  else if (missed.length > 0) options.onEvents(missed.toReversed());
}

function collect(hand: (events: readonly LiveEvent[]) => void): (event: LiveEvent) => void {
  let waiting: LiveEvent[] = [];
  return (event) => {
    waiting.push(event);
    if (waiting.length > 1) return;
    setTimeout(() => {
      const events = waiting;
      waiting = [];
      hand(events);
    }, TOGETHER_MS);
  };
}
