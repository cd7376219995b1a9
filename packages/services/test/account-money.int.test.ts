import { mintId } from '@suanxiang/domain/ids';
import { finalizeDuePeriods } from '@suanxiang/metering/invoices/finalize';
import { getBalance } from '@suanxiang/services/billing/get-balance';
import { listBillingEvents } from '@suanxiang/services/billing/list-billing-events';
import { listCreditGrants } from '@suanxiang/services/billing/list-credit-grants';
import { getBillingSettings, updateBillingSettings } from '@suanxiang/services/billing/settings';
import { createBudget, deleteBudget, listBudgets } from '@suanxiang/services/budget/budgets';
import { operatorGrantCredit, operatorSetTerms, operatorVoidInvoice } from '@suanxiang/services/operator/account-money';
import { enforceStanding } from '@suanxiang/services/workload/enforce-standing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOrg, lease, seconds, type TestOrg } from '../../metering/test/support/billing-db';
import { call, openPlane, operator, type Plane, principalOf } from './support/plane';

let plane: Plane;
let org: TestOrg;
let other: TestOrg;
beforeAll(async () => {
  plane = await openPlane();
  org = await createOrg(plane.db.worker);
  other = await createOrg(plane.db.worker);
});
afterAll(() => plane?.close());

describe('settings', () => {
  const update = (auto_top_up: object) =>
    call(plane, 'updateBillingSettings', updateBillingSettings, principalOf(org), { body: { auto_top_up } });

  test('say beforehand what happens when the money runs out', async () => {
    const settings = await call(plane, 'getBillingSettings', getBillingSettings, principalOf(org));
    expect(settings).toMatchObject({ mode: 'prepaid', stage: 'ok', auto_top_up: { enabled: false } });
    expect(settings.when_it_runs_out.map((step) => [step.stage, step.after_seconds])).toEqual([
      ['low_3d', 259_200],
      ['low_1d', 86_400],
      ['grace', 0],
      ['frozen', 86_400],
      ['released', 1_209_600],
    ]);
  });

  test('keep what is not named, and refuse to add nothing', async () => {
    await expect(update({ enabled: true })).rejects.toMatchObject({ code: 'invalid_request' });
    await update({ enabled: true, threshold: '5', amount: '20.00', daily_max: '100' });
    const later = await update({ enabled: false, threshold: '7.50' });
    expect(later.auto_top_up).toEqual({
      enabled: false,
      threshold: { amount: '7.50', currency: 'USD' },
      amount: { amount: '20.00', currency: 'USD' },
      cool_off_seconds: 3600,
      daily_max: { amount: '100.00', currency: 'USD' },
    });
    expect((await update({ enabled: true, daily_max: null })).auto_top_up.daily_max).toBeNull();
    await expect(update({ enabled: true, threshold: '0.001' })).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

describe('promotional credit', () => {
  test('is granted by the operator, seen by the account alone, and counts as available', async () => {
    const body = { amount: '50.00', reason: 'Welcome', expires_in_days: 30 };
    const params = { organization_id: org.orgId };
    const granted = await call(plane, 'operatorGrantCredit', operatorGrantCredit, operator, { params, body });
    expect(granted).toMatchObject({ remaining: { amount: '50.00' }, expired: { amount: '0.00' }, priority: 10 });
    expect((await call(plane, 'listCreditGrants', listCreditGrants, principalOf(org))).items).toEqual([granted]);
    expect((await call(plane, 'listCreditGrants', listCreditGrants, principalOf(other))).items).toEqual([]);
    expect(await call(plane, 'getBalance', getBalance, principalOf(org))).toMatchObject({
      balance: { amount: '0.00' },
      promotional: { amount: '50.00' },
      available: { amount: '50.00' },
    });
    const nowhere = { organization_id: mintId('organization', 1) };
    const refused = call(plane, 'operatorGrantCredit', operatorGrantCredit, operator, { params: nowhere, body });
    await expect(refused).rejects.toMatchObject({ code: 'not_found' });
  });
});

test('the operator sets postpaid terms, which the balance shows', async () => {
  const params = { organization_id: other.orgId };
  const body = { mode: 'postpaid', credit_limit: '1000' };
  await call(plane, 'operatorSetTerms', operatorSetTerms, operator, { params, body });
  expect(await call(plane, 'getBalance', getBalance, principalOf(other))).toMatchObject({
    available: { amount: '0.00' },
    credit_limit: { amount: '1000.00' },
  });
});

describe('budgets', () => {
  const create = (who: TestOrg, body: object) => call(plane, 'createBudget', createBudget, principalOf(who), { body });

  test('are created for the organisation or a project of its own, once per name, and deleted', async () => {
    const made = await create(org, { name: 'Research', amount: '100', project_id: org.projectId, hard: true });
    expect(made).toMatchObject({ thresholds: [50, 80, 100], spent: { amount: '0.00' }, project_id: org.projectId });
    await expect(create(org, { name: 'Research', amount: '5' })).rejects.toMatchObject({ code: 'name_taken' });
    const foreign = create(org, { name: 'Foreign', amount: '5', project_id: other.projectId });
    await expect(foreign).rejects.toMatchObject({ code: 'not_found' });
    expect((await call(plane, 'listBudgets', listBudgets, principalOf(org))).items).toEqual([made]);
    expect((await call(plane, 'listBudgets', listBudgets, principalOf(other))).items).toEqual([]);
    const remove = (who: TestOrg) =>
      call(plane, 'deleteBudget', deleteBudget, principalOf(who), { params: { budget_id: made.id } });
    await expect(remove(other)).rejects.toMatchObject({ code: 'not_found' });
    await remove(org);
    await expect(remove(org)).rejects.toMatchObject({ code: 'not_found' });
    await create(org, { name: 'Research', amount: '5' });
  });
});

test('the operator voids an invoice once; its number stays taken', async () => {
  const buyer = await createOrg(plane.db.worker);
  const startS = seconds('2026-10-02T00:00:00Z');
  await lease(plane.db.worker, buyer, { startS, endS: startS + 3600 });
  await finalizeDuePeriods(plane.db.worker, seconds('2026-11-02T00:00:00Z') * 1000, { orgId: buyer.orgId });
  const [invoice] = await plane.sql<{ id: string; number: string }>`
    SELECT id, number FROM invoice WHERE org_id = ${buyer.orgId}`;
  const voidIt = () =>
    call(plane, 'operatorVoidInvoice', operatorVoidInvoice, operator, {
      params: { invoice_id: invoice!.id },
      body: { reason: 'wrong buyer' },
    });
  expect(await voidIt()).toEqual({ id: invoice!.id, number: invoice!.number, status: 'void' });
  await voidIt();
  const journals = await plane.sql`SELECT id FROM journal WHERE org_id = ${buyer.orgId} AND kind = 'void'`;
  expect(journals).toHaveLength(1);
  const owed = await call(plane, 'getBalance', getBalance, principalOf(buyer));
  expect(owed.owed.amount).toBe('0.00');
});

describe('what a standing leads to', () => {
  const statesOf = async (who: TestOrg) => {
    const rows = await plane.sql<{ state: string; code: string | null; operations: number }>`
      SELECT w.state, w.status_reason->>'code' AS code, (SELECT count(*)::int FROM operation o
        WHERE o.workload_id = w.id AND o.status = 'pending') AS operations
      FROM workload w WHERE org_id = ${who.orgId} ORDER BY id`;
    return rows.map((row) => [row.state, row.code, row.operations]);
  };
  const standing = (who: TestOrg, stage: 'grace' | 'frozen' | 'released') => ({
    orgId: who.orgId,
    stage,
    sinceS: 0,
  });

  test('nothing in grace; frozen stops what runs, once; released deletes what was stopped', async () => {
    const broke = await createOrg(plane.db.worker);
    await lease(plane.db.worker, broke, { startS: 60, endS: null });
    const enforce = (stage: 'grace' | 'frozen' | 'released') =>
      enforceStanding(plane.db.worker, standing(broke, stage), Date.now());
    expect(await enforce('grace')).toEqual([]);
    expect(await enforce('frozen')).toHaveLength(1);
    expect(await enforce('frozen')).toEqual([]);
    expect(await statesOf(broke)).toEqual([['stopping', 'arrears_frozen', 1]]);
    await plane.sql`UPDATE workload SET state = 'stopped' WHERE org_id = ${broke.orgId}`;
    expect(await enforce('released')).toHaveLength(1);
    expect(await statesOf(broke)).toEqual([['terminating', 'arrears_released', 1]]);
    const audited = await plane.sql`
      SELECT action FROM audit_event WHERE org_id = ${broke.orgId} AND actor = 'system:billing' ORDER BY seq`;
    expect(audited).toEqual([{ action: 'instance.stop' }, { action: 'instance.terminate' }]);
  });
});

test('events are told in both languages, newest first', async () => {
  const insert = (key: string, kind: string, detail: object, minute: number) => plane.sql`
    INSERT INTO billing_event (id, org_id, key, kind, at, detail)
    VALUES (${mintId('billingEvent', minute)}, ${org.orgId}, ${key}, ${kind}, to_timestamp(${minute * 60}), ${detail}::jsonb)`;
  const amounts = { currency: 'USD', amount_minor: '10000', spent_minor: '8012', forecast_minor: '12345' };
  await insert('a', 'stage_changed', { from: 'ok', to: 'frozen' }, 1);
  await insert('b', 'budget_reached', { name: 'Research', percent: 80, ...amounts }, 2);
  await insert('c', 'budget_forecast', { name: 'Research', ...amounts }, 3);
  const { items } = await call(plane, 'listBillingEvents', listBillingEvents, principalOf(org), { query: {} });
  expect(items.map((item) => item.text.en)).toEqual([
    'Budget Research: 123.45 USD of 100.00 USD expected at the end of the period.',
    'Budget Research: 80 % reached, 80.12 USD of 100.00 USD.',
    'The grace period is over: everything was stopped and is kept.',
  ]);
  expect(items[1]!.text.zh).toBe('预算“Research”：已达 80%，80.12 USD / 100.00 USD。');
});
