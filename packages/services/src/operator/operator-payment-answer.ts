import type { operatorPayment } from '@suanxiang/contract/schemas/fleet';
import type { Sql } from '@suanxiang/db/sql';
import { type Currency, formatDecimal } from '@suanxiang/domain/money';
import type { z } from 'zod';

export interface OperatorPaymentRow {
  id: string;
  org_id: string;
  org_name: string;
  currency: Currency;
  amount: string;
  reference: string;
  status: string;
  created_at: Date;
}

/** A payment of any organisation (role app_ops), or of the one that `sql` is bound to; null when there is none. */
export async function findOperatorPayment(sql: Sql, paymentId: string): Promise<OperatorPaymentRow | null> {
  const [row] = await sql<OperatorPaymentRow>`
    SELECT p.id, p.org_id, o.name AS org_name, p.currency, p.amount_minor::text AS amount, p.reference, p.status, p.created_at
    FROM payment p JOIN organization o ON o.id = p.org_id WHERE p.id = ${paymentId}`;
  return row ?? null;
}

/** A payment as the operator plane shows it. */
export function operatorPaymentAnswer(row: OperatorPaymentRow): z.input<typeof operatorPayment> {
  return {
    ...row,
    amount: formatDecimal(BigInt(row.amount), row.currency),
    created_at: row.created_at.toISOString(),
  };
}
