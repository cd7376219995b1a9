import type { Sql } from '@suanxiang/db/sql';
import { singleSql } from '@suanxiang/db/tenant';
import { oneOperatorCreditMinor } from '@suanxiang/domain/credit-limits';
import { ProblemError } from '@suanxiang/domain/errors';
import type { Currency } from '@suanxiang/domain/money';
import { grantCredit, grantsOf } from '@suanxiang/metering/credit/grants';
import { type VoidRefusal, voidInvoice } from '@suanxiang/metering/invoices/void-invoice';
import { billedOrg } from '@suanxiang/metering/periods';
import { mutate } from '../access/mutate';
import { amountMinor } from '../billing/amount-text';
import { grantAnswer } from '../billing/list-credit-grants';
import { minorMoney } from '../money';
import { notFound } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';
import { withinOrganization } from './within-organization';

const DAY_S = 86_400;

/** What one operator has granted to an account by himself within the last day, in minor units. */
async function grantedToday(sql: Sql, orgId: string, actor: string): Promise<bigint> {
  const [row] = await sql<{ minor: string }>`
    SELECT coalesce(sum(g.amount_minor), 0)::text AS minor FROM credit_grant g
    WHERE g.org_id = ${orgId} AND g.granted_by = ${actor} AND g.created_at > now() - interval '1 day'
      AND NOT EXISTS (SELECT 1 FROM credit_proposal p WHERE p.org_id = g.org_id AND p.grant_id = g.id)`;
  return BigInt(row!.minor);
}

/** Throws `conflict` for credit that takes two operators, split into small grants or not. */
async function requireSmall(sql: Sql, orgId: string, actor: string, currency: Currency, minor: bigint): Promise<void> {
  const most = oneOperatorCreditMinor(currency);
  if ((await grantedToday(sql, orgId, actor)) + minor <= most) return;
  const limit = minorMoney(most, currency);
  const detail = `One operator may grant an account at most ${limit.amount} ${currency} a day.`;
  throw new ProblemError('conflict', detail, {
    suggestion:
      'Propose it with POST /v1/operator/organizations/{organization_id}/credit-proposals; a colleague approves it.',
    members: { reason: 'second_person' },
  });
}

/** Grants promotional credit, effective at once in the account's billing time. */
export const operatorGrantCredit: UseCase<'operatorGrantCredit'> = async (ctx, operator, meta, { params, body }) => {
  const actor = await withinOrganization(ctx, operator, params.organization_id);
  return mutate<AnswerOf<'operatorGrantCredit'>>(ctx, actor, meta, 'credit.grant', async (sql) => {
    const { orgId } = actor;
    const { currency, nowS } = await billedOrg(sql, orgId);
    const minor = amountMinor(body.amount, currency as Currency, '/body/amount');
    await requireSmall(sql, orgId, operator.actor, currency as Currency, minor);
    const expiresS = body.expires_in_days === undefined ? null : nowS + body.expires_in_days * DAY_S;
    const span = { effectiveS: nowS, expiresS, grantedS: nowS };
    const grant = { orgId, currency, amountMinor: minor, priority: body.priority, ...span };
    const id = await grantCredit(sql, { ...grant, reason: body.reason, grantedBy: operator.actor }, meta.nowMs);
    const answer = grantAnswer((await grantsOf(sql, orgId, currency)).find((one) => one.id === id)!, nowS);
    return { answer, resource: id, detail: { amount: answer.amount, reason: body.reason } };
  });
};

/** Makes an account prepaid, or postpaid up to a credit limit. */
export const operatorSetTerms: UseCase<'operatorSetTerms'> = async (ctx, operator, meta, { params, body }) => {
  const actor = await withinOrganization(ctx, operator, params.organization_id);
  return mutate<AnswerOf<'operatorSetTerms'>>(ctx, actor, meta, 'billing.terms', async (sql) => {
    const { orgId } = actor;
    const { currency } = await billedOrg(sql, orgId);
    const limit = amountMinor(body.credit_limit, currency as Currency, '/body/credit_limit', 0n);
    await sql`
      INSERT INTO billing_settings (org_id, mode, credit_limit_minor) VALUES (${orgId}, ${body.mode}, ${limit}::bigint)
      ON CONFLICT (org_id) DO UPDATE SET mode = excluded.mode, credit_limit_minor = excluded.credit_limit_minor`;
    const answer = { org_id: orgId, mode: body.mode, credit_limit: minorMoney(limit, currency) };
    return { answer, resource: orgId, detail: { mode: body.mode, credit_limit: answer.credit_limit } };
  });
};

const REFUSALS: Record<Exclude<VoidRefusal, 'unknown'>, string> = {
  has_credit_notes: 'Credit notes were issued on this invoice; give back the rest with another one instead.',
  is_corrected: 'A later invoice adjusts this one, so it cannot be voided any more.',
};

/** Voids an invoice once: its number stays taken, what the wallet paid on it is back. */
export const operatorVoidInvoice: UseCase<'operatorVoidInvoice'> = async (ctx, operator, meta, { params, body }) => {
  const { invoice_id: invoiceId } = params;
  const [found] = await singleSql(ctx.ops)<{ org_id: string; number: string }>`
    SELECT org_id, number FROM invoice WHERE id = ${invoiceId}`;
  if (!found) throw notFound();
  const actor = await withinOrganization(ctx, operator, found.org_id);
  return mutate<AnswerOf<'operatorVoidInvoice'>>(ctx, actor, meta, 'invoice.void', async (sql) => {
    const { nowS } = await billedOrg(sql, found.org_id);
    const request = { orgId: found.org_id, invoiceId, voidedBy: operator.actor, ...body, bookedS: nowS };
    const { voided, refused } = await voidInvoice(sql, request, meta.nowMs);
    if (refused === 'unknown') throw notFound();
    if (refused) throw new ProblemError('conflict', REFUSALS[refused]);
    const answer = { id: invoiceId, number: found.number, status: 'void' as const };
    return { answer, resource: invoiceId, detail: { voided, reason: body.reason, reissue: body.reissue } };
  });
};
