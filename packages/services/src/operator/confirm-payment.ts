import { singleSql } from '@suanxiang/db/tenant';
import { confirmPayment } from '@suanxiang/metering/payments/confirm';
import { mutate } from '../access/mutate';
import { notFound, ProblemError } from '../problem';
import type { UseCase } from '../use-case';
import { findOperatorPayment, operatorPaymentAnswer } from './operator-payment-answer';

/**
 * Confirms that a bank transfer has arrived: the customer's balance is credited once and what is due is paid from it. The
 * operator role only reads tenants' data, so the change is made as the tenant role bound to the payment's organisation,
 * where it stands in the customer's audit log under the operator's name. Throws `not_found`, `conflict`.
 */
export const operatorConfirmPayment: UseCase<'operatorConfirmPayment'> = async (ctx, operator, meta, { params }) => {
  const paymentId = params.payment_id;
  const known = await findOperatorPayment(singleSql(ctx.ops), paymentId);
  if (!known) throw notFound();
  const actor = { actor: operator.actor, orgId: known.org_id, authMethod: 'session' as const };
  return mutate(ctx, actor, meta, 'payment.confirm', async (sql) => {
    const confirmed = await confirmPayment(sql, paymentId, meta.nowMs);
    const row = await findOperatorPayment(sql, paymentId);
    if (!confirmed || !row) throw notFound();
    if (!confirmed.settled) {
      throw new ProblemError('conflict', `The payment is ${row.status} already; only a pending one can be confirmed.`);
    }
    const answer = operatorPaymentAnswer(row);
    return {
      answer,
      resource: paymentId,
      detail: { amount: answer.amount, currency: answer.currency, reference: answer.reference },
    };
  });
};
