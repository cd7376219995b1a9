import { mintId } from '@suanxiang/domain/ids';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSimulatedMachines, Session, type SimulatedMachines } from './support/simulated-machines';
import { addTenant } from './support/tenant';

const MOST_OF_WORKLOAD = 16;
let patient: SimulatedMachines;
let hasty: SimulatedMachines;

beforeAll(async () => {
  patient = await openSimulatedMachines();
}, 120_000);
afterAll(async () => {
  await hasty?.close();
  await patient?.close();
});

/** Machines whose terminals end sooner. */
async function withPatience(patience: Parameters<typeof openSimulatedMachines>[0]): Promise<SimulatedMachines> {
  await hasty?.close();
  hasty = await openSimulatedMachines(patience);
  return hasty;
}

test('tell 15 minutes of idling and 8 hours in the ticket', async () => {
  const { id } = await patient.running();
  const made = await patient.api.call(
    'openInstanceTerminal',
    { params: { instance_id: id }, body: {} },
    patient.tenant.owner,
  );
  expect(made.json).toMatchObject({ idle_seconds: 900, max_seconds: 28_800 });
});

test('a session in which nobody writes ends as idle, one that is typed in goes on', async () => {
  const { running, opened } = await withPatience({ idleMs: 6_000 });
  const { id } = await running();
  const [quiet, busy] = [await opened(id), await opened(id)];
  const typing = setInterval(() => busy.socket.readyState === 1 && busy.type('\r'), 300);
  try {
    expect(await quiet.closed).toEqual({ code: 4408, reason: 'idle' });
    expect(busy.socket.readyState).toBe(busy.socket.OPEN);
  } finally {
    clearInterval(typing);
    busy.socket.close();
  }
}, 60_000);

test('a session ends when it has lasted long enough, however much is typed, and the audit log says so', async () => {
  const { running, opened, admin } = await withPatience({ mostMs: 2_000 });
  const { id } = await running();
  const session = await opened(id);
  const typing = setInterval(() => session.socket.readyState === 1 && session.type('\r'), 200);
  try {
    expect(await session.closed).toEqual({ code: 4409, reason: 'too_long' });
  } finally {
    clearInterval(typing);
  }
  const closes = async () =>
    (await admin.query(`SELECT detail FROM audit_event WHERE resource = $1 AND action LIKE '%.close'`, [id])).rows;
  await expect.poll(closes).toMatchObject([{ detail: { reason: 'too_long' } }]);
}, 60_000);

test('a reader who takes nothing is dropped, and the program was held back meanwhile', async () => {
  const { running, opened, admin } = await withPatience({ slowMs: 1_500 });
  const { id } = await running();
  const session = await opened(id, { command: ['cat'], tty: false });
  session.socket.pause();
  // More than connections keep on their way; what the program is not given stays with us.
  const whole = 64 * 1024 * 1024;
  for (let sent = 0; sent < whole; sent += 32 * 1024) session.socket.send(Buffer.alloc(32 * 1024, 120));
  const closes = async () =>
    (await admin.query(`SELECT detail FROM audit_event WHERE resource = $1 AND action LIKE '%.close'`, [id])).rows;
  await expect.poll(closes, { timeout: 60_000 }).toMatchObject([{ detail: { reason: 'slow_reader' } }]);
  const [{ detail }] = await closes();
  expect(detail.bytes_in).toBeLessThan(whole / 2);
  session.socket.terminate();
}, 90_000);

test('an instance has 16 sessions at a time and a place again when one ends', async () => {
  const { running, opened, ticketFor, address } = patient;
  const { id } = await running();
  const sessions = [];
  for (let count = 0; count < MOST_OF_WORKLOAD; count += 1) sessions.push(await opened(id));
  const refused = new Session(address, await ticketFor(id));
  expect(await refused.closed).toEqual({ code: 4429, reason: 'too_many_sessions' });
  sessions[0]!.socket.close();
  await sessions[0]!.closed;
  await expect
    .poll(
      async () => {
        const next = new Session(address, await ticketFor(id));
        await next.until(() => next.said.length > 0).catch(() => {});
        return next.said.at(0);
      },
      { timeout: 30_000 },
    )
    .toEqual({ type: 'ready' });
  for (const { socket } of sessions) socket.close();
}, 120_000);

test.each([
  ['an organization', 100, ({ orgId }: { orgId: string }) => `suan:terminal:of:${orgId}`],
  ['a person', 32, (by: { orgId: string; userId: string }) => `suan:terminal:of:${by.orgId}:user:${by.userId}`],
])('%s has %i sessions at a time on all servers together', async (_, most, keyOf) => {
  const { running, ticketFor, address, api } = patient;
  const by = await addTenant(api);
  const { id } = await running(by);
  // Sessions of other servers, as these count them.
  const others = Array.from({ length: most }, (__, index) => [Date.now() + 600_000, `other-${index}`]).flat();
  await api.plane.ctx.redis.zadd(keyOf(by), ...others);
  const refused = new Session(address, await ticketFor(id, {}, by.owner));
  expect(await refused.closed).toEqual({ code: 4429, reason: 'too_many_sessions' });
  await api.plane.ctx.redis.zrem(keyOf(by), 'other-0');
  const taken = new Session(address, await ticketFor(id, {}, by.owner));
  await taken.until(() => taken.said.length > 0);
  taken.socket.close();
});

test('a member who is removed while a session is open is shown out', async () => {
  const { running, opened, api, admin, tenant } = patient;
  const { id } = await running();
  const guest = await addTenant(api);
  await admin.query(`INSERT INTO membership (id, org_id, user_id, role) VALUES ($1, $2, $3, 'admin')`, [
    mintId('membership', Date.now()),
    tenant.orgId,
    guest.userId,
  ]);
  const session = await opened(id, {}, { token: guest.session, orgId: tenant.orgId });
  const { items } = (await api.call('listMembers', {}, tenant.owner)).json;
  const member = items.find((one: { role: string }) => one.role === 'admin');
  const gone = await api.call('removeMember', { params: { membership_id: member.id } } as never, tenant.owner);
  expect(gone.status, gone.text).toBeLessThan(300);
  expect((await session.closed).reason).toMatch(/^(credential_ended|permission_lost)$/);
});
