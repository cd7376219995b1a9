import { ApiError, type FakeBooks, fakeId, type Intent, type Last4, missing, type Session } from './books';
import { type Form, formOf, textOf, textsOf } from './form';

export interface FakeRequest {
  method: string;
  path: string;
  form: Form;
  query: URLSearchParams;
  /** Address of the fake itself, for the pages that it sends customers to. */
  origin: string;
}

const invalid = (message: string, code = 'parameter_invalid_empty') =>
  new ApiError(400, { type: 'invalid_request_error', code, message });

function need(form: Form, key: string): string {
  return textOf(form, key) ?? fail(`Missing required param: ${key}.`, 'parameter_missing');
}

function fail(message: string, code: string): never {
  throw invalid(message, code);
}

function createCustomer(books: FakeBooks, { form }: FakeRequest) {
  const id = fakeId('cus');
  const customer = { id, object: 'customer' as const, metadata: textsOf(formOf(form, 'metadata')) };
  books.customers.set(id, customer);
  return customer;
}

/** Where the customer has to go for a payment that asks something of them. */
function askCustomer(intent: Intent, origin: string): void {
  const url = `${origin}/authorize/${intent.id}`;
  intent.status = 'requires_action';
  intent.next_action =
    intent.payment_method_types[0] === 'wechat_pay'
      ? { type: 'wechat_pay_display_qr_code', wechat_pay_display_qr_code: { hosted_instructions_url: url } }
      : { type: 'redirect_to_url', redirect_to_url: { url, return_url: intent.return_url } };
}

/** Confirms a payment as its way to pay behaves. */
function confirm(books: FakeBooks, intent: Intent, options: { offSession: boolean; origin: string }): void {
  const card = books.methods.get(intent.payment_method ?? '')?.card;
  if (!card) {
    askCustomer(intent, options.origin);
    books.tell('payment_intent.requires_action', intent);
    return;
  }
  switch (card.last4 as Last4) {
    case '0002':
      books.fail(intent, 'card_declined', 'insufficient_funds');
      throw new ApiError(402, { ...intent.last_payment_error!, payment_intent: structuredClone(intent) });
    case '3155':
      if (options.offSession) {
        books.fail(intent, 'authentication_required', 'authentication_required');
        throw new ApiError(402, { ...intent.last_payment_error!, payment_intent: structuredClone(intent) });
      }
      askCustomer(intent, options.origin);
      books.tell('payment_intent.requires_action', intent);
      return;
    case '0077':
      intent.status = 'processing';
      books.tell('payment_intent.processing', intent);
      return;
    default:
      books.succeed(intent);
  }
}

function createIntent(books: FakeBooks, { form, origin }: FakeRequest): Intent {
  const amount = Number(need(form, 'amount'));
  const currency = need(form, 'currency');
  if (!Number.isSafeInteger(amount) || amount < 1)
    throw invalid('Invalid integer: amount', 'parameter_invalid_integer');
  if (currency === 'kwd' && amount % 10 !== 0) throw invalid('The last digit must be 0.', 'invalid_charge_amount');
  if (currency === 'usd' && amount < 50) throw invalid('Amount must be at least 50 cents.', 'amount_too_small');
  const customer = textOf(form, 'customer');
  if (customer && !books.customers.has(customer)) throw missing(`customer: '${customer}'`);
  const method = textOf(form, 'payment_method');
  if (method && books.methods.get(method)?.customer !== customer) throw missing(`payment_method: '${method}'`);
  const types = Object.values(textsOf(formOf(form, 'allowed_payment_method_types')));
  const offSession = textOf(form, 'off_session') === 'true';
  if (offSession && types[0] !== 'card')
    throw invalid('This method cannot be charged off session.', 'payment_intent_invalid_parameter');
  const intent: Intent = {
    id: fakeId('pi'),
    object: 'payment_intent',
    amount,
    currency,
    created: books.now(),
    customer,
    status: 'requires_payment_method',
    metadata: textsOf(formOf(form, 'metadata')),
    payment_method: method,
    payment_method_types: types,
    next_action: null,
    last_payment_error: null,
    latest_charge: null,
    return_url: textOf(form, 'return_url'),
  };
  books.intents.set(intent.id, intent);
  books.tell('payment_intent.created', intent);
  if (textOf(form, 'confirm') === 'true') confirm(books, intent, { offSession, origin });
  return intent;
}

function listIntents(books: FakeBooks, { query }: FakeRequest) {
  const since = Number(query.get('created[gte]') ?? 0);
  const after = query.get('starting_after');
  const newestFirst = [...books.intents.values()].reverse().filter((intent) => intent.created >= since);
  const start = after ? newestFirst.findIndex((intent) => intent.id === after) + 1 : 0;
  const limit = Number(query.get('limit') ?? 10);
  const data = newestFirst.slice(start, start + limit);
  return { object: 'list', data, has_more: start + limit < newestFirst.length, url: '/v1/payment_intents' };
}

function createSession(books: FakeBooks, { form, origin }: FakeRequest): Session {
  const id = fakeId('cs');
  const metadata = textsOf(formOf(formOf(form, 'setup_intent_data'), 'metadata'));
  const session: Session = {
    id,
    object: 'checkout.session',
    mode: 'setup',
    url: `${origin}/checkout/${id}`,
    customer: need(form, 'customer'),
    success_url: need(form, 'success_url'),
    setup_intent: {
      id: fakeId('seti'),
      object: 'setup_intent',
      status: 'requires_payment_method',
      payment_method: null,
      metadata,
    },
  };
  books.sessions.set(id, session);
  return session;
}

/** Answers one request of the API. Throws ApiError. */
export function answer(books: FakeBooks, request: FakeRequest): object {
  const { method, path } = request;
  const route = `${method} ${path.replace(/\/(pi|cs|pm|du)_[0-9a-f]+/, '/:id')}`;
  const id = /\/((?:pi|cs|pm|du)_[0-9a-f]+)/.exec(path)?.[1] ?? '';
  switch (route) {
    case 'POST /v1/customers':
      return createCustomer(books, request);
    case 'POST /v1/payment_intents':
      return createIntent(books, request);
    case 'GET /v1/payment_intents':
      return listIntents(books, request);
    case 'GET /v1/payment_intents/:id':
      return books.intent(id);
    case 'POST /v1/checkout/sessions':
      return createSession(books, request);
    case 'GET /v1/checkout/sessions/:id':
      return books.sessions.get(id) ?? notFound(id);
    case 'GET /v1/disputes/:id':
      return books.disputes.get(id) ?? notFound(id);
    case 'POST /v1/payment_methods/:id/detach': {
      const found = books.methods.get(id) ?? notFound(id);
      found.customer = null;
      return found;
    }
    case 'POST /v1/refunds': {
      const intentId = need(request.form, 'payment_intent');
      const amount = Number(textOf(request.form, 'amount') ?? books.intent(intentId).amount);
      books.refund(intentId, amount);
      return { id: fakeId('re'), object: 'refund', amount, payment_intent: intentId, status: 'succeeded' };
    }
    default:
      throw missing(`route: ${method} ${path}`);
  }
}

function notFound(id: string): never {
  throw missing(`object: '${id}'`);
}
