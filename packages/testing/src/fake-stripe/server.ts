import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiError, FakeBooks, type FakeEvent, fakeId } from './books';
import { answer } from './endpoints';
import { parseForm } from './form';
import { pageOf } from './pages';

/** What goes wrong with the next request that changes something. */
export type Fault =
  /** It is done, but the connection ends before the answer. */
  | 'lost_answer'
  /** It is not even begun. */
  | 'refused_connection'
  /** 500, and the same key is answered with the same 500 for ever. */
  | 'kept_500';

interface Kept {
  body: string;
  status: number;
  answer: string;
}

export interface FakeStripeOptions {
  /** Where events go, and the secret that they are signed with. Without it they only pile up. */
  webhook?: { url: string; secret: string };
  /** Sends every event as soon as it arises. */
  delivers?: boolean;
  nowS?: () => number;
  port?: number;
}

async function read(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

/**
 * A provider that behaves like Stripe as far as the product sees it: payments with their states, kept answers per idempotency
 * key, signed events, pages for customers, and faults on demand. It holds its state in memory and listens on loopback.
 */
export class FakeStripe {
  readonly books: FakeBooks;
  readonly faults: Fault[] = [];
  /** Changing requests that were carried out, with repetitions left out. */
  carriedOut = 0;
  private readonly kept = new Map<string, Kept>();
  private readonly server = createServer((request, response) => void this.handle(request, response));
  private origin = '';
  private told = 0;

  constructor(private readonly options: FakeStripeOptions = {}) {
    this.books = new FakeBooks(options.nowS ?? (() => Math.floor(Date.now() / 1000)));
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(this.options.port ?? 0, '127.0.0.1', resolve));
    this.origin = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this.origin;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.origin);
    const body = await read(request);
    if (url.pathname === '/control/events') {
      // What the provider has told so far is lost when deliveries are off: nothing is sent later.
      this.options.delivers = body === 'deliver';
      this.told = this.books.events.length;
      response.writeHead(204).end();
      return;
    }
    if (url.pathname === '/control/last') {
      this.afterwards(body);
      if (this.options.delivers) await this.deliver();
      response.writeHead(204).end();
      return;
    }
    if (url.pathname.startsWith('/v1/')) await this.api(request, response, url, body);
    else this.page(request, response, url, body);
    if (this.options.delivers) await this.deliver();
  }

  /** What happens to the last payment that succeeded, without its payer: it is refunded in part, or disputed. */
  private afterwards(what: string): void {
    const paid = [...this.books.intents.values()].filter((intent) => intent.status === 'succeeded').at(-1);
    if (!paid) throw new RangeError('nothing has been paid yet');
    if (what === 'refund') this.books.refund(paid.id, Math.floor(paid.amount / 4));
    else this.books.dispute(paid.id);
  }

  private page(request: IncomingMessage, response: ServerResponse, url: URL, body: string): void {
    const found = pageOf(this.books, request.method ?? 'GET', url.pathname, parseForm(body));
    if (!found) response.writeHead(404).end();
    else if ('location' in found) response.writeHead(303, { location: found.location }).end();
    else response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(found.html);
  }

  private async api(request: IncomingMessage, response: ServerResponse, url: URL, body: string): Promise<void> {
    const changes = request.method !== 'GET';
    const key = request.headers['idempotency-key'] as string | undefined;
    const fault = changes ? this.faults.shift() : undefined;
    if (fault === 'refused_connection') {
      request.socket.destroy();
      return;
    }
    const known = key ? this.kept.get(key) : undefined;
    const result = known ? this.again(known, url.pathname + body) : this.once(request, url, body, fault);
    if (key && !known) this.kept.set(key, { body: url.pathname + body, ...result });
    if (fault === 'lost_answer') {
      request.socket.destroy();
      return;
    }
    response.writeHead(result.status, { 'content-type': 'application/json', 'request-id': fakeId('req') });
    response.end(result.answer);
  }

  private again(known: Kept, body: string): { status: number; answer: string } {
    if (known.body === body) return known;
    const error = {
      type: 'idempotency_error',
      message: 'Keys for idempotent requests can only be used with the same parameters.',
    };
    return { status: 400, answer: JSON.stringify({ error }) };
  }

  private once(request: IncomingMessage, url: URL, body: string, fault?: Fault): { status: number; answer: string } {
    if (fault === 'kept_500') {
      return {
        status: 500,
        answer: JSON.stringify({ error: { type: 'api_error', message: 'An unknown error occurred.' } }),
      };
    }
    try {
      const { pathname: path, searchParams: query } = url;
      const found = answer(this.books, {
        method: request.method ?? 'GET',
        path,
        query,
        form: parseForm(body),
        origin: this.origin,
      });
      if (request.method !== 'GET') this.carriedOut += 1;
      return { status: 200, answer: JSON.stringify(found) };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return { status: error.status, answer: JSON.stringify({ error: error.body }) };
    }
  }

  /** A signed delivery of an event, as its receiver gets it. */
  signed(event: FakeEvent, secret: string, atS: number = this.books.now()): { body: string; signature: string } {
    const body = JSON.stringify(event);
    const mac = createHmac('sha256', secret).update(`${atS}.${body}`).digest('hex');
    return { body, signature: `t=${atS},v1=${mac}` };
  }

  /** Sends what has not been sent yet to the webhook; `pick` may repeat, reorder or leave out. Answers the status codes. */
  async deliver(pick: (events: FakeEvent[]) => FakeEvent[] = (events) => events): Promise<number[]> {
    const { webhook } = this.options;
    if (!webhook) return [];
    const waiting = this.books.events.slice(this.told);
    this.told = this.books.events.length;
    const statuses: number[] = [];
    for (const event of pick(waiting)) {
      const { body, signature } = this.signed(event, webhook.secret);
      const headers = { 'content-type': 'application/json', 'stripe-signature': signature };
      const reply = await fetch(webhook.url, { method: 'POST', headers, body }).catch(() => null);
      statuses.push(reply?.status ?? 0);
    }
    return statuses;
  }
}
