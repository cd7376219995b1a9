import type { payment } from '@suanxiang/contract/schemas/identity';
import type { Payment } from '@suanxiang/metering/payments/confirm';
import type { z } from 'zod';
import { minorMoney } from '../money';

/** A payment as the API shows it. */
export function paymentAnswer(found: Payment): z.input<typeof payment> {
  return {
    id: found.id,
    provider: found.provider,
    status: found.status,
    amount: minorMoney(found.amountMinor, found.currency),
    reference: found.reference,
    purpose: found.purpose,
    method: found.method,
    failure: found.failure,
    redirect_url: found.redirectUrl,
    refunded: minorMoney(found.refundedMinor, found.currency),
    dispute: found.dispute && {
      status: found.dispute.status,
      amount: minorMoney(found.dispute.amountMinor, found.currency),
    },
    created_at: found.createdAt.toISOString(),
    settled_at: found.settledAt?.toISOString() ?? null,
  };
}
