import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { withSql } from '@suanxiang/db/tenant';
import {
  type AgentBlock,
  batchSignatureText,
  encodeBatch,
  enrolmentSignatureText,
} from '@suanxiang/domain/agent-batch';
import { allowEnrolment, revokeAgent } from '@suanxiang/metering/agent-plane/enrol';
import { systemClock } from '@suanxiang/platform/clock';
import { createLogger } from '@suanxiang/platform/logger';
import { ManualClock } from '@suanxiang/testing/manual-clock';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  block,
  createOrg,
  lease,
  seconds,
  type TestOrg,
  ZONE,
} from '../../../packages/metering/test/support/billing-db';
import { openPlane, type Plane } from '../../../packages/services/test/support/plane';
import { buildServer } from '../src/build-server';
import { createRateLimiter } from '../src/rate-limit';

const START = seconds('2026-11-10T08:00:00Z');
const clock = new ManualClock((START + 7200) * 1000);
let plane: Plane;
let server: FastifyInstance;
let org: TestOrg;
beforeAll(async () => {
  plane = await openPlane();
  org = await createOrg(plane.db.worker);
  await plane.sql`INSERT INTO region (id, name_en, name_zh) VALUES ('ap-southeast', 'x', 'x') ON CONFLICT DO NOTHING`;
  await plane.sql`INSERT INTO zone (id, region_id, driver) VALUES (${ZONE}, 'ap-southeast', 'agent') ON CONFLICT DO NOTHING`;
  server = buildServer({
    ctx: { ...plane.ctx, clock },
    limiter: createRateLimiter(plane.ctx.redis, systemClock),
    logger: createLogger({ name: 'test', level: 'silent' }),
    apiUrl: 'http://127.0.0.1:4000',
    version: 'test',
  });
  await server.ready();
});
afterAll(async () => {
  await server?.close();
  await plane?.close();
});

interface TestAgent {
  id: string;
  key: KeyObject;
}

let tokens = 0;
async function newToken(nodeId: string | null = null, expiresAtMs = clock.nowMs() + 60_000): Promise<string> {
  tokens += 1;
  const token = `token-${tokens}`;
  await withSql(plane.db.worker, (sql) => allowEnrolment(sql, { token, zoneId: ZONE, nodeId, expiresAtMs }));
  return token;
}

function postEnrolment(token: string, pair = generateKeyPairSync('ed25519')) {
  const raw = pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const signature = sign(null, Buffer.from(enrolmentSignatureText(token, raw.toString('hex'))), pair.privateKey);
  const payload = { token, public_key: raw.toString('base64'), signature: signature.toString('base64') };
  return server.inject({ method: 'POST', url: '/agent/v1/enrol', payload });
}

async function newAgent(nodeId: string | null = null): Promise<TestAgent> {
  const pair = generateKeyPairSync('ed25519');
  const reply = await postEnrolment(await newToken(nodeId), pair);
  expect(reply.statusCode).toBe(201);
  return { id: reply.json().agent_id, key: pair.privateKey };
}

function postBody(agent: TestAgent, body: Uint8Array, options: { type?: string; signed?: Uint8Array } = {}) {
  const digest = createHash('sha256')
    .update(options.signed ?? body)
    .digest('hex');
  const signature = sign(null, Buffer.from(batchSignatureText(agent.id, digest)), agent.key).toString('base64');
  return server.inject({
    method: 'POST',
    url: '/agent/v1/batches',
    payload: Buffer.from(body),
    headers: {
      'content-type': options.type ?? 'application/vnd.suanxiang.usage-batch',
      'suanxiang-agent': agent.id,
      'suanxiang-signature': signature,
    },
  });
}

function send(agent: TestAgent, seq: number, blocks: AgentBlock[], sentAtMs = clock.nowMs()) {
  return postBody(agent, encodeBatch({ seq, sentAtMs, blocks }));
}

const running = () => lease(plane.db.worker, org, { startS: START, endS: null });
const minutesOf = (id: string, count: number) =>
  Array.from({ length: count }, (_, i) => block(id, START + i * 60, 500_000));
const storedOf = (id: string) => plane.sql`SELECT 1 AS one FROM usage_block WHERE allocation_id = ${id}`;

test('a one-time token enrols one agent, once, in time, and only with proof of its key', async () => {
  const token = await newToken();
  const replies = await Promise.all([postEnrolment(token), postEnrolment(token), postEnrolment(token)]);
  expect(replies.map((reply) => reply.statusCode).sort()).toEqual([201, 401, 401]);
  expect((await postEnrolment('never given')).statusCode).toBe(401);
  expect((await postEnrolment(await newToken(null, clock.nowMs() - 1))).statusCode).toBe(401);
  const mine = generateKeyPairSync('ed25519');
  const stolen = { publicKey: generateKeyPairSync('ed25519').publicKey, privateKey: mine.privateKey };
  expect((await postEnrolment(await newToken(), stolen)).statusCode).toBe(401);
});

test('blocks are stored once, whatever is repeated, and a repeated batch has the same answer', async () => {
  const agent = await newAgent();
  const { allocationId } = await running();
  const blocks = minutesOf(allocationId, 5);
  const first = await send(agent, 1, [...blocks, blocks[0]!]);
  expect(first.json()).toEqual({ seq: 1, accepted: 5, duplicates: 1, quarantined: [], replayed: false });
  const again = await send(agent, 1, [...blocks, blocks[0]!]);
  expect(again.json()).toEqual({ ...first.json(), replayed: true });
  // The answer was lost and the agent sends them in another batch, out of order.
  const other = await send(agent, 2, [...blocks].reverse());
  expect(other.json()).toMatchObject({ accepted: 0, duplicates: 5, quarantined: [] });
  const revised = await send(agent, 3, [block(allocationId, START, 100, { rev: 1 })]);
  expect(revised.json()).toMatchObject({ accepted: 1, duplicates: 0 });
  expect(await storedOf(allocationId)).toHaveLength(6);
  // Other bytes under a number that is taken.
  expect((await send(agent, 1, blocks.slice(1))).statusCode).toBe(409);
});

test('the same batch sent eight times at once is taken in once', async () => {
  const agent = await newAgent();
  const { allocationId } = await running();
  const blocks = minutesOf(allocationId, 30);
  const sentAtMs = clock.nowMs();
  const replies = await Promise.all(Array.from({ length: 8 }, () => send(agent, 1, blocks, sentAtMs)));
  expect(replies.map((reply) => reply.statusCode)).toEqual(new Array(8).fill(200));
  expect(replies.filter((reply) => !reply.json().replayed)).toHaveLength(1);
  expect(replies.map((reply) => reply.json().accepted)).toEqual(new Array(8).fill(30));
});

test('every block that cannot be believed is put aside with its reason, and the others are taken', async () => {
  const agent = await newAgent('node-1');
  const { allocationId } = await running();
  const good = block(allocationId, START, 0);
  const tooHigh = new Uint8Array(120).fill(0x7f);
  const blocks: AgentBlock[] = [
    good,
    { ...block(allocationId, START + 60, 0), digest: 'ab'.repeat(32) },
    block('alloc_00000000000000000000000000', START, 0),
    { ...block(allocationId, START + 120, 0), bytes: tooHigh },
    block(allocationId, START + 7200 + 600, 0),
    block(allocationId, START - 36 * 86_400, 0),
  ];
  const reply = await send(agent, 1, blocks);
  expect(reply.json()).toMatchObject({ accepted: 1, duplicates: 0 });
  const reasons = ['bad_digest', 'unknown_lease', 'bad_value', 'future', 'late'];
  expect(reply.json().quarantined).toEqual(reasons.map((reason, at) => ({ index: at + 1, reason })));
  const rows = await plane.sql<{ reason: string }>`
    SELECT reason FROM usage_quarantine WHERE raw->>'agent_id' = ${agent.id} ORDER BY id`;
  expect(rows.map((row) => row.reason)).toEqual(reasons);
});

test('an agent speaks for its own node only', async () => {
  const elsewhere = await newAgent('node-2');
  const { allocationId } = await running();
  const reply = await send(elsewhere, 1, [block(allocationId, START, 0)]);
  expect(reply.json().quarantined).toEqual([{ index: 0, reason: 'unknown_lease' }]);
  expect(await storedOf(allocationId)).toEqual([]);
});

test('what an agent says after its clock went back is put aside, until the clock is right', async () => {
  const agent = await newAgent();
  const { allocationId } = await running();
  const nowMs = clock.nowMs();
  await send(agent, 1, [block(allocationId, START, 0)], nowMs);
  const back = await send(agent, 2, [block(allocationId, START + 60, 0)], nowMs - 60_000);
  expect(back.json().quarantined).toEqual([{ index: 0, reason: 'clock_back' }]);
  const right = await send(agent, 3, [block(allocationId, START + 60, 0)], nowMs + 1_000);
  expect(right.json()).toMatchObject({ accepted: 1, quarantined: [] });
  // An older batch that arrives late has an older clock, which is as it should be.
  const late = await send(agent, 2_000, [block(allocationId, START + 120, 0)], nowMs + 2_000);
  expect(late.json()).toMatchObject({ accepted: 1 });
  const older = await send(agent, 1_999, [block(allocationId, START + 180, 0)], nowMs - 50_000);
  expect(older.json()).toMatchObject({ accepted: 1, quarantined: [] });
});

test('two agents never speak for one lease; another one takes over when the first is revoked', async () => {
  const [one, two] = [await newAgent(), await newAgent()];
  const { allocationId } = await running();
  expect((await send(one, 1, [block(allocationId, START, 0)])).json()).toMatchObject({ accepted: 1 });
  const foreign = await send(two, 1, [block(allocationId, START + 60, 0)]);
  expect(foreign.json().quarantined).toEqual([{ index: 0, reason: 'other_agent' }]);
  expect(await withSql(plane.db.worker, (sql) => revokeAgent(sql, one.id, clock.nowMs()))).toBe(true);
  expect((await send(one, 2, [block(allocationId, START + 60, 0)])).statusCode).toBe(401);
  expect((await send(two, 2, [block(allocationId, START + 60, 0)])).json()).toMatchObject({ accepted: 1 });
});

test('a batch needs the signature of its agent over exactly its bytes', async () => {
  const [agent, other] = [await newAgent(), await newAgent()];
  const { allocationId } = await running();
  const body = encodeBatch({ seq: 1, sentAtMs: clock.nowMs(), blocks: minutesOf(allocationId, 2) });
  const altered = Uint8Array.from(body);
  altered[altered.length - 1]! ^= 1;
  expect((await postBody(agent, altered, { signed: body })).statusCode).toBe(401);
  expect((await postBody({ id: agent.id, key: other.key }, body)).statusCode).toBe(401);
  expect((await postBody({ id: 'agt_00000000000000000000000000', key: agent.key }, body)).statusCode).toBe(401);
  expect(await storedOf(allocationId)).toEqual([]);
  const broken = await postBody(agent, body.subarray(0, body.length - 1));
  expect(broken.statusCode).toBe(400);
  expect(broken.json()).toMatchObject({ code: 'invalid_request' });
  expect((await postBody(agent, body, { type: 'text/plain' })).statusCode).toBe(415);
  const json = JSON.stringify({
    seq: 1,
    sent_at_ms: clock.nowMs(),
    blocks: minutesOf(allocationId, 2).map((one) => ({
      allocation_id: one.allocationId,
      win_start_s: one.winStartS,
      rev: one.rev,
      digest: one.digest,
      bytes: Buffer.from(one.bytes).toString('hex'),
    })),
  });
  expect((await postBody(agent, Buffer.from(json), { type: 'application/json' })).json()).toMatchObject({
    accepted: 2,
  });
});

test('new and known blocks of several days in one batch are told apart', async () => {
  const agent = await newAgent();
  const { allocationId } = await running();
  const days = [0, 1, 2, 3, 4].map((day) => block(allocationId, START - day * 86_400, 500_000));
  expect((await send(agent, 1, days.slice(0, 2))).json()).toMatchObject({ accepted: 2, duplicates: 0 });
  expect((await send(agent, 2, days.slice(0, 3))).json()).toMatchObject({ accepted: 1, duplicates: 2 });
  expect((await send(agent, 3, days)).json()).toMatchObject({ accepted: 2, duplicates: 3 });
  const rows = await plane.sql<{ at: string; late: boolean }>`
    SELECT (extract(epoch FROM received_at) * 1000)::bigint::text AS at, arrived_s = ${START + 7200}::bigint AS late
    FROM usage_block WHERE allocation_id = ${allocationId}`;
  expect(rows).toEqual(new Array(5).fill({ at: String(clock.nowMs()), late: true }));
});

test('days that stand ready take what is new directly, and still know what is not', async () => {
  const now = new ManualClock(Date.now());
  const nowS = now.nowMs() / 1000;
  const agent = await newAgent();
  const { allocationId } = await lease(plane.db.worker, org, { startS: Math.floor(nowS) - 7200, endS: null });
  const firstS = Math.floor(nowS / 60) * 60 - 3_000;
  const all = Array.from({ length: 40 }, (_, i) => block(allocationId, firstS + i * 60, 0));
  clock.set(now.nowMs());
  expect((await send(agent, 1, all.slice(10, 30))).json()).toMatchObject({ accepted: 20, duplicates: 0 });
  expect((await send(agent, 2, all)).json()).toMatchObject({ accepted: 20, duplicates: 20 });
  expect(await storedOf(allocationId)).toHaveLength(40);
  const other = block(allocationId, firstS, 100);
  expect((await send(agent, 3, [other])).json()).toMatchObject({ accepted: 1 });
});
