import { Readable } from 'node:stream';
import { answersItem } from '@suanxiang/contract/item-route';
import type { Route } from '@suanxiang/contract/route';
import { etagOf, namesTag, requireTag } from '@suanxiang/services/access/etag';
import { locationOf } from '@suanxiang/services/access/location';
import type { Answer } from '@suanxiang/services/dispatch';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { headerOf } from './request-headers';

/** Conditional reads (RFC 9110 section 13): 412 when If-Match names another state, 304 when If-None-Match knows this one. */
function isUnchanged(request: FastifyRequest, etag: string): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  const ifMatch = headerOf(request, 'if-match');
  if (ifMatch) requireTag(ifMatch, etag);
  const known = headerOf(request, 'if-none-match');
  return known !== null && namesTag(known, etag, true);
}

function sendJson(route: Route, request: FastifyRequest, reply: FastifyReply, status: number, answer: Answer): void {
  const body = (answer.body ?? {}) as object;
  const text = answer.text ?? JSON.stringify(body);
  if (!answer.rehearsed && answersItem(route)) {
    const etag = etagOf(body, answer.text === null ? text : undefined);
    reply.header('etag', etag);
    if (isUnchanged(request, etag)) {
      reply.code(304).send();
      return;
    }
  }
  reply.code(status).type('application/json; charset=utf-8').send(text);
}

/** A reader that has taken nothing for ten looks is dropped: what it does not read would pile up here. */
const LOOK_MS = 3_000;
const MOST_LOOKS = 10;

/** Sends chunks as they come, until they end or the reader leaves. */
function sendStream(reply: FastifyReply, contentType: string, chunks: AsyncGenerator<string>): void {
  const { raw } = reply;
  let waited = 0;
  const watch = setInterval(() => {
    waited = raw.writableLength === 0 ? 0 : waited + 1;
    if (waited >= MOST_LOOKS) raw.destroy();
  }, LOOK_MS);
  raw.once('close', () => clearInterval(watch));
  // Proxies that gather answers would hold events back.
  reply
    .header('x-accel-buffering', 'no')
    .type(contentType)
    .send(Readable.from(chunks, { highWaterMark: 1 }));
}

/** Sends what a use case answered. */
export function sendAnswer(route: Route, answer: Answer, request: FastifyRequest, reply: FastifyReply): void {
  const { status, contentType } = route.response;
  if (answer.binary && 'chunks' in answer.binary) {
    sendStream(reply, contentType, answer.binary.chunks);
    return;
  }
  if (answer.binary) {
    const { bytes, fileName } = answer.binary;
    reply.header('content-disposition', `inline; filename="${fileName.replace(/[^\w.-]/g, '_')}"`);
    reply.code(status).type(contentType).send(Buffer.from(bytes));
    return;
  }
  if (answer.replayed) reply.header('idempotent-replayed', 'true');
  if (answer.rehearsed) reply.header('validate-only', 'true');
  if (answer.text === null && answer.body === undefined) {
    reply.code(204).send();
    return;
  }
  const location = answer.rehearsed ? null : locationOf(route, answer.body);
  if (location) reply.header('location', location);
  sendJson(route, request, reply, answer.rehearsed ? 200 : status, answer);
}
