import { audit } from '@suanxiang/db/audit';
import type { Sql } from '@suanxiang/db/sql';
import { withOrgSql } from '@suanxiang/db/tenant';
import type { AppContext } from '../context';
import { claimIdempotencyKey, keepAnswer } from './idempotency';
import type { CallMeta, Principal } from './principal';

/** What a mutation did. */
export interface Effect<T> {
  answer: T;
  /** Id of what was changed, for the audit log; null when there is none. */
  resource: string | null;
  /** More for the audit log. Never secrets. */
  detail?: object;
  /** What a repetition with the same Idempotency-Key is shown, where it differs from the answer. */
  replay?: T;
}

/** Who acts, as far as a mutation needs to know. */
export type Actor = Pick<Principal, 'actor' | 'orgId'> & { authMethod: Principal['authMethod'] | 'system' };

/**
 * The frame of every mutation: one transaction in one organisation that holds the idempotency key, the change, its
 * doorbells and its audit row. The audit row comes last, as it takes the organisation's chain lock until commit.
 */
export function mutate<T>(
  ctx: AppContext,
  actor: Actor,
  meta: CallMeta,
  action: string,
  change: (sql: Sql) => Promise<Effect<T>>,
): Promise<T> {
  return withOrgSql(ctx.api, actor.orgId, async (sql) => {
    await claimIdempotencyKey(sql, actor.orgId, actor.actor, meta);
    const effect = await change(sql);
    await keepAnswer(sql, actor.orgId, actor.actor, meta, effect.replay ?? effect.answer);
    await audit(sql, {
      orgId: actor.orgId,
      actor: actor.actor,
      authMethod: actor.authMethod,
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
