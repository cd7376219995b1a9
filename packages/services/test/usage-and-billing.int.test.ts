import { withSql } from '@suanxiang/db/tenant';
import { mintId } from '@suanxiang/domain/ids';
import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import { IdempotentReplay } from '@suanxiang/services/access/idempotency';
import { createTopUp } from '@suanxiang/services/billing/create-top-up';
import { getBalance } from '@suanxiang/services/billing/get-balance';
import { listLedger } from '@suanxiang/services/billing/list-ledger';
import { listPayments } from '@suanxiang/services/billing/list-payments';
import { getUsage } from '@suanxiang/services/usage/get-usage';
import { listUsageBlocks } from '@suanxiang/services/usage/list-usage-blocks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOrg, lease, minutes, seconds, type TestOrg, ZONE } from '../../metering/test/support/billing-db';
import { call, metaOf, openPlane, type Plane, principalOf } from './support/plane';

let plane: Plane;
let org: TestOrg;
let other: TestOrg;
/** Eight accelerators for 30 minutes, and one for 10 minutes in another project. */
let big: string;
let small: string;
let secondProject: string;
const START = seconds('2026-10-05T15:50:00Z');

beforeAll(async () => {
  plane = await openPlane();
  const { worker } = plane.db;
  // Midnight of the account falls into the first lease.
  org = await createOrg(worker, { mode: 'sandbox', timeZone: 'Asia/Shanghai' });
  other = await createOrg(worker, { mode: 'sandbox' });
  secondProject = mintId('project', 1);
  await plane.sql`
    INSERT INTO project (id, org_id, slug, name) VALUES (${secondProject}, ${org.orgId}, 'second', 'Second')`;
  ({ allocationId: big } = await lease(worker, org, { startS: START, endS: START + 1800, gpus: 8, name: '训练' }));
  const inSecond = { ...org, projectId: secondProject };
  ({ allocationId: small } = await lease(worker, inSecond, { startS: START, endS: START + 600 }));
  const blocks = [...minutes(big, START, START + 1800, () => 500_000), ...minutes(small, START, START + 600, () => 0)];
  await withSql(worker, (sql) => ingestBlocks(sql, ZONE, blocks, (START + 1860) * 1000));
});
afterAll(() => plane?.close());

const day = { from: '2026-10-05T00:00:00Z', to: '2026-10-07T00:00:00Z' };

describe('usage', () => {
  const usage = (query: object, projectId: string | null = null) =>
    call(plane, 'getUsage', getUsage, principalOf(org, projectId), { query });

  test('is stated to the second with its cost, by lease and by local day', async () => {
    const report = await usage(day);
    // 8 x 2.49 / 2 = 9.96 and 2.49 / 6 = 0.415, each rounded once.
    expect(report).toMatchObject({ currency: 'USD', total: { amount: '10.38' }, gpu_seconds: '15000' });
    expect(report.rows.map((row) => [row.allocation_id, row.amount.amount, row.billed_seconds])).toEqual(
      expect.arrayContaining([
        [big, '9.96', 1800],
        [small, '0.42', 600],
      ]),
    );
    const row = report.rows.find((one) => one.allocation_id === big)!;
    expect(row).toMatchObject({
      workload_name: '训练',
      accelerator_id: 'nvidia-h100-80g',
      gpus: 8,
      from_s: START,
      to_s: START + 1800,
      running: false,
      measured_seconds: 1800,
      average_utilization_ppm: 500_000,
    });
    const withUsage = report.days.filter((one) => one.gpu_seconds !== '0');
    expect(withUsage.map((one) => [one.day, one.gpu_seconds])).toEqual([
      ['2026-10-05', '5400'],
      ['2026-10-06', '9600'],
    ]);
  });

  test('of a key bound to a project is that project alone', async () => {
    const own = await usage(day, secondProject);
    expect(own.rows.map((row) => row.allocation_id)).toEqual([small]);
    expect((await usage({ ...day, project_id: secondProject })).rows).toEqual(own.rows);
    expect((await usage({ ...day, project_id: org.projectId }, secondProject)).rows).toEqual([]);
  });

  test('of another organisation is not there', async () => {
    expect((await usage({ ...day, project_id: other.projectId })).rows).toEqual([]);
    const theirs = await call(plane, 'getUsage', getUsage, principalOf(other), { query: day });
    expect(theirs).toMatchObject({ rows: [], total: { amount: '0.00' } });
  });

  test('takes only spans that make sense', async () => {
    for (const query of [
      { from: day.to, to: day.from },
      { from: '2020-01-01T00:00:00Z' },
      { from: '0001-01-01T00:00:00Z', to: '0001-01-03T00:00:00Z' },
    ]) {
      await expect(usage(query)).rejects.toMatchObject({ code: 'invalid_request' });
    }
    expect((await usage({})).rows).toEqual([]);
    expect((await usage({ to: '1900-01-01T00:00:00Z' })).rows).toEqual([]);
  });
});

describe('usage blocks', () => {
  const page = (
    allocationId: string,
    query: object,
    caller = principalOf(org),
  ): ReturnType<typeof call<'listUsageBlocks'>> =>
    call(plane, 'listUsageBlocks', listUsageBlocks, caller, { params: { allocation_id: allocationId }, query });

  test('come page by page, each once, in the order of time', async () => {
    const seen: number[] = [];
    let cursor: string | null = null;
    do {
      const answer = await page(small, { limit: 4, ...(cursor ? { cursor } : {}) });
      expect(answer.items.length).toBeLessThanOrEqual(4);
      seen.push(...answer.items.map((block) => block.win_start_s));
      cursor = answer.next_cursor;
    } while (cursor);
    expect(seen).toEqual(Array.from({ length: 10 }, (_, minute) => START + minute * 60));
  });

  test('state their sixty values, their digest and who sent them', async () => {
    const { items } = await page(big, { limit: 1 });
    expect(items[0]).toMatchObject({ measured: 60, average_ppm: 500_000, agent_id: 'agent-1', rev: 0 });
    expect(items[0]!.values_ppm).toEqual(new Array(60).fill(500_000));
    expect(items[0]!.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  test('belong to their organisation and project, and a cursor to its list', async () => {
    await expect(page(small, {}, principalOf(other))).rejects.toMatchObject({ code: 'not_found' });
    await expect(page(big, {}, principalOf(org, secondProject))).rejects.toMatchObject({ code: 'not_found' });
    expect((await page(small, {}, principalOf(org, secondProject))).items).toHaveLength(10);
    const { next_cursor } = await page(small, { limit: 4 });
    await expect(page(big, { cursor: next_cursor })).rejects.toMatchObject({ code: 'invalid_cursor' });
  });
});

describe('the balance', () => {
  const topUp = (tenant: TestOrg, amount: string, meta = metaOf()) =>
    call(plane, 'createTopUp', createTopUp, principalOf(tenant), { body: { amount } }, meta);
  const balanceOf = (tenant: TestOrg) => call(plane, 'getBalance', getBalance, principalOf(tenant));

  test('of a sandbox grows at once, with an audit row and a line in the ledger', async () => {
    const payment = await topUp(org, '500');
    expect(payment).toMatchObject({ provider: 'sandbox', status: 'succeeded', amount: { amount: '500.00' } });
    expect(payment.settled_at).not.toBeNull();
    expect(await balanceOf(org)).toMatchObject({ balance: { amount: '500.00', currency: 'USD' } });
    const { items } = await call(plane, 'listLedger', listLedger, principalOf(org));
    expect(items).toMatchObject([
      { kind: 'top_up', memo: payment.reference, amount: { amount: '500.00', currency: 'USD' } },
    ]);
    const audited = await plane.sql<{ actor: string; action: string }>`
      SELECT actor, action FROM audit_event WHERE org_id = ${org.orgId} AND resource = ${payment.id}`;
    expect(audited).toEqual([{ actor: 'user:user_test', action: 'billing.top_up' }]);
  });

  test('of a live organisation waits for the transfer', async () => {
    const live = await createOrg(plane.db.worker);
    const payment = await topUp(live, '1.5');
    expect(payment).toMatchObject({ provider: 'manual', status: 'pending', settled_at: null });
    expect(payment.reference).toMatch(/^SX-/);
    expect(await balanceOf(live)).toMatchObject({
      balance: { amount: '0.00' },
      burn_per_hour: { amount: '0.00' },
      runway_seconds: null,
    });
  });

  test('says what is used and how long the rest lasts; the amounts add up', async () => {
    const tenant = await createOrg(plane.db.worker, { mode: 'sandbox' });
    await topUp(tenant, '100.00');
    const nowS = Math.floor(Date.now() / 1000);
    await lease(plane.db.worker, tenant, { startS: nowS - 1000, endS: null, gpus: 3 });
    const answer = await balanceOf(tenant);
    const micro = (amount: string) => Math.round(Number(amount) * 1e6);
    expect(answer.burn_per_hour.amount).toBe('7.47');
    expect(micro(answer.balance.amount) - micro(answer.unbilled.amount)).toBe(micro(answer.available.amount));
    // 1000 s x 7.47 / 3600 s = 2.075, and what passed since
    expect(Number(answer.unbilled.amount)).toBeGreaterThanOrEqual(2.07);
    expect(Number(answer.unbilled.amount)).toBeLessThan(2.2);
    // A cent lasts 4.8 s.
    const expectedS = (Number(answer.available.amount) / 7.47) * 3600;
    expect(Math.abs(answer.runway_seconds! - expectedS)).toBeLessThan(5);
  });

  test('takes amounts in whole minor units above 0', async () => {
    for (const amount of ['0', '0.00', '1.005']) {
      await expect(topUp(org, amount)).rejects.toMatchObject({ code: 'invalid_request' });
    }
    expect(await balanceOf(org)).toMatchObject({ balance: { amount: '500.00' } });
  });

  test('is credited once for one Idempotency-Key', async () => {
    const tenant = await createOrg(plane.db.worker, { mode: 'sandbox' });
    const meta = metaOf({ idempotencyKey: 'once', requestHash: 'a' });
    const first = await topUp(tenant, '20', meta);
    const again = await topUp(tenant, '20', meta).catch((error: unknown) => error);
    expect(again).toBeInstanceOf(IdempotentReplay);
    expect((again as IdempotentReplay).text).toBe(JSON.stringify(first));
    const changed = { ...meta, requestHash: 'b' };
    await expect(topUp(tenant, '21', changed)).rejects.toMatchObject({ code: 'idempotency_key_reused' });
    expect(await balanceOf(tenant)).toMatchObject({ balance: { amount: '20.00' } });
  });

  test('its payments and bookings are listed newest first, page by page', async () => {
    const tenant = await createOrg(plane.db.worker, { mode: 'sandbox' });
    for (const [index, amount] of ['1', '2', '3', '4', '5'].entries()) {
      await topUp(tenant, amount, metaOf({ nowMs: (START + index) * 1000 }));
    }
    const amountsOf = async (
      list: (query: object) => Promise<{ items: { amount: { amount: string } }[]; next_cursor: string | null }>,
    ) => {
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const answer = await list({ limit: 2, ...(cursor ? { cursor } : {}) });
        seen.push(...answer.items.map((item) => item.amount.amount));
        cursor = answer.next_cursor;
      } while (cursor);
      return seen;
    };
    const expected = ['5.00', '4.00', '3.00', '2.00', '1.00'];
    const caller = principalOf(tenant);
    expect(await amountsOf((query) => call(plane, 'listPayments', listPayments, caller, { query }))).toEqual(expected);
    expect(await amountsOf((query) => call(plane, 'listLedger', listLedger, caller, { query }))).toEqual(expected);
    const { items } = await call(plane, 'listPayments', listPayments, principalOf(other));
    expect(items).toEqual([]);
  });
});
