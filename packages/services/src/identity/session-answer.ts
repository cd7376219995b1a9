import type { sessionResult } from '@suanxiang/contract/schemas/identity';
import { audit } from '@suanxiang/db/audit';
import { withOrgSql } from '@suanxiang/db/tenant';
import type { z } from 'zod';
import { type CallMeta, personScope } from '../access/principal';
import type { AppContext } from '../context';
import { SESSION_SECONDS, type SessionStart } from './people';

/** A fresh session as the API shows it. */
export function sessionAnswer(session: SessionStart, nowMs: number): z.input<typeof sessionResult> {
  return {
    token: session.token,
    expires_at: new Date(nowMs + SESSION_SECONDS * 1000).toISOString(),
    user: session.user,
  };
}

/** Leaves an audit row in a person's own chain: what people do before they act in an organisation. */
export function auditPerson(
  ctx: AppContext,
  userId: string,
  meta: CallMeta,
  action: string,
  result: 'success' | 'denied' = 'success',
): Promise<void> {
  const scope = personScope(userId);
  return withOrgSql(ctx.api, scope, (sql) =>
    audit(sql, {
      orgId: scope,
      actor: `user:${userId}`,
      authMethod: 'session',
      action,
      resource: userId,
      result,
      requestId: meta.requestId,
      ip: meta.ip,
      nowMs: meta.nowMs,
    }),
  );
}
