import { createSseReader } from '@/live/sse';
import type { LogLine } from './log-lines';

export type LogStatus = 'connecting' | 'live' | 'paused' | 'waiting' | 'ended';

export interface LogFollowOptions {
  open: (lastEventId: string | null, signal: AbortSignal) => Promise<ReadableStream<Uint8Array>>;
  onLines: (lines: readonly LogLine[]) => void;
  onStatus: (status: LogStatus) => void;
  /** True where asking again cannot help. */
  isFinal: (error: unknown) => boolean;
  pauseMs?: (failures: number) => number;
}

export interface LogPosition {
  /** After the last line seen; null: before the first. */
  cursor: string | null;
  ended: boolean;
}

/** The API speaks at least every 15 s; a stream that is silent for so long is dead. */
const SILENCE_MS = 40_000;
const backOffMs = (failures: number) => Math.min(30_000, 500 * 2 ** Math.min(failures, 10));

/** One connection. Answers true when the log has ended. */
async function followOnce(options: LogFollowOptions, outer: AbortSignal, state: LogPosition) {
  const stop = new AbortController();
  const signal = AbortSignal.any([outer, stop.signal]);
  let timer = setTimeout(() => stop.abort(), SILENCE_MS);
  let ended = false;
  try {
    const body = await options.open(state.cursor, signal);
    options.onStatus('live');
    const read = createSseReader(({ id, data }) => {
      const told = JSON.parse(data) as { lines: LogLine[]; reason?: string };
      options.onLines(told.lines);
      ended = told.reason !== undefined;
      state.ended = ended;
      if (id) state.cursor = id;
    });
    const reader = body
      .pipeThrough(new TextDecoderStream() as never)
      .getReader() as ReadableStreamDefaultReader<string>;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return false;
      clearTimeout(timer);
      timer = setTimeout(() => stop.abort(), SILENCE_MS);
      read(value);
      if (ended) return true;
    }
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

/**
 * Follows a log until it ends or `signal` does; a connection that breaks is opened again after the last line seen. Throws
 * what is final.
 */
export async function followLog(options: LogFollowOptions, signal: AbortSignal, state: LogPosition) {
  const { onStatus, isFinal, pauseMs = backOffMs } = options;
  if (state.ended) return onStatus('ended');
  for (let failures = 0; !signal.aborted; ) {
    try {
      if (await followOnce(options, signal, state)) return onStatus('ended');
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      if (isFinal(error)) throw error;
      failures += 1;
      onStatus('waiting');
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pauseMs(failures));
      const end = () => {
        clearTimeout(timer);
        resolve();
      };
      signal.addEventListener('abort', end, { once: true });
    });
  }
}
