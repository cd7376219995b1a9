import { ProblemError } from '@suanxiang/domain/errors';
import type { NodePlace } from './node-place';

/** One page of a log as its machine keeps it. */
export interface LogPage {
  lines: { atMs: number; text: string }[];
  /** Where the machine goes on; null: nothing will be added. */
  nextCursor: string | null;
}

export interface LogWish {
  cursor: string | null;
  tail?: number | undefined;
  sinceMs?: number | undefined;
}

/** Reads logs where they are kept: on the machines. */
export interface LogSource {
  /** Null where the machine keeps no such log, or none that goes on there. Throws `unavailable`. */
  read(place: NodePlace, wish: LogWish): Promise<LogPage | null>;
}

export const logsUnavailable = () =>
  new ProblemError('unavailable', 'Logs cannot be read at this moment. Nothing else is affected.', { retryAfterS: 2 });

/** For processes that reach no machines. */
export const noLogs: LogSource = { read: () => Promise.reject(logsUnavailable()) };
