import { audit } from '@suanxiang/db/audit';
import type { Sql } from '@suanxiang/db/sql';
import { withSql } from '@suanxiang/db/tenant';
import { claimIdempotencyKey, keepAnswer } from '../access/idempotency';
import type { Effect } from '../access/mutate';
import type { CallMeta, Operator } from '../access/principal';
import type { AppContext } from '../context';

/**
 * The frame of a mutation of what belongs to no organisation (nodes, rules): one transaction in the operators' role that
 * holds the idempotency key, the change, its doorbells and the audit row, both in a chain of the operator's own.
 */
export function mutateAsOperator<T>(
  ctx: AppContext,
  { actor }: Operator,
  meta: CallMeta,
  action: string,
  change: (sql: Sql) => Promise<Effect<T>>,
): Promise<T> {
  return withSql(ctx.ops, async (sql) => {
    await claimIdempotencyKey(sql, actor, actor, meta);
    const effect = await change(sql);
    await keepAnswer(sql, actor, actor, meta, effect.replay ?? effect.answer);
    await audit(sql, {
      orgId: actor,
      actor,
      authMethod: 'session',
      action,
      resource: effect.resource,
      result: 'success',
      detail: effect.detail ?? null,
      requestId: meta.requestId,
      ip: meta.ip,
      nowMs: meta.nowMs,
    });
    return effect.answer;
  });
}
