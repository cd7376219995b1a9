import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { NEWEST_API_VERSION } from '@suanxiang/contract/versions';
import { ProblemError, problemDocument, statusOf } from '@suanxiang/services/problem';

export interface RawContext {
  apiUrl: string;
  newRequestId: () => string;
}

/** Headers and body of a problem for a request that never reaches a route. */
function rawProblem(problem: ProblemError, { apiUrl, newRequestId }: RawContext) {
  const requestId = newRequestId();
  const body = JSON.stringify(problemDocument(problem, { apiUrl, requestId, locale: 'en' }));
  const headers: Record<string, string> = {
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Cache-Control': 'private, no-store',
    'X-Content-Type-Options': 'nosniff',
    'X-Request-Id': requestId,
    'Api-Version': NEWEST_API_VERSION,
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  };
  return { status: statusOf(problem.code), headers, body };
}

/** Answers a connection that no request object stands for with a problem, and ends it. */
export function endSocket(
  socket: Duplex,
  problem: ProblemError,
  context: RawContext,
  more: Record<string, string> = {},
): void {
  const { status, headers, body } = rawProblem(problem, context);
  const lines = Object.entries({ ...headers, ...more }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
}

/** Answers bytes that are no HTTP request, or not a whole one in time: Node gives only the socket. */
export function answerClientError(error: Error & { code?: string }, socket: Duplex, context: RawContext): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  endSocket(socket, problemOfBytes(error.code), context);
}

function problemOfBytes(code: string | undefined): ProblemError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new ProblemError('request_timeout', 'The request did not arrive in time.');
  if (code === 'HPE_HEADER_OVERFLOW')
    return new ProblemError('headers_too_large', 'The headers are larger than 16 KiB.');
  return new ProblemError('invalid_request', 'The bytes sent are not a valid HTTP request.');
}

/** Answers what Node would otherwise refuse with an empty body: CONNECT, and expectations other than 100-continue. */
export function answerOddRequests(server: Server, context: RawContext): void {
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => socket.destroy());
    const problem = new ProblemError('method_not_allowed', 'CONNECT is not allowed: this is no proxy.');
    endSocket(socket, problem, context, { Allow: 'GET, HEAD, POST, PATCH, DELETE' });
  });
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    const problem = new ProblemError('expectation_failed', 'Only Expect: 100-continue is understood.');
    const { status, headers, body } = rawProblem(problem, context);
    response.writeHead(status, headers).end(body);
  });
}
