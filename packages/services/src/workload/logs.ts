import type { logs } from '@suanxiang/contract/schemas/workload';
import { withOrgSql } from '@suanxiang/db/tenant';
import { ProblemError } from '@suanxiang/domain/errors';
import { isLogCursor, type LogPage, readLogs, watchLogs } from '@suanxiang/platform/live-feed';
import type { z } from 'zod';
import type { Principal } from '../access/principal';
import type { AppContext } from '../context';
import { invalid } from '../problem';
import type { WorkloadKind } from './spec';
import { requireVisible } from './visible-workload';

/** A cursor before every line. */
const START = '0-0';

async function fetchLogs(ctx: AppContext, allocationId: string, cursor: string | null): Promise<LogPage | null> {
  try {
    await watchLogs(ctx.redis, allocationId);
    return await readLogs(ctx.redis, allocationId, cursor);
  } catch {
    throw new ProblemError('unavailable', 'Logs cannot be read at this moment. Nothing else is affected.', {
      retryAfterS: 2,
    });
  }
}

/**
 * Log lines of a node's newest run, after a cursor. Asking marks interest, and the worker fetches what is asked for: the
 * first answer may be empty with a cursor to ask again with. Throws `not_found`, `invalid_request`, `unavailable`.
 */
export async function getLogs(
  ctx: AppContext,
  principal: Principal,
  kind: WorkloadKind,
  id: string,
  query: { rank: number; cursor?: string | undefined },
): Promise<z.input<typeof logs>> {
  const cursor = query.cursor ?? null;
  if (cursor !== null && !isLogCursor(cursor)) {
    throw new ProblemError('invalid_cursor', 'This cursor was not made for logs.', {
      errors: [{ pointer: '/query/cursor', code: 'invalid_cursor', detail: 'Not a cursor of this list.' }],
    });
  }
  const run = await withOrgSql(ctx.api, principal.orgId, async (sql) => {
    await requireVisible(sql, principal, kind, id);
    const [row] = await sql<{ node_count: number; allocation_id: string | null; over: boolean }>`
      SELECT w.node_count, w.state IN ('terminated', 'failed') AS over, (SELECT a.id FROM allocation a
        WHERE a.org_id = w.org_id AND a.workload_id = w.id AND a.rank = ${query.rank}::bigint ORDER BY a.created_at DESC, a.id DESC
        LIMIT 1) AS allocation_id
      FROM workload w WHERE w.org_id = ${principal.orgId} AND w.id = ${id}`;
    return row!;
  });
  if (query.rank >= run.node_count) throw invalid('/query/rank', `There are ${run.node_count} nodes, from 0.`, 'range');
  if (run.allocation_id === null) return { lines: [], next_cursor: run.over ? null : START };
  const page = await fetchLogs(ctx, run.allocation_id, cursor);
  if (!page) return { lines: [], next_cursor: cursor ?? START };
  return {
    lines: page.lines.map((line) => ({ at: new Date(line.atMs).toISOString(), text: line.text })),
    next_cursor: page.nextCursor,
  };
}
