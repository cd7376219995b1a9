import type { QueryClient } from '@tanstack/react-query';
import { concernsFrame, isConcerned, type LiveEvent, type QueryParts, TOLD } from './concerns';
import { followEvents, type LiveStatus } from './event-stream';

export interface KeepLiveOptions {
  client: QueryClient;
  organizationId: string;
  /** False: this person may not hear events, so the page looks by itself. */
  mayListen: boolean;
  onStatus: (status: LiveStatus) => void;
  /** What the server renders around the page must be rendered again. */
  onFrame: () => void;
}

/** How often open pages look while no stream tells them. */
const POLL_MS = 5_000;
/** A tab that is out of sight for so long gives its stream back: browsers allow few connections to one server. */
const HIDDEN_MS = 10_000;

/**
 * Keeps the pages of one tab as the server is: one stream of events for all of them, each event causing the queries that it
 * concerns to be read again; without a stream, a look every few seconds. Rests while nobody looks. Returns how to end it.
 */
export function keepLive({ client, organizationId, mayListen, onStatus, onFrame }: KeepLiveOptions): () => void {
  const state = { lastId: null as string | null };
  const bornMs = performance.timeOrigin;
  let stop: AbortController | null = null;
  let status: LiveStatus = 'connecting';
  let hiding: ReturnType<typeof setTimeout> | undefined;

  const say = (next: LiveStatus) => {
    status = next;
    onStatus(next);
  };
  const lookAgain = () =>
    client.invalidateQueries(
      { predicate: ({ queryKey }) => TOLD.has(queryKey[1] as string) },
      { cancelRefetch: false },
    );
  const onEvents = (events: readonly LiveEvent[]) => {
    void client.invalidateQueries({
      predicate: ({ queryKey }) => events.some((event) => isConcerned(event, queryKey as unknown as QueryParts)),
    });
    if (events.some(concernsFrame)) onFrame();
  };
  const get = (path: string, headers: Record<string, string>, signal: AbortSignal) =>
    fetch(`/api/v1${path}`, { headers: { ...headers, 'organization-id': organizationId }, signal, cache: 'no-store' });

  const start = () => {
    if (stop) return;
    stop = new AbortController();
    if (!mayListen) return say('polling');
    const options = { get, onEvents, onGap: () => void lookAgain(), onStatus: say, bornMs, nowMs: now };
    void followEvents(options, stop.signal, state);
  };
  const rest = () => {
    stop?.abort();
    stop = null;
    say('resting');
  };
  const onVisibility = () => {
    clearTimeout(hiding);
    if (document.visibilityState === 'visible') start();
    else hiding = setTimeout(rest, HIDDEN_MS);
  };
  /** The network is back: what waits for its next try need not. */
  const onOnline = () => {
    if (status !== 'polling') return;
    rest();
    onVisibility();
  };
  const poll = setInterval(() => {
    if (status === 'polling' && document.visibilityState === 'visible') void lookAgain();
  }, POLL_MS);

  document.addEventListener('visibilitychange', onVisibility);
  window.addEventListener('online', onOnline);
  if (document.visibilityState === 'visible') start();
  else say('resting');
  return () => {
    clearTimeout(hiding);
    clearInterval(poll);
    document.removeEventListener('visibilitychange', onVisibility);
    window.removeEventListener('online', onOnline);
    stop?.abort();
    stop = null;
  };
}

const now = () => performance.timeOrigin + performance.now();
