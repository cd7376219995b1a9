import Stripe from 'stripe';
import type { PaymentStatus } from '../apply-state';
import {
  type ChargeRequest,
  type OnlineProvider,
  ProviderRefusal,
  ProviderUnavailable,
  type RemoteDispute,
  type RemoteMethod,
  type RemotePayment,
} from '../online/provider';
import { toApiAmount } from './amounts';

export interface StripeOptions {
  secretKey: string;
  /** Another server than Stripe's own, for tests. */
  apiBase: string | null;
}

const TIMEOUT_MS = 20_000;

/**
 * The client. It repeats nothing by itself but, once and with the same key, a request whose connection was closed: whoever
 * calls knows what may be repeated.
 */
export function createStripe({ secretKey, apiBase }: StripeOptions): Stripe {
  const base = apiBase === null ? null : new URL(apiBase);
  const where = base && {
    host: base.hostname,
    port: base.port || (base.protocol === 'https:' ? '443' : '80'),
    protocol: base.protocol === 'https:' ? ('https' as const) : ('http' as const),
  };
  return new Stripe(secretKey, { maxNetworkRetries: 0, timeout: TIMEOUT_MS, telemetry: false, ...where });
}

/** A state that this version of the API does not know yet is under way: the next look says more. */
const STATUSES: Record<string, PaymentStatus> = {
  requires_payment_method: 'pending',
  requires_confirmation: 'pending',
  requires_action: 'requires_action',
  requires_capture: 'processing',
  processing: 'processing',
  succeeded: 'succeeded',
  canceled: 'canceled',
};

function redirectOf(intent: Stripe.PaymentIntent): string | null {
  const action = intent.next_action;
  return (
    action?.redirect_to_url?.url ??
    action?.wechat_pay_display_qr_code?.hosted_instructions_url ??
    action?.alipay_handle_redirect?.url ??
    null
  );
}

function toRemote(intent: Stripe.PaymentIntent): RemotePayment {
  const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : null;
  // An intent that was tried and waits for another way to pay has failed, as far as this attempt goes.
  const failed = intent.status === 'requires_payment_method' && intent.last_payment_error !== null;
  return {
    ref: intent.id,
    paymentId: intent.metadata.payment_id ?? null,
    status: failed ? 'failed' : (STATUSES[intent.status] ?? 'processing'),
    amountMinor: BigInt(intent.amount),
    currency: intent.currency.toUpperCase(),
    method: charge?.payment_method_details?.type ?? intent.payment_method_types[0] ?? null,
    failure: intent.last_payment_error?.decline_code ?? intent.last_payment_error?.code ?? null,
    redirectUrl: redirectOf(intent),
    refundedMinor: BigInt(charge?.amount_refunded ?? 0),
  };
}

/** Turns the library's errors into those of the interface; a refused card still tells of its payment. */
async function guard<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error;
    const isLost =
      error instanceof Stripe.errors.StripeConnectionError || error instanceof Stripe.errors.StripeAPIError;
    const isBusy = error instanceof Stripe.errors.StripeRateLimitError || error.statusCode === 409;
    if (isLost || isBusy) throw new ProviderUnavailable(error.message);
    throw new ProviderRefusal(error.code ?? error.type, error.message);
  }
}

const EXPAND = ['latest_charge'];

function intentParams(request: ChargeRequest): Stripe.PaymentIntentCreateParams {
  const { method, savedMethod, offSession, returnUrl } = request;
  return {
    amount: toApiAmount(request.amountMinor),
    currency: request.currency.toLowerCase(),
    customer: request.customer,
    allowed_payment_method_types: [method],
    metadata: { payment_id: request.paymentId, account_id: request.orgId },
    confirm: true,
    expand: EXPAND,
    ...(savedMethod ? { payment_method: savedMethod } : { payment_method_data: { type: method } }),
    ...(offSession ? { off_session: true } : { return_url: returnUrl! }),
    ...(method === 'wechat_pay' ? { payment_method_options: { wechat_pay: { client: 'web' } } } : {}),
  };
}

class StripeProvider implements OnlineProvider {
  readonly id = 'stripe';

  constructor(private readonly stripe: Stripe) {}

  async ensureCustomer({ orgId, name }: { orgId: string; name: string }): Promise<string> {
    const params = { name, metadata: { account_id: orgId } };
    const made = await guard(() => this.stripe.customers.create(params, { idempotencyKey: `customer:${orgId}` }));
    return made.id;
  }

  async charge(request: ChargeRequest, key: string): Promise<RemotePayment> {
    try {
      return toRemote(await this.stripe.paymentIntents.create(intentParams(request), { idempotencyKey: key }));
    } catch (error) {
      // A declined card leaves its payment behind, which says more than the error.
      const left = error instanceof Stripe.errors.StripeCardError ? error.payment_intent : undefined;
      if (left) return this.fetchPayment(left.id);
      return guard(() => Promise.reject(error));
    }
  }

  async fetchPayment(ref: string): Promise<RemotePayment> {
    return toRemote(await guard(() => this.stripe.paymentIntents.retrieve(ref, { expand: EXPAND })));
  }

  async findPayment(paymentId: string, sinceS: number): Promise<RemotePayment | null> {
    for await (const found of this.recentPayments(sinceS)) if (found.paymentId === paymentId) return found;
    return null;
  }

  async *recentPayments(sinceS: number): AsyncIterable<RemotePayment> {
    let after: string | undefined;
    for (;;) {
      const query = { created: { gte: sinceS }, limit: 100, expand: ['data.latest_charge'] };
      const page = await guard(() =>
        this.stripe.paymentIntents.list({ ...query, ...(after ? { starting_after: after } : {}) }),
      );
      for (const intent of page.data) yield toRemote(intent);
      after = page.data.at(-1)?.id;
      if (!page.has_more || !after) return;
    }
  }

  async fetchDispute(ref: string): Promise<RemoteDispute> {
    const found = await guard(() => this.stripe.disputes.retrieve(ref));
    const intent = found.payment_intent;
    return {
      ref: found.id,
      paymentRef: typeof intent === 'string' ? intent : (intent?.id ?? ''),
      amountMinor: BigInt(found.amount),
      currency: found.currency.toUpperCase(),
      status: found.status === 'won' ? 'won' : found.status === 'lost' ? 'lost' : 'open',
      takesMoney: !found.status.startsWith('warning_') && found.status !== 'prevented',
    };
  }

  async beginSetup(
    request: { methodId: string; customer: string; returnUrl: string },
    key: string,
  ): Promise<{ ref: string; url: string }> {
    const { methodId, customer, returnUrl } = request;
    const page = await guard(() =>
      this.stripe.checkout.sessions.create(
        {
          mode: 'setup',
          customer,
          allowed_payment_method_types: ['card'],
          success_url: returnUrl,
          cancel_url: returnUrl,
          metadata: { method_id: methodId },
          setup_intent_data: { metadata: { method_id: methodId } },
        },
        { idempotencyKey: key },
      ),
    );
    if (!page.url) throw new ProviderRefusal('no_page', 'the provider gave no page to save a card on');
    return { ref: page.id, url: page.url };
  }

  async fetchSetup(ref: string): Promise<RemoteMethod | null> {
    const expand = ['setup_intent.payment_method'];
    const page = await guard(() => this.stripe.checkout.sessions.retrieve(ref, { expand }));
    const intent = typeof page.setup_intent === 'object' ? page.setup_intent : null;
    const method = typeof intent?.payment_method === 'object' ? intent.payment_method : null;
    if (intent?.status !== 'succeeded' || !method) return null;
    const { card } = method;
    return {
      ref: method.id,
      kind: method.type,
      brand: card?.brand ?? null,
      last4: card?.last4 ?? null,
      expMonth: card?.exp_month ?? null,
      expYear: card?.exp_year ?? null,
    };
  }

  async detachMethod(ref: string): Promise<void> {
    await guard(() => this.stripe.paymentMethods.detach(ref));
  }
}

/** Stripe as a payment rail: it says whether money moved, and keeps no books. */
export function createStripeProvider(options: StripeOptions): OnlineProvider {
  return new StripeProvider(createStripe(options));
}
