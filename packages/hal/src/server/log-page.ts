import type { LogChunk, LogQuery } from '../driver';

const PAGE_LINES = 200;

/** Where reading begins: at the cursor, which is the number of lines before it, or where the query's limits say. */
export function firstLine(lines: LogChunk['lines'], { cursor = null, tail, sinceMs }: LogQuery): number {
  if (cursor !== null) return Number(cursor);
  const newest = tail === undefined ? 0 : Math.max(0, lines.length - tail);
  if (sinceMs === undefined) return newest;
  const young = lines.findIndex(({ atMs }) => atMs >= sinceMs);
  return Math.max(newest, young === -1 ? lines.length : young);
}

/** One page of a whole log; `isOver`: nothing will be added to it. */
export function pageOfLog(lines: LogChunk['lines'], query: LogQuery, isOver: boolean): LogChunk {
  const from = firstLine(lines, query);
  const page = lines.slice(from, from + PAGE_LINES);
  // A log that was cut meanwhile is shorter than the cursor says.
  const next = Math.max(from, from + page.length);
  return { lines: page, nextCursor: isOver && next >= lines.length ? null : String(next) };
}
