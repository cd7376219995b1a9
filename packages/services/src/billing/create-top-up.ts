import type { Currency } from '@suanxiang/domain/money';
import { createTopUp as requestTopUp } from '@suanxiang/metering/payments/top-up';
import { mutate } from '../access/mutate';
import type { UseCase } from '../use-case';
import { amountMinor } from './amount-text';
import { beginOnline, requireOwnMethod } from './online';
import { paymentAnswer } from './payment-answer';

/**
 * Adds to the balance: at once in a sandbox, online where the operator has it, else as a bank transfer that the operator
 * confirms.
 */
export const createTopUp: UseCase<'createTopUp'> = (ctx, principal, meta, { body }) =>
  mutate(ctx, principal, meta, 'billing.top_up', async (sql) => {
    const { orgId } = principal;
    const [org] = await sql<{ mode: 'live' | 'sandbox'; currency: Currency }>`
      SELECT mode, currency FROM organization WHERE id = ${orgId}`;
    const { mode, currency } = org!;
    const minor = amountMinor(body.amount, currency, '/body/amount');
    const { method, ...how } = body;
    await requireOwnMethod(sql, orgId, how.payment_method_id);
    const found =
      method === 'bank_transfer' || mode === 'sandbox'
        ? await requestTopUp(sql, { orgId, mode, currency }, minor, meta.nowMs)
        : await beginOnline(ctx, sql, { orgId, currency, method, ...how, what: { amountMinor: minor } }, meta.nowMs);
    const answer = paymentAnswer(found);
    return { answer, resource: found.id, detail: { amount: answer.amount, status: answer.status } };
  });
