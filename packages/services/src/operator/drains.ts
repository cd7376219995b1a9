import { singleSql } from '@suanxiang/db/tenant';
import { ProblemError } from '@suanxiang/domain/errors';
import { mintId } from '@suanxiang/domain/ids';
import { notFound } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';
import { cordon } from './cordon-node';
import { mutateAsOperator } from './mutate-as-operator';
import { readDrains } from './read-drains';

/**
 * Empties a node: cordons it and opens a drain, with which the worker goes on (what may move is told to, the rest is waited
 * for or interrupted at the deadline). Throws `not_found`, and `conflict` when it is being drained already.
 */
export const operatorDrainNode: UseCase<'operatorDrainNode'> = (ctx, operator, meta, { params, body }) =>
  mutateAsOperator<AnswerOf<'operatorDrainNode'>>(ctx, operator, meta, 'node.drain', async (sql) => {
    const node = await cordon(sql, params.node_id, operator.actor, body.reason);
    const id = mintId('nodeDrain', meta.nowMs);
    const opened = await sql`
      INSERT INTO node_drain (id, node_id, at_deadline, deadline_at, reason, requested_by)
      VALUES (${id}, ${node.id}, ${body.at_deadline}, now() + make_interval(mins => ${body.deadline_minutes}),
        ${body.reason}, ${operator.actor}) ON CONFLICT DO NOTHING RETURNING 1 AS one`;
    if (opened.length === 0) {
      throw new ProblemError('conflict', 'This node is being drained already.', {
        suggestion: 'Cancel that drain first to change its deadline.',
      });
    }
    const [answer] = await readDrains(sql, id);
    return { answer: answer!, resource: node.id, detail: { drain_id: id, ...body } };
  });

/** Drains, those under way first. */
export const operatorDrains: UseCase<'operatorDrains'> = async (ctx) => ({
  items: await readDrains(singleSql(ctx.ops), null),
});

/** One drain with what is left on its node. */
export const operatorDrain: UseCase<'operatorDrain'> = async (ctx, _operator, _meta, { params }) => {
  const [answer] = await readDrains(singleSql(ctx.ops), params.drain_id);
  if (!answer) throw notFound();
  return answer;
};

/** Ends a drain under way; what was told to go for it may stay, and the node stays cordoned. */
export const operatorCancelDrain: UseCase<'operatorCancelDrain'> = (ctx, operator, meta, { params }) =>
  mutateAsOperator<AnswerOf<'operatorCancelDrain'>>(ctx, operator, meta, 'drain.cancel', async (sql) => {
    const cancelled = await sql`
      UPDATE node_drain SET state = 'cancelled', finished_at = now()
      WHERE id = ${params.drain_id} AND state = 'draining' RETURNING 1 AS one`;
    const [answer] = await readDrains(sql, params.drain_id);
    if (!answer) throw notFound();
    if (cancelled.length === 0) throw new ProblemError('conflict', `This drain is ${answer.state}.`);
    return { answer, resource: params.drain_id };
  });
