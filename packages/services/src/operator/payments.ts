import { singleSql } from '@suanxiang/db/tenant';
import type { UseCase } from '../use-case';
import { type OperatorPaymentRow, operatorPaymentAnswer } from './operator-payment-answer';

/** More than one person confirms in a day. */
const MOST = 500;

/** Bank transfers of all organisations that wait for confirmation, oldest first. */
export const operatorPayments: UseCase<'operatorPayments'> = async (ctx) => {
  const rows = await singleSql(ctx.ops)<OperatorPaymentRow>`
    SELECT p.id, p.org_id, o.name AS org_name, p.currency, p.amount_minor::text AS amount, p.reference, p.status, p.created_at
    FROM payment p JOIN organization o ON o.id = p.org_id
    WHERE p.status = 'pending' ORDER BY p.created_at, p.id LIMIT ${MOST}`;
  return { items: rows.map(operatorPaymentAnswer) };
};
