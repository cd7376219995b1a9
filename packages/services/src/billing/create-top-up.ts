import { CURRENCY_EXPONENTS, type Currency, parseDecimal } from '@suanxiang/domain/money';
import { createTopUp as topUp } from '@suanxiang/metering/payments/top-up';
import { billedOrg } from '@suanxiang/metering/periods';
import { mutate } from '../access/mutate';
import { invalid } from '../problem';
import type { UseCase } from '../use-case';
import { paymentAnswer } from './payment-answer';

/** An amount above 0 in minor units. Throws `invalid_request`. */
function amountOf(text: string, currency: Currency): bigint {
  let minor: bigint;
  try {
    minor = parseDecimal(text, currency);
  } catch {
    const digits = CURRENCY_EXPONENTS[currency];
    throw invalid('/body/amount', `${currency} has ${digits} decimals.`, 'invalid_format');
  }
  if (minor <= 0n) throw invalid('/body/amount', 'Must be above 0.', 'out_of_range');
  return minor;
}

/** Adds to the balance: at once in a sandbox, else as a bank transfer that waits for the operator. */
export const createTopUp: UseCase<'createTopUp'> = (ctx, principal, meta, { body }) =>
  mutate(ctx, principal, meta, 'billing.top_up', async (sql) => {
    const org = await billedOrg(sql, principal.orgId);
    const amountMinor = amountOf(body.amount, org.currency as Currency);
    const payment = await topUp(sql, org, amountMinor, meta.nowMs);
    const answer = paymentAnswer(payment);
    return { answer, resource: payment.id, detail: { amount: answer.amount, reference: payment.reference } };
  });
