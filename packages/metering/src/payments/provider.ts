/** A way to be paid that answers at once, without I/O: it may be asked inside a transaction. */
export interface PaymentProvider {
  readonly id: 'manual' | 'sandbox';
  /** Asks for money; `reference` names the payment on both sides and is unique. */
  request(payment: { paymentId: string; amountMinor: bigint; currency: string }): {
    status: 'pending' | 'succeeded';
    reference: string;
  };
}

/** The last characters of an id: random, and short enough to write on a transfer form. */
function shortCode(paymentId: string): string {
  return paymentId.slice(-10).toUpperCase();
}

/** Bank transfer: the tenant writes the reference on it, and the operator confirms when the money is there. */
export const manualProvider: PaymentProvider = {
  id: 'manual',
  request: ({ paymentId }) => ({ status: 'pending', reference: `SX-${shortCode(paymentId)}` }),
};

/** Play money of sandbox organisations: there at once. */
export const sandboxProvider: PaymentProvider = {
  id: 'sandbox',
  request: ({ paymentId }) => ({ status: 'succeeded', reference: `TEST-${shortCode(paymentId)}` }),
};

/** How an organisation adds to its balance. */
export function providerOf(mode: 'live' | 'sandbox'): PaymentProvider {
  return mode === 'sandbox' ? sandboxProvider : manualProvider;
}
