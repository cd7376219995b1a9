import { ring } from '@suanxiang/db/outbox';
import type { Sql } from '@suanxiang/db/sql';
import { formatTimestamp, parseTimestamp } from '@suanxiang/domain/calendar';
import { requireMatch } from '../access/etag';
import { mutate } from '../access/mutate';
import { invalid, notFound, ProblemError } from '../problem';
import type { UseCase } from '../use-case';
import { readOrganization } from './organization-answer';

const STEP_S = 60;
const FARTHEST_DAYS = 31;
const NAMED = 5;

interface ClockRow {
  mode: 'live' | 'sandbox';
  offset_s: string;
  applied_s: string;
  now_s: string;
}

/**
 * Holds the clock until commit. Workloads that run are locked first, as everywhere before their organisation: nobody can
 * ask to stop one while the clock moves. Throws `not_found`, `conflict` for a live organisation.
 */
async function lockClock(sql: Sql, orgId: string): Promise<ClockRow> {
  await sql`
    SELECT 1 AS one FROM workload w WHERE w.org_id = ${orgId} AND EXISTS (
      SELECT 1 FROM allocation a WHERE a.org_id = w.org_id AND a.workload_id = w.id AND a.state = 'running')
    ORDER BY w.id FOR UPDATE`;
  const [row] = await sql<ClockRow>`
    SELECT mode, clock_offset_s::text AS offset_s, clock_applied_s::text AS applied_s,
      suan_billing_now_s(clock_offset_s)::text AS now_s FROM organization WHERE id = ${orgId} FOR UPDATE`;
  if (!row) throw notFound();
  if (row.mode === 'live') {
    throw new ProblemError('conflict', 'A live organization has no test clock; its time is real.', {
      suggestion: 'Use a sandbox organization to try out the passing of time.',
    });
  }
  return row;
}

function busy(what: string, workloads: readonly { id: string; name: string }[], members: object): ProblemError {
  const names = workloads.slice(0, NAMED).map(({ name }) => name);
  const more = workloads.length > NAMED ? ` and ${workloads.length - NAMED} more` : '';
  const whose = names.length > 0 ? ` (${names.join(', ')}${more})` : '';
  return new ProblemError('test_clock_busy', `${what}${whose}.`, {
    suggestion: 'Wait until it is done, usually a few seconds, and try again.',
    members: { ...members, workload_ids: workloads.map(({ id }) => id) },
    retryAfterS: 1,
  });
}

/** Throws `test_clock_busy` while the advance before this one has not reached its usage yet. */
async function requireApplied(sql: Sql, orgId: string, clock: ClockRow): Promise<void> {
  if (Number(clock.applied_s) >= Number(clock.offset_s)) return;
  const metered = await sql<{ id: string; name: string }>`
    SELECT w.id, w.name FROM workload w WHERE w.org_id = ${orgId} AND EXISTS (
      SELECT 1 FROM allocation a WHERE a.org_id = w.org_id AND a.workload_id = w.id AND a.released_at IS NULL
        AND a.state IN ('running', 'ended') AND a.clock_offset_s = ${clock.offset_s}::bigint)
    ORDER BY w.name, w.id`;
  throw busy('The usage of the time skipped before is still being collected', metered, {
    pending: 'clock_advance',
  });
}

/** Throws `test_clock_busy` while a lease is about to end: it must not be billed for time skipped after that request. */
async function requireNothingStops(sql: Sql, orgId: string): Promise<void> {
  const ending = await sql<{ id: string; name: string; operation_id: string }>`
    SELECT w.id, w.name, o.id AS operation_id FROM operation o JOIN workload w ON w.org_id = o.org_id AND w.id = o.workload_id
    WHERE o.org_id = ${orgId} AND o.kind IN ('stop', 'terminate') AND o.status IN ('pending', 'running') AND EXISTS (
      SELECT 1 FROM allocation a WHERE a.org_id = o.org_id AND a.workload_id = o.workload_id AND a.state = 'running')
    ORDER BY w.name, w.id`;
  if (ending.length === 0) return;
  throw busy('A workload is being stopped', ending, {
    pending: 'operation',
    operation_ids: ending.map((row) => row.operation_id),
  });
}

/** By how much to advance, in whole minutes. Throws `invalid_request`. */
function advanceOf(to: string, nowS: number): number {
  const pointer = '/body/to';
  let toS: number;
  try {
    toS = parseTimestamp(to);
  } catch {
    throw invalid(pointer, 'Must be a time like 2026-10-05T10:00:00Z.', 'invalid_format');
  }
  const aheadS = toS - nowS;
  if (aheadS <= 0) {
    throw invalid(pointer, `Must be later than the present billing time, ${formatTimestamp(nowS)}.`, 'out_of_range');
  }
  if (aheadS > FARTHEST_DAYS * 86_400) {
    const latest = formatTimestamp(nowS + FARTHEST_DAYS * 86_400);
    throw invalid(pointer, `Must be at most ${FARTHEST_DAYS} days ahead, until ${latest}.`, 'out_of_range');
  }
  return Math.ceil(aheadS / STEP_S) * STEP_S;
}

/**
 * Moves a sandbox organisation's billing time ahead, rounded up to whole minutes. Running leases go along at once; the worker
 * then collects the usage of the skipped time and closes the periods that have ended.
 */
export const advanceTestClock: UseCase<'advanceTestClock'> = (ctx, principal, meta, { body }) => {
  const { orgId } = principal;
  return mutate(ctx, principal, meta, 'test_clock.advance', async (sql) => {
    const clock = await lockClock(sql, orgId);
    await requireMatch(meta, () => readOrganization(sql, orgId));
    const nowS = Number(clock.now_s);
    const advanceS = advanceOf(body.to, nowS);
    await requireApplied(sql, orgId, clock);
    await requireNothingStops(sql, orgId);
    const offsetS = Number(clock.offset_s) + advanceS;
    await sql`
      UPDATE organization SET clock_offset_s = ${offsetS}::bigint, version = version + 1 WHERE id = ${orgId}`;
    await sql`
      UPDATE allocation SET clock_offset_s = ${offsetS}::bigint WHERE org_id = ${orgId} AND state = 'running'`;
    await ring(sql, 'billing', `clock:${orgId}`);
    const detail = { from: formatTimestamp(nowS), to: formatTimestamp(nowS + advanceS), advanced_s: advanceS };
    return { answer: await readOrganization(sql, orgId), resource: orgId, detail };
  });
};
