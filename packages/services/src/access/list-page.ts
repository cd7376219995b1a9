import type { AppContext } from '../context';
import { readCursor, writeCursor } from './cursor';

interface PageQuery {
  limit: number;
  cursor?: string | undefined;
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
}

/** One page of a list with a total order: fetches one row more than asked for to know whether a next page exists. */
export async function listPage<Row>(
  ctx: Pick<AppContext, 'secrets'>,
  options: ListOptions<Row>,
): Promise<{ rows: Row[]; next_cursor: string | null }> {
  const { limit, cursor, ...filters } = options.query;
  const scope = { orgId: options.orgId, operationId: options.operationId, filters };
  const after = readCursor(ctx.secrets.cursorKey, scope, cursor, options.parts);
  const fetched = await options.fetch(after, limit + 1);
  const rows = fetched.slice(0, limit);
  const last = rows.at(-1);
  const more = fetched.length > limit && last !== undefined;
  return { rows, next_cursor: more ? writeCursor(ctx.secrets.cursorKey, scope, options.positionOf(last)) : null };
}
