import type { operatorPayment } from '@suanxiang/contract/schemas/fleet';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql } from '@suanxiang/db/tenant';
import { type Currency, formatDecimal } from '@suanxiang/domain/money';
import type { z } from 'zod';
import type { UseCase } from '../use-case';

interface Row {
  id: string;
  org_id: string;
  org_name: string;
  amount: string;
  currency: Currency;
  reference: string;
  status: string;
  created_at: Date;
}

const MOST = 500;

/** Bank transfers: those that wait, oldest first, or the one with an id. */
export async function readTransfers(sql: Sql, paymentId: string | null): Promise<z.input<typeof operatorPayment>[]> {
  const rows = await sql<Row>`
    SELECT p.id, p.org_id, o.name AS org_name, p.amount_minor::text AS amount, p.currency, p.reference, p.status, p.created_at
    FROM payment p JOIN organization o ON o.id = p.org_id
    WHERE p.provider = 'manual' AND (p.id = ${paymentId} OR (${paymentId}::text IS NULL AND p.status = 'pending'))
    ORDER BY p.created_at, p.id LIMIT ${MOST}`;
  return rows.map((row) => ({
    ...row,
    amount: formatDecimal(BigInt(row.amount), row.currency),
    created_at: row.created_at.toISOString(),
  }));
}

/** Bank transfers waiting for confirmation, oldest first. */
export const operatorPayments: UseCase<'operatorPayments'> = async (ctx) => ({
  items: await readTransfers(singleSql(ctx.ops), null),
});
