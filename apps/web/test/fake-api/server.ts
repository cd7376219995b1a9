import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { OperationId } from '@suanxiang/contract/routes';
import { ROUTES } from '@suanxiang/contract/routes';
import { HANDLERS, Refusal } from './handlers';
import { me, operatorToken, token } from './state';

/**
 * A small stand-in for the API, made from the contract: it answers from memory, checks every answer against the contract's
 * schema, and lets operations run in real time. For development, budgets and pictures only; journeys use the real API.
 */
const PATTERNS = ROUTES.map((route) => ({
  route,
  pattern: new RegExp(`^${route.path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
}));

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text ? JSON.parse(text) : undefined;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' });
  response.end(body === undefined ? '' : JSON.stringify(body));
}

function refuse(response: ServerResponse, status: number, code: string, detail: string, members: object = {}): void {
  send(response, status, {
    type: 'about:blank',
    title: code,
    status,
    code,
    detail,
    request_id: 'req_fake',
    retryable: status >= 500,
    ...members,
  });
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://fake');
  const match = PATTERNS.map(({ route, pattern }) => ({ route, params: pattern.exec(url.pathname)?.groups })).find(
    ({ route, params }) => route.method === request.method && (params !== undefined || route.path === url.pathname),
  );
  if (!match) return refuse(response, 404, 'not_found', 'There is no such path.');
  const { route, params } = match;
  const bearer = request.headers.authorization?.replace('Bearer ', '');
  const expires_at = new Date(Date.now() + 864e5).toISOString();
  const user = { id: me.id, email: me.email ?? '', name: me.name, locale: me.locale };
  if (route.operationId === 'signIn' || route.operationId === 'signUp')
    return send(response, route.response.status, { token, expires_at, user });
  if (route.operationId === 'operatorSignIn') {
    return send(response, 200, {
      token: operatorToken,
      expires_at,
      operator: { id: 'oper_1', email: 'ops@suanxiang.example', name: 'Ops' },
    });
  }
  if (route.auth === 'operator' ? bearer !== operatorToken : route.auth !== 'public' && bearer !== token) {
    return refuse(response, 401, 'unauthenticated', 'Sign in first.');
  }
  if (route.operationId === 'getInvoicePdf') {
    response.writeHead(200, { 'content-type': 'application/pdf' }).end('%PDF-1.4\n%%EOF');
    return;
  }
  const handler = HANDLERS[route.operationId as OperationId] as ((input: object) => unknown) | undefined;
  if (!handler) return send(response, 204, undefined);
  const query = Object.fromEntries(url.searchParams);
  const answer = handler({ params: params ?? {}, query, body: await bodyOf(request) });
  const schema = route.response.schema;
  send(response, route.response.status, schema ? schema.parse(answer) : undefined);
}

/** Starts the stand-in on a port (0 = any free one). */
export function startFakeApi(port: number): Promise<Server> {
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (error instanceof Refusal) return refuse(response, error.status, error.code, error.detail, error.members);
      process.stderr.write(`${request.method} ${request.url}: ${String(error)}\n`);
      return refuse(response, 500, 'internal', String(error));
    });
  });
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}
