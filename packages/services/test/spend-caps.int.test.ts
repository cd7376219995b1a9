import { withSql } from '@suanxiang/db/tenant';
import { mintId } from '@suanxiang/domain/ids';
import { finalizeDuePeriods } from '@suanxiang/metering/invoices/finalize';
import { billedOrg } from '@suanxiang/metering/periods';
import { rateSpan } from '@suanxiang/metering/usage/rate-span';
import { createBudget, deleteBudget, listBudgets, updateBudget } from '@suanxiang/services/budget/budgets';
import { enforceCaps, requireRoomUnderCaps } from '@suanxiang/services/workload/spend-caps';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOrg, lease, type TestOrg } from '../../metering/test/support/billing-db';
import { call, openPlane, type Plane, principalOf } from './support/plane';

let plane: Plane;
beforeAll(async () => {
  plane = await openPlane();
});
afterAll(() => plane?.close());

const HOUR = 3600;
const DAY = 86_400;
/** Minor units that a card of the test SKU costs per hour. */
const PER_HOUR = 249n;

/** An organisation whose billing time is well inside a month, whatever the day of the test. */
async function midMonth(): Promise<{ org: TestOrg; nowS: number }> {
  const wallS = Math.floor(Date.now() / 1000);
  const date = new Date(wallS * 1000);
  const noon = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 15, 12) / 1000;
  const offsetS = Math.round((noon - wallS) / 60) * 60;
  const org = await createOrg(plane.db.worker, { mode: 'sandbox', offsetS });
  return { org, nowS: await nowOf(org) };
}

const nowOf = (org: TestOrg) => withSql(plane.db.worker, async (sql) => (await billedOrg(sql, org.orgId)).nowS);

const advance = async (org: TestOrg, seconds: number) => {
  await plane.sql`UPDATE organization SET clock_offset_s = clock_offset_s + ${seconds}::bigint,
    clock_applied_s = clock_offset_s + ${seconds}::bigint WHERE id = ${org.orgId}`;
  await plane.sql`UPDATE allocation SET clock_offset_s = (SELECT clock_offset_s FROM organization WHERE id = ${org.orgId})
    WHERE org_id = ${org.orgId} AND state = 'running'`;
};

/** A cap that counts from long ago, so that nothing but its amount says when it is reached. */
async function cap(org: TestOrg, minor: bigint, scope: { projectId?: string; apiKeyId?: string } = {}, fromS = 0) {
  const id = mintId('budget', Date.now());
  await plane.sql`
    INSERT INTO budget (id, org_id, project_id, api_key_id, name, amount_minor, thresholds, hard, capped_from_s)
    VALUES (${id}, ${org.orgId}, ${scope.projectId ?? null}, ${scope.apiKeyId ?? null}, ${id}, ${minor}::bigint,
      ${['100']}::int[], true, ${fromS}::bigint)`;
  return id;
}

const enforce = (org: TestOrg) => enforceCaps(plane.db.worker, org.orgId, Date.now());

async function billedMinor(org: TestOrg, fromS: number, toS: number, filter = {}): Promise<bigint> {
  const { rated } = await withSql(plane.db.worker, (sql) => rateSpan(sql, org, { fromS, toS }, filter));
  return rated.subtotalMinor;
}

const leasesOf = (org: TestOrg) => plane.sql<{ end_s: string | null; reason: string | null; state: string }>`
  SELECT a.end_s::text, a.end_reason AS reason, w.state FROM allocation a JOIN workload w ON w.id = a.workload_id
  WHERE a.org_id = ${org.orgId} ORDER BY a.start_s, a.id`;

describe('a spend cap', () => {
  test('ends everything at the second in which it is reached, although it is noticed days later', async () => {
    const { org, nowS } = await midMonth();
    const startS = nowS - HOUR;
    await lease(plane.db.worker, org, { startS, endS: null });
    await lease(plane.db.worker, org, { startS, endS: null, gpus: 3 });
    await cap(org, 4n * PER_HOUR * 2n);
    expect(await enforce(org)).toEqual([]);
    await advance(org, 5 * DAY);
    expect(await enforce(org)).toHaveLength(2);
    expect(await enforce(org)).toEqual([]);
    const endS = String(startS + 2 * HOUR);
    expect(await leasesOf(org)).toEqual([
      { end_s: endS, reason: 'spend_cap', state: 'stopping' },
      { end_s: endS, reason: 'spend_cap', state: 'stopping' },
    ]);
    expect(await billedMinor(org, nowS - DAY, nowS + 9 * DAY)).toBe(8n * PER_HOUR);
  });

  test('is kept by the invoice even when no worker looked before the month was closed', async () => {
    const { org, nowS } = await midMonth();
    await lease(plane.db.worker, org, { startS: nowS, endS: null, gpus: 8 });
    await cap(org, 100_003n);
    await advance(org, 31 * DAY);
    const { failed } = await finalizeDuePeriods(plane.db.worker, Date.now(), { orgId: org.orgId });
    expect(failed).toEqual([]);
    const rows = await plane.sql<{ subtotal: string }>`
      SELECT subtotal_minor::text AS subtotal FROM invoice WHERE org_id = ${org.orgId}`;
    expect(rows).toHaveLength(1);
    const subtotal = BigInt(rows[0]!.subtotal);
    expect(subtotal).toBeLessThanOrEqual(100_003n);
    expect(subtotal).toBeGreaterThan(100_001n);
    expect(await enforce(org)).toHaveLength(1);
  });

  test('also holds for what its owner has ended before anybody looked', async () => {
    const { org, nowS } = await midMonth();
    await lease(plane.db.worker, org, { startS: nowS - 10 * HOUR, endS: nowS - HOUR });
    await lease(plane.db.worker, org, { startS: nowS - 2 * HOUR, endS: nowS - HOUR });
    await cap(org, 3n * PER_HOUR);
    await enforce(org);
    await enforce(org);
    expect(await billedMinor(org, nowS - DAY, nowS)).toBe(3n * PER_HOUR);
    const marks = await plane.sql`SELECT reason FROM undelivered WHERE org_id = ${org.orgId}`;
    expect(marks).toEqual([{ reason: 'spend_cap' }, { reason: 'spend_cap' }]);
  });

  test('of a project or of a key ends what counts against it and nothing else', async () => {
    const { org, nowS } = await midMonth();
    const other = mintId('project', 5);
    const key = mintId('apiKey', 5);
    await plane.sql`INSERT INTO project (id, org_id, slug, name) VALUES (${other}, ${org.orgId}, 'other', 'Other')`;
    await plane.sql`
      INSERT INTO api_key (id, org_id, name, lookup, last4, mac, pepper_v, env, scopes, created_by)
      VALUES (${key}, ${org.orgId}, 'k', ${key.slice(-12)}, 'abcd', 'x', 1, 'live', ${[]}::text[], 'user:test')`;
    const startS = nowS - 4 * HOUR;
    await lease(plane.db.worker, org, { startS, endS: null, name: 'free' });
    await lease(plane.db.worker, { ...org, projectId: other }, { startS: startS + 1, endS: null, name: 'capped' });
    await lease(plane.db.worker, org, { startS: startS + 2, endS: null, name: 'by-key' });
    await plane.sql`UPDATE workload SET created_by = ${`key:${key}`} WHERE org_id = ${org.orgId} AND name = 'by-key'`;
    await cap(org, PER_HOUR, { projectId: other });
    await cap(org, 2n * PER_HOUR, { apiKeyId: key });
    await enforce(org);
    expect((await leasesOf(org)).map((one) => [one.end_s, one.state])).toEqual([
      [null, 'running'],
      [String(startS + 1 + HOUR), 'stopping'],
      [String(startS + 2 + 2 * HOUR), 'stopping'],
    ]);
  });

  test('that is set or lowered later takes nothing back: it ends what runs at that second', async () => {
    const { org, nowS } = await midMonth();
    await lease(plane.db.worker, org, { startS: nowS - 10 * HOUR, endS: null });
    const made = await call(plane, 'createBudget', createBudget, principalOf(org), {
      body: { name: 'Cap', amount: '1000', hard: true },
    });
    expect(made.stops_at).not.toBeNull();
    const params = { budget_id: made.id };
    const changed = await call(plane, 'updateBudget', updateBudget, principalOf(org), {
      params,
      body: { amount: '2.49' },
    });
    expect(changed).toMatchObject({ amount: { amount: '2.49' }, hard: true, name: 'Cap' });
    await advance(org, HOUR);
    await enforce(org);
    const endS = (await leasesOf(org))[0]!.end_s;
    expect(Number(endS)).toBeGreaterThanOrEqual(nowS);
    expect(Number(endS)).toBeLessThan(nowS + HOUR);
  });

  test('never is passed and never ends a second too early, whatever runs', async () => {
    const lengths = fc.array(
      fc.record({
        ago: fc.integer({ min: 61, max: 40_000 }),
        gpus: fc.integer({ min: 1, max: 8 }),
        ends: fc.boolean(),
      }),
      { minLength: 1, maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(lengths, fc.integer({ min: 1, max: 20_000 }), async (runs, minor) => {
        const { org, nowS } = await midMonth();
        for (const { ago, gpus, ends } of runs) {
          await lease(plane.db.worker, org, {
            startS: nowS - ago,
            endS: ends ? nowS - Math.floor(ago / 2) : null,
            gpus,
          });
        }
        const wholeMinor = await billedMinor(org, nowS - DAY, nowS);
        await cap(org, BigInt(minor));
        await enforce(org);
        const minorNow = await billedMinor(org, nowS - DAY, nowS);
        expect(minorNow).toBeLessThanOrEqual(BigInt(minor));
        // Room for one more second of everything, rounded per lease, or a minimum charge would have been used.
        const most = runs.reduce((sum, run) => sum + BigInt(run.gpus) * (PER_HOUR / 60n + 1n) + 1n, 0n);
        if (wholeMinor > BigInt(minor)) expect(minorNow + most).toBeGreaterThan(BigInt(minor));
        else expect(minorNow).toBe(wholeMinor);
      }),
      { numRuns: 12 },
    );
  });
});

describe('a launch under a cap', () => {
  const launch = (org: TestOrg, over: object = {}) =>
    withSql(plane.db.worker, (sql) =>
      requireRoomUnderCaps(sql, {
        orgId: org.orgId,
        projectId: org.projectId,
        createdBy: 'user:test',
        microPerHour: 2_490_000n,
        ...over,
      }),
    );

  test('needs ten minutes of room for everything that would then run, in its scope only', async () => {
    const { org } = await midMonth();
    await cap(org, 41n, { projectId: org.projectId });
    await expect(launch(org)).rejects.toThrow(/0\.00 are spent, and 10 minutes .* cost 0\.42/);
    await launch(org, { projectId: mintId('project', 1) });
    await plane.sql`UPDATE budget SET amount_minor = 42 WHERE org_id = ${org.orgId}`;
    await launch(org);
  });
});

test('budgets are changed by their owner alone, keep their names apart, and are for one scope', async () => {
  const { org } = await midMonth();
  const { org: stranger } = await midMonth();
  const create = (body: object) => call(plane, 'createBudget', createBudget, principalOf(org), { body });
  const made = await create({ name: 'A', amount: '5' });
  await create({ name: 'B', amount: '5' });
  const update = (who: TestOrg, body: object) =>
    call(plane, 'updateBudget', updateBudget, principalOf(who), { params: { budget_id: made.id }, body });
  await expect(update(stranger, { amount: '6' })).rejects.toMatchObject({ code: 'not_found' });
  await expect(update(org, { name: 'B' })).rejects.toMatchObject({ code: 'name_taken' });
  expect(await update(org, { thresholds: [90, 10] })).toMatchObject({
    thresholds: [10, 90],
    hard: false,
    stops_at: null,
  });
  await expect(create({ name: 'C', amount: '5', api_key_id: mintId('apiKey', 1) })).rejects.toMatchObject({
    code: 'not_found',
  });
  await call(plane, 'deleteBudget', deleteBudget, principalOf(org), { params: { budget_id: made.id } });
  await expect(update(org, { amount: '6' })).rejects.toMatchObject({ code: 'not_found' });
  expect((await call(plane, 'listBudgets', listBudgets, principalOf(org))).items.map((one) => one.name)).toEqual(['B']);
});
