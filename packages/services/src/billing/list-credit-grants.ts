import { withOrgSql } from '@suanxiang/db/tenant';
import { type Grant, grantsOf } from '@suanxiang/metering/credit/grants';
import { billedOrg } from '@suanxiang/metering/periods';
import { minorMoney } from '../money';
import type { AnswerOf, UseCase } from '../use-case';

const time = (unixS: number) => new Date(unixS * 1000).toISOString();

/** A grant as the API shows it at a second of billing time: what was left when it expired is not remaining any more. */
export function grantAnswer(grant: Grant, nowS: number): AnswerOf<'listCreditGrants'>['items'][number] {
  const isExpired = grant.expiresS !== null && grant.expiresS <= nowS;
  const money = (minor: bigint) => minorMoney(minor, grant.currency);
  return {
    id: grant.id,
    reason: grant.reason,
    amount: money(grant.amountMinor),
    remaining: money(isExpired ? 0n : grant.remainingMinor),
    expired: money(isExpired ? grant.remainingMinor : 0n),
    priority: grant.priority,
    effective_at: time(grant.effectiveS ?? 0),
    expires_at: grant.expiresS === null ? null : time(grant.expiresS),
    granted_at: time(grant.grantedS ?? 0),
  };
}

/** Promotional credit of an organisation, oldest first. */
export const listCreditGrants: UseCase<'listCreditGrants'> = (ctx, { orgId }) =>
  withOrgSql(ctx.api, orgId, async (sql) => {
    const { currency, nowS } = await billedOrg(sql, orgId);
    return { items: (await grantsOf(sql, orgId, currency)).map((grant) => grantAnswer(grant, nowS)) };
  });
