import { ring } from '@suanxiang/db/outbox';
import type { Sql } from '@suanxiang/db/sql';
import { ProblemError } from '@suanxiang/domain/errors';
import { notFound } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';
import { mutateAsOperator } from './mutate-as-operator';

interface Row {
  id: string;
  name: string;
  zone_id: string;
  region_id: string;
  health: string;
  cordoned_at: Date | null;
  cordoned_by: string | null;
  cordon_reason: string | null;
}

async function lockNode(sql: Sql, nodeId: string): Promise<Row> {
  const [row] = await sql<Row>`
    SELECT n.id, n.name, n.zone_id, z.region_id, n.health, n.cordoned_at, n.cordoned_by, n.cordon_reason
    FROM node n JOIN zone z ON z.id = n.zone_id WHERE n.id = ${nodeId} FOR UPDATE OF n`;
  if (!row) throw notFound();
  return row;
}

function nodeAnswer({ region_id: _, cordoned_at, ...row }: Row) {
  return { ...row, cordoned_at: cordoned_at?.toISOString() ?? null };
}

/** Takes a node out of service for new work, in the caller's transaction. What runs on it runs on. */
export async function cordon(sql: Sql, nodeId: string, by: string, reason: string): Promise<Row> {
  await lockNode(sql, nodeId);
  await sql`
    UPDATE node SET cordoned_at = coalesce(cordoned_at, now()), cordoned_by = ${by}, cordon_reason = ${reason}
    WHERE id = ${nodeId}`;
  return lockNode(sql, nodeId);
}

/** Gives a node no new work. Repeating only changes who and why. */
export const operatorCordonNode: UseCase<'operatorCordonNode'> = (ctx, operator, meta, { params, body }) =>
  mutateAsOperator<AnswerOf<'operatorCordonNode'>>(ctx, operator, meta, 'node.cordon', async (sql) => {
    const row = await cordon(sql, params.node_id, operator.actor, body.reason);
    return { answer: nodeAnswer(row), resource: row.id, detail: { reason: body.reason } };
  });

/** Lets a node take work again, and rings for what waits. Throws `conflict` while it is being drained. */
export const operatorUncordonNode: UseCase<'operatorUncordonNode'> = (ctx, operator, meta, { params }) =>
  mutateAsOperator<AnswerOf<'operatorUncordonNode'>>(ctx, operator, meta, 'node.uncordon', async (sql) => {
    const { id, region_id: regionId } = await lockNode(sql, params.node_id);
    const [drain] = await sql<{ id: string }>`SELECT id FROM node_drain WHERE node_id = ${id} AND state = 'draining'`;
    if (drain) {
      throw new ProblemError('conflict', 'This node is being drained.', {
        suggestion: `Cancel the drain first: POST /v1/operator/drains/${drain.id}/cancel.`,
        members: { drain_id: drain.id },
      });
    }
    await sql`UPDATE node SET cordoned_at = NULL, cordoned_by = NULL, cordon_reason = NULL WHERE id = ${id}`;
    await ring(sql, 'placement', regionId);
    return { answer: nodeAnswer(await lockNode(sql, id)), resource: id };
  });
