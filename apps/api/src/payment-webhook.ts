import { receivePaymentEvent } from '@suanxiang/services/billing/receive-event';
import type { AppContext } from '@suanxiang/services/context';
import type { FastifyInstance } from 'fastify';

/** Events are a few kilobytes; anything larger is not one. */
const LIMIT_BYTES = 256 * 1024;

/**
 * Where the payment provider sends its events. It is no part of the public API: the body is read as raw bytes, because the
 * signature is over them, and the answer says nothing but whether it was taken in.
 */
export function installPaymentWebhook(server: FastifyInstance, ctx: AppContext): void {
  server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, bytes, done) => done(null, bytes));
    scope.post('/webhooks/stripe', { bodyLimit: LIMIT_BYTES }, async (request, reply) => {
      const signature = request.headers['stripe-signature'];
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const taken = typeof signature === 'string' && (await receivePaymentEvent(ctx, body, signature));
      return reply.status(taken ? 200 : 400).send({ received: taken });
    });
  });
}
