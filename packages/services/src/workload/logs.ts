import type { logs } from '@suanxiang/contract/schemas/workload';
import { withOrgSql } from '@suanxiang/db/tenant';
import { ProblemError } from '@suanxiang/domain/errors';
import type { z } from 'zod';
import type { Principal } from '../access/principal';
import type { AppContext } from '../context';
import { invalid } from '../problem';
import { agentOf } from '../terminal/terminal-session';
import type { LogPage } from './log-source';
import type { WorkloadKind } from './spec';
import { requireVisible } from './visible-workload';

/** A cursor before the first line of a run that has not begun. */
const START = 'start';
const CURSOR = /^(alloc_\w{1,60})\.(\d{1,15})$/;

export interface LogsOf {
  kind: WorkloadKind;
  id: string;
  rank: number;
  tail?: number | undefined;
  since?: string | undefined;
}

export interface LogStep {
  lines: LogPage['lines'];
  /** Goes on after these lines; null: nothing will be added to this run's log. */
  next: string | null;
}

interface Run {
  node_count: number;
  state: string;
  over: boolean;
  id: string | null;
  zone_id: string;
  driver: string;
}

function wrongCursor(): ProblemError {
  return new ProblemError('invalid_cursor', 'This log does not go on from there.', {
    errors: [{ pointer: '/query/cursor', code: 'invalid_cursor', detail: 'Not a cursor of this log.' }],
    suggestion: 'Read it without a cursor, or without Last-Event-ID.',
  });
}

/** The run that a cursor is of, or the newest one of a node. */
async function runOf(ctx: AppContext, principal: Principal, of: LogsOf, allocationId: string | null): Promise<Run> {
  const { orgId } = principal;
  const row = await withOrgSql(ctx.api, orgId, async (sql) => {
    await requireVisible(sql, principal, of.kind, of.id);
    const [found] = await sql<Run>`
      SELECT w.node_count, w.state, w.state IN ('terminated', 'failed') AS over, a.id, a.zone_id, z.driver FROM workload w
      LEFT JOIN LATERAL (SELECT id, zone_id FROM allocation WHERE org_id = w.org_id AND workload_id = w.id
        AND rank = ${of.rank}::bigint AND (${allocationId}::text IS NULL OR id = ${allocationId})
        ORDER BY created_at DESC, id DESC LIMIT 1) a ON true
      LEFT JOIN zone z ON z.id = a.zone_id
      WHERE w.org_id = ${orgId} AND w.id = ${of.id}`;
    return found!;
  });
  if (of.rank >= row.node_count) throw invalid('/query/rank', `There are ${row.node_count} nodes, from 0.`, 'range');
  return row;
}

/**
 * The next lines of a node's log, at most a page, from its machine. A log belongs to one run: cursors go on in the run
 * that they are of, and without one the newest is read. Throws `not_found`, `invalid_request`, `invalid_cursor`, `conflict` for
 * what never ran, `gone` when the machine keeps no log of the run any more, `unavailable`.
 */
export async function nextLines(
  ctx: AppContext,
  principal: Principal,
  of: LogsOf,
  cursor: string | null,
): Promise<LogStep> {
  const [, allocationId = null, at = null] = cursor === null || cursor === START ? [] : (CURSOR.exec(cursor) ?? ['']);
  if (cursor !== null && cursor !== START && allocationId === null) throw wrongCursor();
  const run = await runOf(ctx, principal, of, allocationId);
  if (run.id === null) {
    if (allocationId !== null) throw wrongCursor();
    if (!run.over) return { lines: [], next: START };
    throw new ProblemError('conflict', `This ${of.kind} never ran, so that there is no log of it.`, {
      suggestion: 'Its events tell why it did not start.',
      members: { state: run.state },
    });
  }
  const { id, zone_id: zoneId, driver } = run;
  const agent = driver === 'agent' ? await agentOf(ctx, zoneId) : null;
  const since = of.since === undefined ? {} : { sinceMs: Math.max(0, Date.parse(of.since)) };
  const wish = { cursor: at, ...(at === null ? { tail: of.tail, ...since } : {}) };
  const page = await ctx.logs.read({ allocationId: id, zoneId, driver, agent }, wish);
  if (page) return { lines: page.lines, next: page.nextCursor === null ? null : `${id}.${page.nextCursor}` };
  // Machines say no more than that there is nothing; what has not been laid out yet will be.
  if (run.state === 'provisioning' && at === null) return { lines: [], next: START };
  if (at !== null) throw wrongCursor();
  throw new ProblemError('gone', 'The machine no longer keeps the log of this run.', {
    suggestion: 'Follow logs while the workload runs, and write what must last to a volume or a service of your own.',
  });
}

export const lineAnswer = ({ atMs, text }: LogPage['lines'][number]) => ({ at: new Date(atMs).toISOString(), text });

/** Log lines of a node's newest run, after a cursor: see `nextLines`. */
export async function getLogs(
  ctx: AppContext,
  principal: Principal,
  kind: WorkloadKind,
  id: string,
  query: Omit<LogsOf, 'kind' | 'id'> & { cursor?: string | undefined },
): Promise<z.input<typeof logs>> {
  const { cursor = null, ...wish } = query;
  const { lines, next } = await nextLines(ctx, principal, { kind, id, ...wish }, cursor);
  return { lines: lines.map(lineAnswer), next_cursor: next };
}
