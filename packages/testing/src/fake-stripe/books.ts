import { randomBytes } from 'node:crypto';

/** Objects of the API as far as the product reads them. */
export interface Intent {
  id: string;
  object: 'payment_intent';
  amount: number;
  currency: string;
  created: number;
  customer: string | null;
  status: 'requires_payment_method' | 'requires_action' | 'processing' | 'succeeded' | 'canceled';
  metadata: Record<string, string>;
  payment_method: string | null;
  payment_method_types: string[];
  next_action: object | null;
  last_payment_error: { type: string; code: string; decline_code?: string; message: string } | null;
  latest_charge: Charge | null;
  return_url: string | null;
}

export interface Charge {
  id: string;
  object: 'charge';
  amount: number;
  amount_refunded: number;
  payment_intent: string;
  payment_method_details: { type: string };
}

export interface Method {
  id: string;
  object: 'payment_method';
  type: string;
  customer: string | null;
  card: { brand: string; last4: string; exp_month: number; exp_year: number };
}

export interface Session {
  id: string;
  object: 'checkout.session';
  mode: 'setup';
  url: string;
  customer: string;
  success_url: string;
  setup_intent: {
    id: string;
    object: 'setup_intent';
    status: string;
    payment_method: Method | null;
    metadata: Record<string, string>;
  };
}

export interface Dispute {
  id: string;
  object: 'dispute';
  amount: number;
  currency: string;
  status: 'needs_response' | 'won' | 'lost';
  payment_intent: string;
}

export interface FakeEvent {
  id: string;
  object: 'event';
  type: string;
  created: number;
  data: { object: object };
}

/** How a card behaves; chosen by the last four digits, as with the well-known test cards. */
export const CARDS = {
  '4242': 'succeeds',
  '0002': 'is declined',
  '3155': 'asks its owner',
  '0077': 'takes its time',
} as const;
export type Last4 = keyof typeof CARDS;

export const fakeId = (prefix: string) => `${prefix}_${randomBytes(10).toString('hex')}`;

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly body: { type: string; code?: string; message: string; decline_code?: string; payment_intent?: Intent },
  ) {
    super(body.message);
  }
}

export const missing = (what: string) =>
  new ApiError(404, { type: 'invalid_request_error', code: 'resource_missing', message: `No such ${what}` });

/** Everything that the fake holds, and how payments move: the real states, and no way back from succeeded. */
export class FakeBooks {
  readonly intents = new Map<string, Intent>();
  readonly methods = new Map<string, Method>();
  readonly sessions = new Map<string, Session>();
  readonly disputes = new Map<string, Dispute>();
  readonly customers = new Map<string, { id: string; object: 'customer'; metadata: Record<string, string> }>();
  readonly events: FakeEvent[] = [];

  constructor(private readonly nowS: () => number) {}

  now(): number {
    return this.nowS();
  }

  tell(type: string, object: object): void {
    const data = { object: structuredClone(object) };
    this.events.push({ id: fakeId('evt'), object: 'event', type, created: this.nowS(), data });
  }

  intent(id: string): Intent {
    const found = this.intents.get(id);
    if (!found) throw missing(`payment_intent: '${id}'`);
    return found;
  }

  saveCard(customer: string, last4: Last4): Method {
    const card = { brand: 'visa', last4, exp_month: 12, exp_year: 2034 };
    const method: Method = { id: fakeId('pm'), object: 'payment_method', type: 'card', customer, card };
    this.methods.set(method.id, method);
    return method;
  }

  /** The money moved. */
  succeed(intent: Intent): void {
    if (intent.status === 'succeeded' || intent.status === 'canceled') return;
    intent.status = 'succeeded';
    intent.next_action = null;
    intent.last_payment_error = null;
    const type = intent.payment_method_types[0]!;
    const charge = { id: fakeId('ch'), object: 'charge' as const, amount: intent.amount, amount_refunded: 0 };
    intent.latest_charge = { ...charge, payment_intent: intent.id, payment_method_details: { type } };
    this.tell('payment_intent.succeeded', intent);
  }

  fail(intent: Intent, code: string, declineCode?: string): void {
    if (intent.status === 'succeeded' || intent.status === 'canceled') return;
    intent.status = 'requires_payment_method';
    intent.next_action = null;
    const message = 'The payment did not go through.';
    intent.last_payment_error = {
      type: 'card_error',
      code,
      message,
      ...(declineCode ? { decline_code: declineCode } : {}),
    };
    this.tell('payment_intent.payment_failed', intent);
  }

  refund(intentId: string, amount: number): void {
    const { latest_charge: charge } = this.intent(intentId);
    if (!charge || charge.amount_refunded + amount > charge.amount) {
      throw new ApiError(400, { type: 'invalid_request_error', code: 'charge_already_refunded', message: 'Too much.' });
    }
    charge.amount_refunded += amount;
    this.tell('charge.refunded', charge);
  }

  dispute(intentId: string): Dispute {
    const { amount, currency } = this.intent(intentId);
    const dispute: Dispute = {
      id: fakeId('du'),
      object: 'dispute',
      amount,
      currency,
      status: 'needs_response',
      payment_intent: intentId,
    };
    this.disputes.set(dispute.id, dispute);
    this.tell('charge.dispute.created', dispute);
    return dispute;
  }

  closeDispute(id: string, status: 'won' | 'lost'): void {
    const dispute = this.disputes.get(id)!;
    dispute.status = status;
    this.tell('charge.dispute.closed', dispute);
  }
}
