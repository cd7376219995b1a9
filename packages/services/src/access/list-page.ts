import { MOST_COUNTED } from '@suanxiang/contract/schemas/common';
import type { AppContext } from '../context';
import { readCursor, writeCursor } from './cursor';

interface PageQuery {
  limit: number;
  cursor?: string | undefined;
  include?: 'total_count' | undefined;
}

export interface ListOptions<Row> {
  orgId: string;
  operationId: string;
  query: PageQuery & Record<string, unknown>;
  /** Sort key of a row, newest first order of the list; the same number of parts for every row. */
  positionOf: (row: Row) => readonly string[];
  /** Parts of the sort key. */
  parts: number;
  /** Rows after the position (null = from the start), at most `take`. */
  fetch: (after: readonly string[] | null, take: number) => Promise<Row[]>;
  /** Rows of all pages, counted up to `most`; asked only when the caller wants to know. */
  count: (most: number) => Promise<number>;
}

/** What every page carries beside its items. */
export interface PageEnd {
  next_cursor: string | null;
  total_count?: number;
  total_count_capped?: boolean;
}

/** One page of a list with a total order: fetches one row more than asked for to know whether a next page exists. */
export async function listPage<Row>(
  ctx: Pick<AppContext, 'secrets'>,
  options: ListOptions<Row>,
): Promise<{ rows: Row[]; end: PageEnd }> {
  const { limit, cursor, include, ...filters } = options.query;
  const scope = { orgId: options.orgId, operationId: options.operationId, filters };
  const after = readCursor(ctx.secrets.cursorKey, scope, cursor, options.parts);
  const fetched = await options.fetch(after, limit + 1);
  const rows = fetched.slice(0, limit);
  const last = rows.at(-1);
  const more = fetched.length > limit && last !== undefined;
  const next_cursor = more ? writeCursor(ctx.secrets.cursorKey, scope, options.positionOf(last)) : null;
  if (include !== 'total_count') return { rows, end: { next_cursor } };
  const counted = await options.count(MOST_COUNTED + 1);
  const total = { total_count: Math.min(counted, MOST_COUNTED), total_count_capped: counted > MOST_COUNTED };
  return { rows, end: { next_cursor, ...total } };
}
