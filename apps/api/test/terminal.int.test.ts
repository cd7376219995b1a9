import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { POLICIES } from '../src/rate-limit';
import type { Json, Sender } from './support/api';
import { openSimulatedMachines, Session, type SimulatedMachines } from './support/simulated-machines';
import { addKey, addTenant } from './support/tenant';

let machines: SimulatedMachines;
let { api, admin, driver, tenant, address, running, ticketFor, opened } = {} as SimulatedMachines;

beforeAll(async () => {
  machines = await openSimulatedMachines();
  ({ api, admin, driver, tenant, address, running, ticketFor, opened } = machines);
}, 120_000);
afterAll(() => machines?.close());

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
    const first = new Session(address, ticket);
    await first.until(() => first.said.length > 0);
    expect(await new Session(address, ticket).closed).toEqual({ code: 4401, reason: 'ticket_invalid' });
    expect(await new Session(address, 'A'.repeat(43)).closed).toEqual({ code: 4401, reason: 'ticket_invalid' });
    first.socket.close();
    await first.closed;
  });

  test('is not opened from another site, and nothing else is upgraded', async () => {
    const { id } = await running();
    const ticket = await ticketFor(id);
    await expect(new Session(address, ticket, { origin: 'https://evil.example' }).closed).rejects.toThrow('403');
    const other = new WebSocket(`${address}/v1/instances`, ['suanxiang.terminal.v1']);
    const [error] = await once(other, 'error');
    expect(String(error)).toContain('404');
    const own = new Session(address, ticket, { origin: new URL(api.plane.ctx.webUrl).origin });
    await own.until(() => own.said.length > 0);
    own.socket.close();
    await own.closed;
  });

  test('attack 58: handshakes are limited by address, and refused with a problem that says when again', async () => {
    const ip = '127.0.0.9';
    const shake = async () => {
      const socket = new WebSocket(`${address}/v1/terminal`, ['suanxiang.terminal.v1', `ticket.${'A'.repeat(43)}`], {
        localAddress: ip,
      });
      const [response] = await Promise.race([
        once(socket, 'unexpected-response').then(([, answer]) => [answer as IncomingMessage]),
        once(socket, 'close').then(() => [null]),
      ]);
      return response;
    };
    expect(await shake()).toBeNull();
    // So far below zero that nothing comes back while this asks.
    await api.plane.ctx.redis.hset(`suan:rate:${POLICIES.address.name}:${ip}`, 'n', -1_000_000);
    const refused = (await shake())!;
    expect(refused.statusCode).toBe(429);
    expect(refused.headers).toMatchObject({
      'content-type': 'application/problem+json; charset=utf-8',
      'retry-after': expect.stringMatching(/^[1-9]\d*$/),
    });
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
    expect((await new Session(address, stale).closed).reason).toBe('not_running');
    expect((await open.closed).reason).toBe('not_running');
    await admin.query(`UPDATE workload SET state = 'running' WHERE id = $1`, [id]);
    expect((await new Session(address, stale).closed).reason, 'a ticket is good once').toBe('ticket_invalid');
    const leaving = await addTenant(api);
    const own = await running(leaving);
    const held = await ticketFor(own.id, {}, leaving.owner);
    const session = await opened(own.id, {}, leaving.owner);
    const out = await api.call('signOut', {}, { token: leaving.session });
    expect(out.status, out.text).toBeLessThan(300);
    expect((await session.closed).reason).toBe('credential_ended');
    expect((await new Session(address, held).closed).reason).toBe('credential_ended');
    const last = new Session(address, good);
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
