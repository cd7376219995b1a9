import { request as httpRequest } from 'node:http';
import { connect, createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@suanxiang/testing/free-port';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addNode } from '../../../packages/services/test/support/fleet';
import { type Api, type Json, openApi } from './support/api';
import { addKey, addTenant, type Tenant } from './support/tenant';
import { openWire, type Wire } from './support/wire';

const ORGANIZATIONS = 4;
const CLIENTS = 200;
const AT_ONCE = 20;
const TIMES = 5;
const DROPPED_PERCENT = 30;

let api: Api;
let wire: Wire;
let admin: pg.Client;
let tenants: { tenant: Tenant; token: string }[];
let proxy: Server;
let proxyPort: number;
let answersDropped = 0;

/** Forwards every connection, and of every ten answers throws three away: the work is done, nobody hears of it. */
async function openProxy(): Promise<void> {
  let connections = 0;
  proxy = createServer((client) => {
    const server = connect(wire.port, '127.0.0.1');
    connections += 1;
    const drops = (connections * 37) % 100 < DROPPED_PERCENT;
    client.pipe(server);
    server.once('data', (first: Buffer) => {
      if (drops) {
        answersDropped += 1;
        client.destroy();
        server.destroy();
        return;
      }
      client.write(first);
      server.pipe(client);
    });
    for (const socket of [client, server]) {
      socket.on('error', () => socket.destroy());
      socket.on('close', () => (socket === client ? server : client).destroy());
    }
  });
  proxyPort = await freePort();
  await new Promise<void>((resolve) => proxy.listen(proxyPort, '127.0.0.1', resolve));
}

beforeAll(async () => {
  api = await openApi();
  admin = new pg.Client({ connectionString: api.plane.db.database.adminUrl });
  await admin.connect();
  for (let node = 0; node < CLIENTS / 8; node += 1) await addNode(api.plane.sql, `n${node}`);
  tenants = [];
  for (let i = 0; i < ORGANIZATIONS; i += 1) {
    const tenant = await addTenant(api);
    tenants.push({ tenant, token: await addKey(api, tenant, ['instances:write']) });
  }
  wire = await openWire(api);
  await openProxy();
}, 120_000);
afterAll(async () => {
  await new Promise((resolve) => (proxy ? proxy.close(resolve) : resolve(null)));
  await wire?.close();
  await admin?.end();
  await api?.close();
});

interface Heard {
  status: number;
  text: string;
  json: Json;
}

/** One attempt over a connection of its own; null when its answer was lost. */
function post(token: string, key: string, body: string): Promise<Heard | null> {
  return new Promise((resolve) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'idempotency-key': key,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    const sent = httpRequest(
      { port: proxyPort, host: '127.0.0.1', method: 'POST', path: '/v1/instances', headers, agent: false },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('error', () => resolve(null));
        answer.on('end', () => {
          const text = Buffer.concat(parts).toString();
          resolve({ status: answer.statusCode!, text, json: JSON.parse(text) });
        });
      },
    );
    sent.on('error', () => resolve(null));
    sent.end(body);
  });
}

/** Sends one launch five times, two of them at the same moment. Answers what was heard. */
async function client(number: number): Promise<Heard[]> {
  const { token } = tenants[number % ORGANIZATIONS]!;
  const body = JSON.stringify({ name: `storm-${number}`, region_id: 'cn-north', accelerator_id: 'nvidia-h100-80g' });
  const key = `storm-${number}`;
  const heard = await Promise.all([post(token, key, body), post(token, key, body)]);
  while (heard.length < TIMES) {
    await sleep(number % 7);
    heard.push(await post(token, key, body));
  }
  return heard.filter((one) => one !== null);
}

test('two hundred clients that send every launch five times and lose three answers in ten launch two hundred instances', async () => {
  const heard: Heard[][] = [];
  let next = 0;
  const lane = async () => {
    for (let number = next++; number < CLIENTS; number = next++) heard[number] = await client(number);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));

  expect(answersDropped).toBeGreaterThan((CLIENTS * TIMES * DROPPED_PERCENT) / 200);
  for (const [number, answers] of heard.entries()) {
    const done = answers.filter(({ status }) => status === 201);
    // Everybody who heard of success heard the same, byte for byte; the others were told to come back.
    expect(new Set(done.map(({ text }) => text)).size, `client ${number}`).toBeLessThanOrEqual(1);
    for (const answer of answers) {
      if (answer.status === 201) continue;
      expect(answer.json, `client ${number}: ${answer.text}`).toMatchObject({
        status: 409,
        code: 'idempotency_in_flight',
      });
    }
  }
  const count = async (sql: string) => Number((await admin.query(sql)).rows[0].count);
  expect(await count(`SELECT count(*) FROM workload`)).toBe(CLIENTS);
  expect(await count(`SELECT count(DISTINCT name) FROM workload`)).toBe(CLIENTS);
  expect(await count(`SELECT count(*) FROM operation`)).toBe(CLIENTS);
  expect(await count(`SELECT count(*) FROM capacity_claim`)).toBe(CLIENTS);
  expect(await count(`SELECT count(*) FROM audit_event WHERE action = 'instance.create'`)).toBe(CLIENTS);
  expect(await count(`SELECT count(*) FROM audit_event WHERE result = 'denied'`)).toBe(0);
  expect(await count(`SELECT count(*) FROM idempotency_key WHERE key LIKE 'storm-%'`)).toBe(CLIENTS);
}, 180_000);
