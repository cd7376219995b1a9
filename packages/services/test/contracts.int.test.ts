import type { OperationId } from '@suanxiang/contract/routes';
import { addMonths, monthAt, monthBounds } from '@suanxiang/domain/calendar';
import { getBillingTerms } from '@suanxiang/services/billing/get-terms';
import {
  operatorApproveContract,
  operatorContracts,
  operatorCreateContract,
  operatorDiscardContract,
  operatorPreviewContract,
  operatorUpdateContract,
} from '@suanxiang/services/operator/contracts';
import type { UseCase } from '@suanxiang/services/use-case';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOrg, H100, lease, type TestOrg } from '../../metering/test/support/billing-db';
import { agree } from '../../metering/test/support/contract-db';
import { call, openPlane, operator, type Plane, principalOf } from './support/plane';

let plane: Plane;
let org: TestOrg;
const nowS = Math.floor(Date.now() / 1000);
const month = monthAt(nowS, 'UTC');
const [last, next, after] = [addMonths(month, -1), addMonths(month, 1), addMonths(month, 2)];
const second = { ...operator, id: 'oper_second', actor: 'operator:oper_second' };
beforeAll(async () => {
  plane = await openPlane();
  org = await createOrg(plane.db.worker, { createdAt: new Date((nowS - 200 * 86_400) * 1000).toISOString() });
});
afterAll(() => plane?.close());

const as = <Id extends OperationId>(id: Id, useCase: UseCase<Id>, input: object, who: unknown = operator) =>
  call(plane, id, useCase, who as never, input);
const tiers = (...bands: [number | null, string][]) => ({
  sku: H100,
  model: 'graduated',
  discount_percent: null,
  bands: bands.map(([up_to_hours, price]) => ({ up_to_hours, price })),
});
const discount = (percent: string, sku: string | null = null) => ({
  sku,
  model: 'discount',
  discount_percent: percent,
  bands: [],
});
const draft = (over: object = {}) =>
  as('operatorCreateContract', operatorCreateContract, {
    params: { organization_id: org.orgId },
    body: { name: 'Framework', note: '', from_month: next, until_month: null, commitment: null, prices: [], ...over },
  });
const byId = (id: string) => ({ params: { contract_id: id } });
const approve = (id: string, who: unknown = operator) =>
  as('operatorApproveContract', operatorApproveContract, byId(id), who);
const terms = () => as('getBillingTerms', getBillingTerms, {}, principalOf(org));

test('what cannot be agreed on is refused with a sentence at each place', async () => {
  const prices = [
    discount('0'),
    discount('10'),
    tiers([100, '2'], [50, '3'], [null, '1']),
    { ...tiers([10, '1']), sku: 'gpu.none' },
  ];
  await expect(draft({ prices })).rejects.toMatchObject({
    code: 'unprocessable',
    extra: {
      errors: [
        { pointer: '/body/prices/0/discount_percent', code: 'range' },
        { pointer: '/body/prices/1/sku', code: 'duplicate' },
        { pointer: '/body/prices/2/bands/1/up_to_hours', code: 'order' },
        { pointer: '/body/prices/2/bands/1/price', code: 'rises' },
        { pointer: '/body/prices/3/sku', code: 'unknown_sku' },
        { pointer: '/body/prices/3/bands/0/up_to_hours', code: 'open_end' },
      ],
    },
  });
  await expect(draft({ from_month: month })).rejects.toMatchObject({
    extra: { errors: [{ pointer: '/body/from_month', code: 'begun' }] },
  });
});

describe('publishing', () => {
  test('takes two operators; a change takes the agreement back; later terms end those without an end', async () => {
    const made = await draft({ commitment: '1000', prices: [discount('12.5')] });
    expect(made).toMatchObject({ status: 'draft', commitment: { amount: '1000.00', currency: 'USD' }, until: null });
    expect(made.prices).toMatchObject([{ discount_percent: '12.5', name: { zh: '其他全部' } }]);
    await approve(made.id);
    await expect(approve(made.id)).rejects.toMatchObject({ extra: { members: { reason: 'second_person' } } });
    const body = { prices: [discount('15'), tiers([100, '2'], [null, '1.5'])] };
    const changed = await as('operatorUpdateContract', operatorUpdateContract, { ...byId(made.id), body });
    expect(changed).toMatchObject({ status: 'draft', first_approved_by: null, commitment: { amount: '1000.00' } });
    expect(changed.digest).not.toBe(made.digest);
    await approve(made.id);
    expect((await terms()).upcoming).toEqual([]);
    expect(await approve(made.id, second)).toMatchObject({ status: 'published', published_by: second.actor });
    expect(await terms()).toMatchObject({ current: null, upcoming: [{ id: made.id, digest: changed.digest }] });
    const inside = await draft({ name: 'Same month', prices: [discount('1')] });
    await approve(inside.id);
    await expect(approve(inside.id, second)).rejects.toMatchObject({ extra: { members: { reason: 'overlap' } } });
    const later = await draft({ name: 'Later', from_month: after });
    await approve(later.id);
    await approve(later.id, second);
    const { upcoming } = await terms();
    const start = new Date(monthBounds(after, 'UTC').fromS * 1000).toISOString().replace('.000Z', 'Z');
    expect(upcoming.map(({ id, until }) => [id, until])).toEqual([
      [made.id, start],
      [later.id, null],
    ]);
    await expect(as('operatorDiscardContract', operatorDiscardContract, byId(made.id))).rejects.toMatchObject({
      code: 'conflict',
    });
    const other = await createOrg(plane.db.worker);
    const query = { query: { organization_id: other.orgId } };
    expect((await as('operatorContracts', operatorContracts, query)).items).toEqual([]);
    expect(await as('getBillingTerms', getBillingTerms, {}, principalOf(other))).toEqual({
      current: null,
      upcoming: [],
      commitment: null,
    });
  });

  test('the database keeps what is published, whatever the code says', async () => {
    const admin = await plane.db.database.connectAdmin();
    const change = admin.query(`UPDATE contract SET commitment_minor = 1 WHERE status = 'published'`);
    await expect(change).rejects.toThrow(/does not change/);
    await expect(admin.query(`DELETE FROM contract WHERE status = 'published'`)).rejects.toThrow(/does not change/);
    await admin.end();
  });
});

test("a preview rates last month's usage as it was and as it would have been", async () => {
  const { fromS } = monthBounds(last, 'UTC');
  const user = await createOrg(plane.db.worker);
  await lease(plane.db.worker, user, { startS: fromS, endS: fromS + 10 * 3600 });
  const body = { name: 'P', note: '', from_month: next, until_month: null, commitment: '30' };
  const input = { params: { organization_id: user.orgId }, body: { ...body, prices: [tiers([4, '2'], [null, '1'])] } };
  const made = await as('operatorCreateContract', operatorCreateContract, input);
  const preview = await as('operatorPreviewContract', operatorPreviewContract, { ...byId(made.id), query: {} });
  const usd = (amount: string) => ({ amount, currency: 'USD' });
  // 10 x 2.49; 4 x 2 + 6 x 1, and what lacks to 30.
  expect(preview).toMatchObject({ month: last, before: usd('24.90'), after: usd('30.00'), difference: usd('5.10') });
  expect(preview.by_sku).toEqual([
    { sku: H100, accelerator_hours: 10, before: usd('24.90'), after: usd('14.00'), difference: usd('-10.90') },
    { sku: null, accelerator_hours: 0, before: usd('0.00'), after: usd('16.00'), difference: usd('16.00') },
  ]);
});

test('a tenant sees how much of the commitment the running month has reached', async () => {
  const user = await createOrg(plane.db.worker, { createdAt: new Date((nowS - 86_400 * 40) * 1000).toISOString() });
  const { fromS } = monthBounds(month, 'UTC');
  await agree(plane.db.worker, user, { fromS, toS: null, commitmentMinor: 5000n, prices: [] });
  await lease(plane.db.worker, user, { startS: fromS, endS: fromS + 3600 });
  expect((await as('getBillingTerms', getBillingTerms, {}, principalOf(user))).commitment).toMatchObject({
    committed: { amount: '50.00' },
    spent: { amount: '2.49' },
    missing: { amount: '47.51' },
  });
});
