import { enrol, takeEvidence } from '@suanxiang/services/agent-plane/agent-plane';
import type { AppContext } from '@suanxiang/services/context';
import { ProblemError } from '@suanxiang/services/problem';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** 20,000 blocks of 162 bytes and their leases; as JSON a fifth of it. */
const BATCH_BYTES = 4 * 1024 * 1024;
const ENROL_BYTES = 4 * 1024;

/** Type of a batch in its binary form (packages/domain/src/agent-batch.ts). */
const BINARY = 'application/vnd.suanxiang.usage-batch';

function header(request: FastifyRequest, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' && value.length <= 200 ? value : '';
}

function bodyOf(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}

const base64 = (text: unknown) => Buffer.from(typeof text === 'string' ? text.slice(0, 200) : '', 'base64');

/** Where the agent says that it is reached; null when it says nothing. */
function address(url: unknown): string | null {
  if (url === undefined || url === null) return null;
  if (typeof url === 'string' && url.length <= 200 && /^https?:\/\/[^/?#@\s]+$/.test(url)) return url;
  throw new ProblemError('invalid_request', 'The url must be like http://HOST:PORT.');
}

function enrolment(request: FastifyRequest) {
  let given: Record<string, unknown> | null = null;
  try {
    given = JSON.parse(bodyOf(request).toString('utf8')) as Record<string, unknown>;
  } catch {
    // Answered below, the same as any other shape.
  }
  const { token, public_key: publicKey, signature, url } = given ?? {};
  if (typeof token !== 'string') throw new ProblemError('invalid_request', 'The body is not an enrolment.');
  return { token: token.slice(0, 200), publicKey: base64(publicKey), signature: base64(signature), url: address(url) };
}

function formatOf(request: FastifyRequest): 'binary' | 'json' {
  const type = header(request, 'content-type').split(';')[0]!.trim().toLowerCase();
  if (type === BINARY) return 'binary';
  if (type === 'application/json') return 'json';
  throw new ProblemError('unsupported_media_type', `Batches are ${BINARY} or application/json.`);
}

/**
 * The agent plane: where the agents on the machines enrol and send their evidence (docs/guides/agent-plane.md). It is no
 * part of the public API: agents have keys of their own, which open nothing else, and signatures are over the raw bytes.
 */
export function installAgentPlane(server: FastifyInstance, ctx: AppContext): void {
  server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, bytes, done) => done(null, bytes));
    scope.post('/agent/v1/enrol', { bodyLimit: ENROL_BYTES }, async (request, reply) => {
      const { agentId, zoneId, regionId, nodeId, controlKey } = await enrol(ctx, enrolment(request));
      const place = { zone_id: zoneId, region_id: regionId, node_id: nodeId };
      return reply.status(201).send({ agent_id: agentId, ...place, control_key: controlKey });
    });
    scope.post('/agent/v1/batches', { bodyLimit: BATCH_BYTES }, async (request, reply) => {
      const answer = await takeEvidence(ctx, {
        agentId: header(request, 'suanxiang-agent'),
        signature: base64(header(request, 'suanxiang-signature')),
        body: bodyOf(request),
        format: formatOf(request),
      });
      return reply.send({
        seq: answer.batchSeq,
        accepted: answer.accepted,
        duplicates: answer.duplicates,
        quarantined: answer.quarantined,
        replayed: answer.replayed,
      });
    });
  });
}
