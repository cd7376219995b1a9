import { createHash } from 'node:crypto';
import type { Route } from '@suanxiang/contract/route';
import { locationOf } from '@suanxiang/services/access/location';
import type { Answer } from '@suanxiang/services/dispatch';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Strong entity tag of a JSON text. */
function etagOf(text: string): string {
  return `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;
}

/** If-None-Match names this tag (weak comparison, RFC 9110 section 13.1.2). */
function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === '*' || header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

function sendJson(request: FastifyRequest, reply: FastifyReply, status: number, text: string): void {
  if (request.method === 'GET' || request.method === 'HEAD') {
    const etag = etagOf(text);
    reply.header('etag', etag);
    if (isKnown(request.headers['if-none-match'], etag)) {
      reply.code(304).send();
      return;
    }
  }
  reply.code(status).type('application/json; charset=utf-8').send(text);
}

/** Sends what a use case answered. */
export function sendAnswer(route: Route, answer: Answer, request: FastifyRequest, reply: FastifyReply): void {
  const { status, contentType } = route.response;
  if (answer.binary) {
    const { bytes, fileName } = answer.binary;
    reply.header('content-disposition', `inline; filename="${fileName.replace(/[^\w.-]/g, '_')}"`);
    reply.code(status).type(contentType).send(Buffer.from(bytes));
    return;
  }
  if (answer.replayed) reply.header('idempotent-replayed', 'true');
  if (answer.rehearsed) reply.header('validate-only', 'true');
  const text = answer.text ?? (answer.body === undefined ? null : JSON.stringify(answer.body));
  if (text === null) {
    reply.code(204).send();
    return;
  }
  const location = answer.rehearsed ? null : locationOf(route, answer.body);
  if (location) reply.header('location', location);
  sendJson(request, reply, answer.rehearsed ? 200 : status, text);
}
