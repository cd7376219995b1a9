import type { Currency } from '@suanxiang/domain/money';
import { createTopUp as requestTopUp } from '@suanxiang/metering/payments/top-up';
import { mutate } from '../access/mutate';
import type { UseCase } from '../use-case';
import { amountMinor } from './amount-text';
import { paymentAnswer } from './payment-answer';

/** Adds to the balance: at once in a sandbox, else as a bank transfer that the operator confirms. */
export const createTopUp: UseCase<'createTopUp'> = (ctx, principal, meta, { body }) =>
  mutate(ctx, principal, meta, 'billing.top_up', async (sql) => {
    const [org] = await sql<{ mode: 'live' | 'sandbox'; currency: Currency }>`
      SELECT mode, currency FROM organization WHERE id = ${principal.orgId}`;
    const { mode, currency } = org!;
    const minor = amountMinor(body.amount, currency, '/body/amount');
    const found = await requestTopUp(sql, { orgId: principal.orgId, mode, currency }, minor, meta.nowMs);
    const answer = paymentAnswer(found);
    return { answer, resource: found.id, detail: { amount: answer.amount, status: answer.status } };
  });
