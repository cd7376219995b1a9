import type { PaymentStatus } from '../apply-state';

/** Ways to pay that an online provider offers; only cards can be charged again without the customer. */
export const ONLINE_METHODS = ['card', 'alipay', 'wechat_pay'] as const;
export type OnlineMethod = (typeof ONLINE_METHODS)[number];

/** What a provider says of one payment when it is asked. */
export interface RemotePayment {
  ref: string;
  /** Our id, as it was sent along. */
  paymentId: string | null;
  status: PaymentStatus;
  amountMinor: bigint;
  currency: string;
  method: string | null;
  failure: string | null;
  /** Where the customer has to go, when something is asked of them. */
  redirectUrl: string | null;
  /** Given back so far. */
  refundedMinor: bigint;
}

/** A dispute takes money back until it is won. */
export interface RemoteDispute {
  ref: string;
  paymentRef: string;
  amountMinor: bigint;
  currency: string;
  /** won: the money is ours again. */
  status: 'open' | 'won' | 'lost';
  /** False for an inquiry that takes no money. */
  takesMoney: boolean;
}

export interface RemoteMethod {
  ref: string;
  kind: string;
  brand: string | null;
  last4: string | null;
  expMonth: number | null;
  expYear: number | null;
}

export interface ChargeRequest {
  paymentId: string;
  orgId: string;
  customer: string;
  amountMinor: bigint;
  currency: string;
  method: OnlineMethod;
  /** Provider's id of a saved card; null: the customer gives it on the provider's page. */
  savedMethod: string | null;
  /** True when the customer is not there: nothing may be asked of them. */
  offSession: boolean;
  returnUrl: string | null;
}

/** A provider's event, verified, reduced to what it is about. */
export interface RemoteEvent {
  id: string;
  type: string;
  /** Id of the object it is about. */
  objectRef: string;
  payload: object;
}

/** The provider could not be asked, or did not say what it did: the same request may be repeated with the same key. */
export class ProviderUnavailable extends Error {
  override readonly name = 'ProviderUnavailable';
}

/** The provider understood and refused: repeating does not help. */
export class ProviderRefusal extends Error {
  override readonly name = 'ProviderRefusal';
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Moves money over the network. Every request carries a key that names the business operation, so that repeating it within
 * a day does nothing twice. Never called inside a transaction.
 */
export interface OnlineProvider {
  readonly id: 'stripe';
  /** The provider's id of an account, made when there is none. */
  ensureCustomer(account: { orgId: string; name: string }): Promise<string>;
  charge(request: ChargeRequest, key: string): Promise<RemotePayment>;
  fetchPayment(ref: string): Promise<RemotePayment>;
  /** The payment that carries our id, of those made since; null when the provider has none. */
  findPayment(paymentId: string, sinceS: number): Promise<RemotePayment | null>;
  /** Every payment made since, oldest last. */
  recentPayments(sinceS: number): AsyncIterable<RemotePayment>;
  fetchDispute(ref: string): Promise<RemoteDispute>;
  /** Opens the page on which a card is saved. */
  beginSetup(
    request: { methodId: string; customer: string; returnUrl: string },
    key: string,
  ): Promise<{ ref: string; url: string }>;
  /** What became of such a page: the saved method, or null while it is open. */
  fetchSetup(ref: string): Promise<RemoteMethod | null>;
  detachMethod(ref: string): Promise<void>;
}
