import type { Currency } from '@suanxiang/domain/money';
import { grantCredit, grantsOf } from '@suanxiang/metering/credit/grants';
import { billedOrg } from '@suanxiang/metering/periods';
import { mutate } from '../access/mutate';
import { unusable } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';
import { grantAnswer } from './list-credit-grants';

const DAY_S = 86_400;
/** Codes of the operator burn before what is granted without a priority of its own. */
const PRIORITY = 10;

interface Taken {
  outcome: 'taken' | 'ended' | 'expired' | 'other_currency' | 'used_up';
  id: string;
  currency: Currency;
  amount: string;
  credit_days: number | null;
  reason: string;
}

const refusal = (code: string, detail: string) => unusable([{ pointer: '/body/coupon_code', code, detail }]);

const SENTENCES: Record<Exclude<Taken['outcome'], 'taken' | 'other_currency'>, string> = {
  ended: 'This code is not in use any more.',
  expired: 'This code has expired.',
  used_up: 'This code has been redeemed as often as it may be.',
};

/**
 * Redeems a promotional code: credit, once for each account and never more often than the code allows, however many try at
 * the same time. The count and the credit are written in one transaction, under the code's row lock.
 */
export const redeemCoupon: UseCase<'redeemCoupon'> = (ctx, principal, meta, { body }) =>
  mutate<AnswerOf<'redeemCoupon'>>(ctx, principal, meta, 'coupon.redeem', async (sql) => {
    const { orgId } = principal;
    const { currency, mode, nowS } = await billedOrg(sql, orgId);
    if (mode === 'sandbox') throw refusal('sandbox', 'A sandbox pays with play money, so it redeems no codes.');
    const [coupon] = await sql<Taken>`
      SELECT outcome, id, currency, amount_minor::text AS amount, credit_days, reason
      FROM suan_take_coupon(${body.coupon_code}, ${currency})`;
    if (!coupon) throw refusal('unknown', 'There is no such code.');
    const again = await sql`
      SELECT 1 AS one FROM coupon_redemption WHERE org_id = ${orgId} AND coupon_id = ${coupon.id}`;
    if (again.length > 0) throw refusal('already_redeemed', 'This organization has redeemed the code already.');
    if (coupon.outcome === 'other_currency') {
      throw refusal('other_currency', `This code is for accounts in ${coupon.currency}; this one is in ${currency}.`);
    }
    if (coupon.outcome !== 'taken') throw refusal(coupon.outcome, SENTENCES[coupon.outcome]);
    const expiresS = coupon.credit_days === null ? null : nowS + coupon.credit_days * DAY_S;
    const span = { effectiveS: nowS, expiresS, grantedS: nowS };
    const grant = { orgId, currency, amountMinor: BigInt(coupon.amount), priority: PRIORITY, ...span };
    const grantedBy = `coupon:${coupon.id}`;
    const id = await grantCredit(sql, { ...grant, reason: coupon.reason, grantedBy }, meta.nowMs);
    await sql`
      INSERT INTO coupon_redemption (coupon_id, org_id, grant_id, redeemed_by)
      VALUES (${coupon.id}, ${orgId}, ${id}, ${principal.actor})`;
    const answer = grantAnswer((await grantsOf(sql, orgId, currency)).find((one) => one.id === id)!, nowS);
    return { answer, resource: id, detail: { coupon_code: body.coupon_code, amount: answer.amount } };
  });
