import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createContractCheck } from './contract-check';

export interface ValidatingProxy {
  url: string;
  /** What differed from the document so far, each kind once. */
  drift: readonly string[];
  /** Exchanges that were held against the document. */
  checked(): number;
  close(): Promise<void>;
}

/** Where the proxy says what it has seen: `{ drift, checked }`. */
const REPORT_PATH = '/drift';
/**
 * Makes the API fail for a test: a POST with a regular expression as its body lets every call whose address it matches end in
 * an internal error; an empty body ends that.
 */
const OUTAGE_PATH = '/outage';
const FAILURE = {
  type: 'about:blank',
  title: 'Internal error',
  status: 500,
  code: 'internal',
  detail: 'The proxy was told to fail.',
  request_id: 'req_outage',
  retryable: false,
  suggestion: '',
  doc_url: '',
  errors: [],
};
/** Headers that belong to one connection. */
const HOP = new Set(['connection', 'keep-alive', 'transfer-encoding']);

async function read(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

const without = (headers: IncomingMessage['headers']) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP.has(name)));

/**
 * Stands before an API on loopback, passes everything through unchanged and holds each request and answer below `/v1/`
 * against its OpenAPI document. Streams pass as they come; of them only the head is looked at.
 */
export async function startValidatingProxy(options: {
  target: string;
  document: object;
  port?: number;
}): Promise<ValidatingProxy> {
  const check = createContractCheck(options.document);
  const target = new URL(options.target);
  const drift: string[] = [];
  let checked = 0;
  let outage: RegExp | null = null;

  /** Ids in paths would make every finding a new one. */
  const note = (found: readonly string[]) => {
    for (const one of found) {
      const kind = one.replace(/\b[a-z]+_[0-9a-z]{26}\b/g, '…');
      if (!drift.includes(kind)) drift.push(kind);
    }
  };

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestBody = await read(request);
    const { method = 'GET', url = '/', headers } = request;
    const upstream = send({
      host: target.hostname,
      port: target.port,
      method,
      path: url,
      headers: { ...without(headers), host: target.host },
    });
    response.once('close', () => upstream.destroy());
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      upstream.once('response', resolve).once('error', reject);
      upstream.end(requestBody);
    });
    const streams = /^text\/event-stream/.test(answer.headers['content-type'] ?? '');
    response.writeHead(answer.statusCode!, without(answer.headers));
    const body = streams ? null : await read(answer);
    if (url.startsWith('/v1/')) {
      checked += 1;
      note(
        check({
          method,
          url,
          requestHeaders: headers,
          requestBody: requestBody.toString(),
          status: answer.statusCode!,
          responseHeaders: answer.headers,
          responseBody: body?.toString() ?? null,
        }),
      );
    }
    if (body) response.end(body);
    else answer.pipe(response);
  }

  const server = createServer((request, response) => {
    if (request.url === REPORT_PATH) {
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ drift, checked }));
      return;
    }
    if (request.url === OUTAGE_PATH) {
      void read(request).then((body) => {
        outage = body.length > 0 ? new RegExp(body.toString()) : null;
        response.writeHead(204).end();
      });
      return;
    }
    if (outage?.test(request.url ?? '')) {
      response.writeHead(500, { 'content-type': 'application/problem+json' }).end(JSON.stringify(FAILURE));
      return;
    }
    // Whoever left, or an API that went away, sees what a broken connection is.
    pass(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    drift,
    checked: () => checked,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
