import { createSseReader } from '@/live/sse';
import { backOffMs, connect, pause, readerOf } from '@/live/stream';
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

/** One connection. Answers true when the log has ended. */
function followOnce(options: LogFollowOptions, outer: AbortSignal, state: LogPosition): Promise<boolean> {
  return connect(outer, async (signal, heard) => {
    const body = await options.open(state.cursor, signal);
    options.onStatus('live');
    const read = createSseReader(({ id, data }) => {
      const told = JSON.parse(data) as { lines: LogLine[]; reason?: string };
      options.onLines(told.lines);
      state.ended = told.reason !== undefined;
      if (id) state.cursor = id;
    });
    const reader = readerOf(body);
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return false;
      heard();
      read(value);
      if (state.ended) return true;
    }
  });
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
    await pause(pauseMs(failures), signal);
  }
}
