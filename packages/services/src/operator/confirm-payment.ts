import { singleSql } from '@suanxiang/db/tenant';
import { ProblemError } from '@suanxiang/domain/errors';
import { confirmPayment } from '@suanxiang/metering/payments/confirm';
import { mutate } from '../access/mutate';
import { notFound } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';
import { readTransfers } from './payments';

/**
 * Confirms that a bank transfer has arrived: the balance rises once, however often it is confirmed. The operator finds the
 * payment with the operator's rights; it is settled inside its organisation, where the audit row belongs, too.
 */
export const operatorConfirmPayment: UseCase<'operatorConfirmPayment'> = async (ctx, operator, meta, { params }) => {
  const [transfer] = await readTransfers(singleSql(ctx.ops), params.payment_id);
  if (!transfer) throw notFound();
  const actor = { orgId: transfer.org_id, actor: operator.actor, authMethod: 'session' as const };
  return mutate<AnswerOf<'operatorConfirmPayment'>>(ctx, actor, meta, 'payment.confirm', async (sql) => {
    const confirmed = await confirmPayment(sql, transfer.id, meta.nowMs);
    if (confirmed?.payment.status !== 'succeeded') {
      throw new ProblemError(
        'conflict',
        `This payment has ${confirmed?.payment.status ?? 'gone'} and cannot be confirmed.`,
      );
    }
    const answer = { ...transfer, status: confirmed.payment.status };
    const detail = { amount: transfer.amount, currency: transfer.currency, settled: confirmed.settled };
    return { answer, resource: transfer.id, detail };
  });
};
