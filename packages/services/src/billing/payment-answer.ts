import type { payment } from '@suanxiang/contract/schemas/identity';
import type { Payment } from '@suanxiang/metering/payments/confirm';
import type { z } from 'zod';
import { minorMoney } from '../money';

/** A payment as the API shows it. */
export function paymentAnswer(row: Omit<Payment, 'orgId'>): z.input<typeof payment> {
  return {
    id: row.id,
    provider: row.provider,
    status: row.status,
    amount: minorMoney(row.amountMinor, row.currency),
    reference: row.reference,
    created_at: row.createdAt.toISOString(),
    settled_at: row.settledAt?.toISOString() ?? null,
  };
}
