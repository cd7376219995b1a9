import type { quarantinedDetail } from '@suanxiang/contract/schemas/quarantine';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql } from '@suanxiang/db/tenant';
import { formatTimestamp } from '@suanxiang/domain/calendar';
import { ProblemError } from '@suanxiang/domain/errors';
import { canReadmit, type KeptBlock, readmitBlocks } from '@suanxiang/metering/ingest/readmit';
import type { z } from 'zod';
import { notFound } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';
import { mutateAsOperator } from './mutate-as-operator';
import { requireSecondOperator } from './two-operators';

type Answer = AnswerOf<'operatorRejectEvidence'>;
type Readmitted = AnswerOf<'operatorReadmitEvidence'>;

interface Row {
  id: string;
  reason: Answer['reason'];
  agent_id: string;
  allocation_id: string;
  org_id: string | null;
  organization_name: string | null;
  mode: string | null;
  zone_id: string;
  status: Answer['status'];
  blocks: number;
  first_s: string | null;
  last_s: string | null;
  first_at: Date;
  last_at: Date;
  proposed_by: string | null;
  decided_by: string | null;
  decided_at: Date | null;
  note: string | null;
}

const MOST = 200;

/** Groups in a state, or of an id in whatever states; those that wait come first, then the latest. */
function readGroups(sql: Sql, where: { status: Answer['status'] | null; id: string | null }): Promise<Row[]> {
  return sql<Row>`
    WITH g AS (
      SELECT group_id AS id, reason, raw->>'agent_id' AS agent_id, raw->>'allocation_id' AS allocation_id, zone_id, status,
        count(*)::int AS blocks, min(received_at) AS first_at, max(received_at) AS last_at,
        min(CASE WHEN reason <> 'malformed' THEN (raw->>'win_start_s')::bigint END)::text AS first_s,
        max(CASE WHEN reason <> 'malformed' THEN (raw->>'win_start_s')::bigint END)::text AS last_s,
        max(proposed_by) AS proposed_by, max(decided_by) AS decided_by, max(decided_at) AS decided_at, max(note) AS note
      FROM usage_quarantine
      WHERE (${where.status}::text IS NULL OR status = ${where.status}) AND (${where.id}::text IS NULL OR group_id = ${where.id})
      GROUP BY 1, 2, 3, 4, 5, 6)
    SELECT g.*, a.org_id, o.name AS organization_name, a.mode FROM g
      LEFT JOIN allocation a ON a.id = g.allocation_id AND a.zone_id = g.zone_id LEFT JOIN organization o ON o.id = a.org_id
    ORDER BY g.status = 'held' DESC, g.last_at DESC, g.id LIMIT ${MOST}::int`;
}

const minute = (second: string | null) => (second === null ? null : formatTimestamp(Number(second)));

function answerOf(row: Row): Answer {
  const { mode, first_s, last_s, first_at, last_at, decided_at, ...rest } = row;
  return {
    ...rest,
    first_minute: minute(first_s),
    last_minute: minute(last_s),
    first_received_at: first_at.toISOString(),
    last_received_at: last_at.toISOString(),
    can_readmit: row.status === 'held' && canReadmit(row.reason),
    takes_two: mode === 'utilization',
    decided_at: decided_at?.toISOString() ?? null,
  };
}

/** What was refused, by reason, agent and lease. */
export const operatorQuarantine: UseCase<'operatorQuarantine'> = async (ctx, _operator, _meta, { query }) => ({
  items: (await readGroups(singleSql(ctx.ops), { status: query.status, id: null })).map(answerOf),
});

const SAMPLE = 100;

/** One group with its first blocks. */
export const operatorQuarantined: UseCase<'operatorQuarantined'> = async (ctx, _operator, _meta, { params }) => {
  const sql = singleSql(ctx.ops);
  const id = params.quarantine_id;
  const [group] = await readGroups(sql, { status: null, id });
  if (!group) throw notFound();
  const rows = await sql<{ raw: KeptBlock['raw']; received_at: Date }>`
    SELECT raw, received_at FROM usage_quarantine WHERE group_id = ${id} AND status = ${group.status}
    ORDER BY id LIMIT ${SAMPLE}::int`;
  const isMinute = group.reason !== 'malformed';
  const sample = rows.map(({ raw, received_at }): z.input<typeof quarantinedDetail>['sample'][number] => ({
    minute: isMinute ? formatTimestamp(raw.win_start_s) : null,
    revision: isMinute ? raw.rev : null,
    digest: raw.digest,
    received_at: received_at.toISOString(),
    bytes: raw.bytes,
    bytes_hex: raw.bytes_hex,
  }));
  return { ...answerOf(group), sample };
};

/** Takes what waits in a group for this transaction. Throws `not_found`, or `conflict` when it is decided. */
async function lockHeld(sql: Sql, id: string): Promise<Row> {
  await sql`SELECT 1 AS one FROM usage_quarantine WHERE group_id = ${id} AND status = 'held' ORDER BY id FOR UPDATE`;
  const [group] = await readGroups(sql, { status: null, id });
  if (!group) throw notFound();
  if (group.status === 'held') return group;
  throw new ProblemError('conflict', `This evidence has been ${group.status}.`, { members: { state: group.status } });
}

/** Blocks taken in by one decision; what is left is decided about again. */
const MOST_BLOCKS = 20_000;

interface Decision {
  actor: string;
  note: string;
  nowMs: number;
}

async function takeIn(sql: Sql, group: Row, { actor, note, nowMs }: Decision): Promise<Readmitted> {
  const isTwo = group.mode === 'utilization';
  const kept = await sql<KeptBlock>`
    SELECT id::text, reason, raw FROM usage_quarantine WHERE group_id = ${group.id} AND status = 'held'
      AND (NOT ${isTwo} OR proposed_by <> ${actor}) ORDER BY id LIMIT ${MOST_BLOCKS}::int`;
  const { taken, refused } = await readmitBlocks(sql, group.zone_id, kept, nowMs);
  await sql`
    UPDATE usage_quarantine SET status = 'readmitted', decided_by = ${actor}, decided_at = now(), note = ${note}
    WHERE id = ANY (${taken}::bigint[])`;
  const [after] = await readGroups(sql, { status: taken.length > 0 ? 'readmitted' : 'held', id: group.id });
  return { ...answerOf(after!), taken_in: taken.length, still_refused: refused.length };
}

/** Asks for a colleague's agreement, of all that waits now: what comes later was not asked for. */
async function propose(sql: Sql, group: Row, { actor, note }: Decision): Promise<Readmitted> {
  await sql`
    UPDATE usage_quarantine SET proposed_by = ${actor}, note = ${note} WHERE group_id = ${group.id} AND status = 'held'`;
  const [after] = await readGroups(sql, { status: 'held', id: group.id });
  return { ...answerOf(after!), taken_in: 0, still_refused: 0 };
}

/**
 * Takes refused evidence in after all. Of a lease that is billed by utilization it may raise the bill, so that a second operator has
 * to agree; of one that is billed by time it changes no money.
 */
export const operatorReadmitEvidence: UseCase<'operatorReadmitEvidence'> = (ctx, operator, meta, { params, body }) =>
  mutateAsOperator<Readmitted>(ctx, operator, meta, 'quarantine.readmit', async (sql) => {
    const group = await lockHeld(sql, params.quarantine_id);
    if (!canReadmit(group.reason)) {
      throw new ProblemError('conflict', 'What is damaged is never billed, so that it cannot be taken in.', {
        suggestion: 'Reject it, and let the agent send the minutes again.',
        members: { reason: group.reason },
      });
    }
    const decision = { actor: operator.actor, note: body.reason, nowMs: meta.nowMs };
    const facts = { reason: body.reason, refused_for: group.reason, lease: group.allocation_id, agent: group.agent_id };
    if (group.mode === 'utilization') {
      const takesTwo = 'This may raise a bill, so it takes two operators, and you were the first.';
      requireSecondOperator(group.proposed_by, operator.actor, takesTwo, 'Let a colleague agree to it.');
      if (group.proposed_by === null) {
        const answer = await propose(sql, group, decision);
        return { answer, resource: group.id, detail: { ...facts, awaits: 'second_operator', blocks: group.blocks } };
      }
    }
    const answer = await takeIn(sql, group, decision);
    const counts = { taken_in: answer.taken_in, still_refused: answer.still_refused };
    return { answer, resource: group.id, detail: { ...facts, ...counts } };
  });

/** Rejects what waits in a group; it stays to be read and is never billed. */
export const operatorRejectEvidence: UseCase<'operatorRejectEvidence'> = (ctx, operator, meta, { params, body }) =>
  mutateAsOperator<Answer>(ctx, operator, meta, 'quarantine.reject', async (sql) => {
    const group = await lockHeld(sql, params.quarantine_id);
    await sql`
      UPDATE usage_quarantine SET status = 'rejected', decided_by = ${operator.actor}, decided_at = now(), note = ${body.reason}
      WHERE group_id = ${group.id} AND status = 'held'`;
    const [after] = await readGroups(sql, { status: 'rejected', id: group.id });
    const detail = { reason: body.reason, refused_for: group.reason, blocks: group.blocks };
    return { answer: answerOf(after!), resource: group.id, detail };
  });
