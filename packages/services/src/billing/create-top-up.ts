import { CURRENCY_EXPONENTS, type Currency, parseDecimal } from '@suanxiang/domain/money';
import { createTopUp as requestTopUp } from '@suanxiang/metering/payments/top-up';
import { mutate } from '../access/mutate';
import { invalid } from '../problem';
import type { UseCase } from '../use-case';
import { paymentAnswer } from './payment-answer';

/** Most that can be asked for at once, in the major unit. */
const MOST = 10_000_000n;

function amountMinor(text: string, currency: Currency): bigint {
  const digits = CURRENCY_EXPONENTS[currency];
  let minor: bigint;
  try {
    minor = parseDecimal(text, currency);
  } catch {
    throw invalid('/body/amount', `${currency} has ${digits} decimals at most.`, 'too_precise');
  }
  if (minor <= 0n) throw invalid('/body/amount', 'Must be more than 0.', 'range');
  if (minor > MOST * 10n ** BigInt(digits)) throw invalid('/body/amount', `Must be at most ${MOST}.`, 'range');
  return minor;
}

/** Adds to the balance: at once in a sandbox, else as a bank transfer that the operator confirms. */
export const createTopUp: UseCase<'createTopUp'> = (ctx, principal, meta, { body }) =>
  mutate(ctx, principal, meta, 'billing.top_up', async (sql) => {
    const [org] = await sql<{ mode: 'live' | 'sandbox'; currency: Currency }>`
      SELECT mode, currency FROM organization WHERE id = ${principal.orgId}`;
    const { mode, currency } = org!;
    const minor = amountMinor(body.amount, currency);
    const found = await requestTopUp(sql, { orgId: principal.orgId, mode, currency }, minor, meta.nowMs);
    const answer = paymentAnswer(found);
    return { answer, resource: found.id, detail: { amount: answer.amount, status: answer.status } };
  });
