import { randomBytes } from 'node:crypto';
import { singleSql } from '@suanxiang/db/tenant';
import { ProblemError } from '@suanxiang/domain/errors';
import { mintId } from '@suanxiang/domain/ids';
import { mutate } from '../access/mutate';
import { hashToken } from '../identity/token-hash';
import { endRow, lockImpersonation } from '../impersonation/of-organization';
import { operatorImpersonationAnswer, readImpersonations } from '../impersonation/read-impersonations';
import { IMPERSONATION_PREFIX } from '../impersonation/session';
import { notFound } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';

/** Everybody's, newest first. */
export const operatorImpersonations: UseCase<'operatorImpersonations'> = async (ctx) => ({
  items: (await readImpersonations(singleSql(ctx.ops), { orgId: null, id: null })).map(operatorImpersonationAnswer),
});

/**
 * Starts looking into an organisation in the place of its longest-standing owner: at once, or as soon as an owner agrees where
 * the organisation wants to be asked. The row of it is in the customer's own audit log.
 */
export const operatorImpersonate: UseCase<'operatorImpersonate'> = async (ctx, operator, meta, { params, body }) => {
  const orgId = params.organization_id;
  const [organization] = await singleSql(ctx.ops)<{ closed: boolean }>`
    SELECT closed_at IS NOT NULL AS closed FROM organization WHERE id = ${orgId}`;
  if (!organization) throw notFound();
  if (organization.closed) throw new ProblemError('conflict', 'This organization has been closed.');
  const actor = { orgId, actor: operator.actor, authMethod: 'session' as const };
  return mutate<AnswerOf<'operatorImpersonate'>>(ctx, actor, meta, 'impersonation.create', async (sql) => {
    const id = mintId('impersonation', meta.nowMs);
    const token = IMPERSONATION_PREFIX + randomBytes(32).toString('base64url');
    await sql`
      INSERT INTO impersonation (id, org_id, operator_id, operator_name, subject_user_id, ticket, reason, duration_s,
        token_hash, consent_required, started_at, expires_at)
      SELECT ${id}, o.id, ${operator.id}, ${operator.name}, m.user_id, ${body.ticket}, ${body.reason}, ${body.minutes * 60},
        ${hashToken(token)}, o.impersonation_consent, CASE WHEN NOT o.impersonation_consent THEN now() END,
        CASE WHEN NOT o.impersonation_consent THEN now() + make_interval(mins => ${body.minutes}) END
      FROM organization o JOIN LATERAL (SELECT user_id FROM membership WHERE org_id = o.id AND role = 'owner'
        ORDER BY created_at, id LIMIT 1) m ON true
      WHERE o.id = ${orgId}`;
    const row = await lockImpersonation(sql, orgId, id);
    const { ticket, reason, subject_user_id, consent_required } = row;
    return {
      answer: { impersonation: operatorImpersonationAnswer(row), token },
      replay: { impersonation: operatorImpersonationAnswer(row), token: null },
      resource: id,
      detail: { ticket, reason, subject: subject_user_id, minutes: body.minutes, consent_required },
    };
  });
};

/** Ends one's own, or a colleague's. */
export const operatorEndImpersonation: UseCase<'operatorEndImpersonation'> = async (
  ctx,
  operator,
  meta,
  { params },
) => {
  const [found] = await readImpersonations(singleSql(ctx.ops), { orgId: null, id: params.impersonation_id });
  if (!found) throw notFound();
  const actor = { orgId: found.org_id, actor: operator.actor, authMethod: 'session' as const };
  return mutate<AnswerOf<'operatorEndImpersonation'>>(ctx, actor, meta, 'impersonation.end', async (sql) => {
    const row = await lockImpersonation(sql, found.org_id, found.id);
    const after = await endRow(sql, row, operator.actor);
    return { answer: operatorImpersonationAnswer(after), resource: row.id, detail: { operator: row.operator_id } };
  });
};
