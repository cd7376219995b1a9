import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addNode } from '../../../packages/services/test/support/fleet';
import { type Api, openApi } from './support/api';
import { type DroppingProxy, openDroppingProxy } from './support/dropping-proxy';
import { DROPPED_PERCENT, type Heard, sendAgainAndAgain, TIMES } from './support/storm';
import { addKey, addTenant, type Tenant } from './support/tenant';
import { openWire, type Wire } from './support/wire';

const ORGANIZATIONS = 4;
const CLIENTS = 200;
const AT_ONCE = 20;

let api: Api;
let wire: Wire;
let admin: pg.Client;
let tenants: { tenant: Tenant; token: string }[];
let proxy: DroppingProxy;

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
  proxy = await openDroppingProxy(wire.port, DROPPED_PERCENT);
}, 120_000);
afterAll(async () => {
  await proxy?.close();
  await wire?.close();
  await admin?.end();
  await api?.close();
});

/** Sends one launch five times, two of them at the same moment. Answers what was heard. */
function client(number: number): Promise<Heard[]> {
  const { token } = tenants[number % ORGANIZATIONS]!;
  const body = { name: `storm-${number}`, region_id: 'cn-north', accelerator_id: 'nvidia-h100-80g' };
  const request = { method: 'POST', url: '/v1/instances', sender: { token }, body, key: `storm-${number}` };
  return sendAgainAndAgain(proxy.port, request, number % 7);
}

test('two hundred clients that send every launch five times and lose three answers in ten launch two hundred instances', async () => {
  const heard: Heard[][] = [];
  let next = 0;
  const lane = async () => {
    for (let number = next++; number < CLIENTS; number = next++) heard[number] = await client(number);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));

  expect(proxy.dropped()).toBeGreaterThan((CLIENTS * TIMES * DROPPED_PERCENT) / 200);
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
