import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { SimulatedDriver } from '@suanxiang/hal/drivers/simulated/driver';
import { type FleetProcess, startFleetProcess } from '@suanxiang/testing/fleet-process';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { addNode } from '../../../packages/services/test/support/fleet';
import { openMachines } from '../src/terminal/machines';
import { type Api, type Json, openApi, type Sender } from './support/api';
import { addKey, addTenant, type Tenant } from './support/tenant';

let fleet: FleetProcess;
let driver: SimulatedDriver;
let api: Api;
let admin: pg.Client;
let address: string;
let tenant: Tenant;

beforeAll(async () => {
  fleet = await startFleetProcess();
  driver = new SimulatedDriver({ url: fleet.url, token: fleet.token });
  const controlKey = Buffer.alloc(32, 1).toString('base64');
  api = await openApi(openMachines({ fleet, controlKey, nowMs: Date.now }));
  admin = new pg.Client({ connectionString: api.plane.db.database.adminUrl });
  await admin.connect();
  for (const id of ['n1', 'n2']) await addNode(api.plane.sql, id);
  tenant = await addTenant(api);
  address = (await api.app.listen({ host: '127.0.0.1', port: 0 })).replace('http', 'ws');
}, 120_000);
afterAll(async () => {
  await admin?.end();
  await api?.close();
  await driver?.close();
  await fleet?.stop();
});

let taken = 0;
/** An instance that runs: as the database has it, and on the simulated fleet. */
async function running(by: Tenant = tenant): Promise<{ id: string; allocationId: string }> {
  const body = { name: `t-${randomUUID().slice(0, 8)}`, region_id: 'cn-north', accelerator_id: 'nvidia-h100-80g' };
  const made = await api.call('createInstance', { body }, by.owner);
  expect(made.status, made.text).toBe(201);
  const { id, operation } = made.json;
  const allocationId = `alloc_${randomUUID().replaceAll('-', '')}`;
  const nodes: Json[] = [];
  for await (const one of driver.discover('ap-southeast-a')) nodes.push(one);
  const node = nodes[Math.floor(taken / 8)]!;
  const context = { operationKey: allocationId, epoch: 1 };
  const spec = {
    allocationId,
    nodeId: node.nodeId,
    deviceIds: [node.devices[taken % 8].deviceId],
    name: 'terminal',
    image: 'i',
    sshPublicKeys: [],
    startupScript: null,
    environment: {},
    clockOffsetS: 0,
  };
  taken += 1;
  await driver.prepare(context, spec);
  await driver.start(context, allocationId);
  await admin.query(`UPDATE operation SET status = 'succeeded', step = 'start_meter' WHERE workload_id = $1`, [id]);
  await admin.query(`UPDATE workload SET state = 'running' WHERE id = $1`, [id]);
  await admin.query(
    `INSERT INTO allocation (id, org_id, workload_id, project_id, operation_id, rank, zone_id, node_id, sku, currency, gpus, state, start_s)
     SELECT $1, org_id, id, project_id, $3, 0, 'cn-north-a', 'n1', sku, 'USD', 1, 'running', extract(epoch FROM now())::bigint FROM workload WHERE id = $2`,
    [allocationId, id, operation.id],
  );
  return { id, allocationId };
}

async function ticketFor(id: string, body: object = {}, sender: Sender = tenant.owner): Promise<string> {
  const made = await api.call('openInstanceTerminal', { params: { instance_id: id }, body }, sender);
  expect(made.status, made.text).toBe(201);
  return made.json.ticket;
}

/** A session as a client sees it. */
class Session {
  readonly socket: WebSocket;
  text = '';
  readonly said: Json[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  #wake: () => void = () => {};

  constructor(ticket: string, options: { origin?: string } = {}) {
    this.socket = new WebSocket(`${address}/v1/terminal`, ['suanxiang.terminal.v1', `ticket.${ticket}`], options);
    this.socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) this.text += data.subarray(1).toString('utf8');
      else this.said.push(JSON.parse(String(data)));
      this.#wake();
    });
    this.closed = new Promise((resolve, reject) => {
      this.socket.once('close', (code, reason) => {
        resolve({ code, reason: String(reason) });
        this.#wake();
      });
      this.socket.once('error', reject);
    });
    this.closed.catch(() => {});
  }

  /** Waits for a condition; the end of the session is the end of waiting. */
  async until(what: () => boolean): Promise<void> {
    while (!what()) {
      if (this.socket.readyState === WebSocket.CLOSED)
        throw new Error(`closed: ${JSON.stringify(this.said)} ${this.text}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  type(text: string): void {
    this.socket.send(Buffer.from(text));
  }
}

async function opened(id: string, body: object = {}, sender: Sender = tenant.owner): Promise<Session> {
  const session = new Session(await ticketFor(id, body, sender));
  await session.until(() => session.said.some(({ type }) => type === 'ready'));
  return session;
}

const auditOf = async (id: string) =>
  (await admin.query(`SELECT action, detail FROM audit_event WHERE resource = $1 ORDER BY seq`, [id])).rows as Json[];

describe('a terminal', () => {
  test('types, resizes and ends with the shell’s status, and leaves who and how long in the audit log but not what', async () => {
    const { id } = await running();
    const session = await opened(id, { columns: 100, rows: 30 });
    session.type('stty size\r');
    await session.until(() => session.text.includes('30 100\r\n'));
    session.socket.send(JSON.stringify({ type: 'resize', columns: 77, rows: 11 }));
    session.type('stty size\recho its-a-secret\r');
    await session.until(() => session.text.includes('11 77\r\n') && session.text.includes('its-a-secret\r\n'));
    session.type('exit 4\r');
    expect(await session.closed).toEqual({ code: 1000, reason: 'exited' });
    expect(session.said.at(-1)).toEqual({ type: 'exit', code: 4 });
    await expect
      .poll(async () => (await auditOf(id)).map(({ action }) => action))
      .toEqual(expect.arrayContaining(['instance.terminal', 'instance.terminal.open', 'instance.terminal.close']));
    const rows = await auditOf(id);
    expect(rows.at(-1).detail).toMatchObject({ rank: 0, reason: 'exited' });
    expect(JSON.stringify(rows)).not.toContain('its-a-secret');
  });

  test('runs one command with its input, its errors apart', async () => {
    const { id } = await running();
    const session = await opened(id, { command: ['cat'], tty: false });
    session.type('one line\n');
    session.socket.send(JSON.stringify({ type: 'end_of_input' }));
    expect(await session.closed).toEqual({ code: 1000, reason: 'exited' });
    expect(session.text).toBe('one line\n');
    expect(session.said).toEqual([{ type: 'ready' }, { type: 'exit', code: 0 }]);
  });

  test('opens once: a ticket that was used, or is nobody’s, opens nothing', async () => {
    const { id } = await running();
    const ticket = await ticketFor(id);
    const first = new Session(ticket);
    await first.until(() => first.said.length > 0);
    expect(await new Session(ticket).closed).toEqual({ code: 4401, reason: 'ticket_invalid' });
    expect(await new Session('A'.repeat(43)).closed).toEqual({ code: 4401, reason: 'ticket_invalid' });
    first.socket.close();
    await first.closed;
  });

  test('is not opened from another site, and nothing else is upgraded', async () => {
    const { id } = await running();
    const ticket = await ticketFor(id);
    await expect(new Session(ticket, { origin: 'https://evil.example' }).closed).rejects.toThrow('403');
    const other = new WebSocket(`${address}/v1/instances`, ['suanxiang.terminal.v1']);
    const [error] = await once(other, 'error');
    expect(String(error)).toContain('404');
    const own = new Session(ticket, { origin: new URL(api.plane.ctx.webUrl).origin });
    await own.until(() => own.said.length > 0);
    own.socket.close();
    await own.closed;
  });

  test('attack 54: a foreign instance has no console, and a ticket opens nothing after a stop or a sign-out', async () => {
    const { id } = await running();
    const other = await addTenant(api);
    const foreign = await api.call('openInstanceTerminal', { params: { instance_id: id }, body: {} }, other.owner);
    const never = await api.call(
      'openInstanceTerminal',
      { params: { instance_id: `${id.slice(0, -6)}zzzzzz` }, body: {} },
      other.owner,
    );
    expect([foreign.status, foreign.json.code]).toEqual([404, never.json.code]);
    const [stale, good] = [await ticketFor(id), await ticketFor(id)];
    const open = await opened(id);
    await admin.query(`UPDATE workload SET state = 'stopped' WHERE id = $1`, [id]);
    expect((await new Session(stale).closed).reason).toBe('not_running');
    expect((await open.closed).reason).toBe('not_running');
    await admin.query(`UPDATE workload SET state = 'running' WHERE id = $1`, [id]);
    expect((await new Session(stale).closed).reason, 'a ticket is good once').toBe('ticket_invalid');
    const leaving = await addTenant(api);
    const own = await running(leaving);
    const held = await ticketFor(own.id, {}, leaving.owner);
    const session = await opened(own.id, {}, leaving.owner);
    const out = await api.call('signOut', {}, { token: leaving.session });
    expect(out.status, out.text).toBeLessThan(300);
    expect((await session.closed).reason).toBe('credential_ended');
    expect((await new Session(held).closed).reason).toBe('credential_ended');
    const last = new Session(good);
    await last.until(() => last.said.some(({ type }) => type === 'ready'));
    last.socket.close();
    await last.closed;
  });

  test('ends within seconds when the key is revoked or the instance stops', async () => {
    const { id } = await running();
    const key = await addKey(api, tenant, ['compute:write']);
    const [mine, byKey] = [await opened(id), await opened(id, {}, { token: key })];
    const [{ id: keyId }] = (await admin.query('SELECT id FROM api_key WHERE org_id = $1', [tenant.orgId])).rows;
    const gone = await api.call('revokeApiKey', { params: { api_key_id: keyId } }, tenant.owner);
    expect(gone.status, gone.text).toBeLessThan(300);
    expect(await byKey.closed).toEqual({ code: 4402, reason: 'credential_ended' });
    expect(mine.socket.readyState).toBe(WebSocket.OPEN);
    await admin.query(`UPDATE workload SET state = 'stopping' WHERE id = $1`, [id]);
    expect(await mine.closed).toEqual({ code: 4404, reason: 'not_running' });
  });

  test('ends when the role that opened it is taken away', async () => {
    const { id } = await running();
    const key = await addKey(api, tenant, ['compute:write']);
    const session = await opened(id, {}, { token: key });
    await admin.query(`UPDATE api_key SET scopes = '{compute:read}' WHERE org_id = $1 AND revoked_at IS NULL`, [
      tenant.orgId,
    ]);
    expect(await session.closed).toEqual({ code: 4403, reason: 'permission_lost' });
  });

  test('ends with its machine', async () => {
    const { id, allocationId } = await running();
    const session = await opened(id);
    await driver.stop({ operationKey: randomUUID(), epoch: 9 }, allocationId);
    await admin.query(`UPDATE workload SET state = 'stopping' WHERE id = $1`, [id]);
    expect((await session.closed).reason).toBe('not_running');
  });

  test('needs the right to connect, and a workload that runs and is the caller’s own', async () => {
    const { id } = await running();
    const open = (sender: Sender, body: object = {}) =>
      api.call('openInstanceTerminal', { params: { instance_id: id }, body }, sender);
    expect((await open({ token: await addKey(api, tenant, ['compute:read']) })).status).toBe(403);
    expect((await open((await addTenant(api)).owner)).status).toBe(404);
    expect((await open(tenant.owner, { rank: 1 })).json.errors[0].pointer).toBe('/body/rank');
    expect((await open(tenant.owner, { command: ['a\u0000b'] })).status).toBe(400);
    expect((await open(tenant.owner, { command: Array(64).fill('x'.repeat(500)) })).status).toBe(400);
    await admin.query(`UPDATE workload SET state = 'stopped' WHERE id = $1`, [id]);
    expect((await open(tenant.owner)).json).toMatchObject({ code: 'conflict', state: 'stopped' });
  });

  test('answers a repeated request without the ticket', async () => {
    const { id } = await running();
    const ask = () =>
      api.call(
        'openInstanceTerminal',
        { params: { instance_id: id }, body: {}, idempotencyKey: `k-${id}` },
        tenant.owner,
      );
    expect((await ask()).json.ticket).toMatch(/^[\w-]{43}$/);
    expect((await ask()).json.ticket).toBeNull();
  });

  test('refuses what is no message of its protocol', async () => {
    const { id } = await running();
    for (const wrong of ['{', '{"type":"resize","columns":0,"rows":1}', '{"type":"reboot"}']) {
      const session = await opened(id);
      session.socket.send(wrong);
      expect(await session.closed).toEqual({ code: 4400, reason: 'invalid_message' });
    }
    const large = await opened(id);
    large.socket.send(Buffer.alloc(65_537));
    expect((await large.closed).code).toBe(1009);
  });
});
