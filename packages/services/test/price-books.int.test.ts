import type { OperationId } from '@suanxiang/contract/routes';
import { addMonths, monthAt, monthBounds } from '@suanxiang/domain/calendar';
import { currentPrice } from '@suanxiang/metering/prices/price-lookup';
import {
  operatorApprovePriceBook,
  operatorCreatePriceBook,
  operatorDiscardPriceBook,
  operatorPreviewPriceBook,
  operatorPriceBook,
  operatorPriceBooks,
  operatorPrices,
  operatorUpdatePriceBook,
} from '@suanxiang/services/operator/price-books';
import type { UseCase } from '@suanxiang/services/use-case';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOrg, H100, lease } from '../../metering/test/support/billing-db';
import { call, metaOf, openPlane, operator, type Plane } from './support/plane';

let plane: Plane;
const nowS = Math.floor(Date.now() / 1000);
const month = addMonths(monthAt(nowS, 'UTC'), -1);
const second = { ...operator, id: 'oper_second', actor: 'operator:oper_second' };
beforeAll(async () => {
  plane = await openPlane();
});
afterAll(() => plane?.close());

const as = <Id extends OperationId>(id: Id, useCase: UseCase<Id>, input: object, who = operator) =>
  call(plane, id, useCase, who as never, input);
const price = (over: object = {}) => ({ sku: H100, currency: 'USD', price: '4.98', ...over });
const draft = (prices: object[], name = 'Autumn') =>
  as('operatorCreatePriceBook', operatorCreatePriceBook, { body: { name, prices } });
const byId = (id: string) => ({ params: { price_book_id: id } });
const approve = (id: string, who = operator) => as('operatorApprovePriceBook', operatorApprovePriceBook, byId(id), who);
const read = (id: string) => as('operatorPriceBook', operatorPriceBook, byId(id));
const inForce = async (atS = Math.floor(Date.now() / 1000)) =>
  (await currentPrice(plane.sql, H100, 'USD', atS))!.microPerGpuHour;

describe('a draft', () => {
  test('stands beside the prices in force and says what may not be meant', async () => {
    const book = await draft([price()]);
    expect(book).toMatchObject({ status: 'draft', version: null, price_count: 1 });
    expect(book.prices).toMatchObject([
      { sku: H100, region_id: 'ap-southeast', price: '4.98', price_before: '2.49', change_ppm: 1_000_000, from: null },
    ]);
    expect(book.warnings.map(({ code, text }) => [code, text.en])).toEqual([
      ['big_change', 'NVIDIA H100 SXM 80GB (ap-southeast) goes from 2.49 to 4.98 USD: 100 % more.'],
      ['one_currency', 'NVIDIA H100 SXM 80GB (ap-southeast) changes in USD and stays as it is in CNY.'],
    ]);
    expect(await inForce()).toBe(2_490_000n);
  });

  test('is refused with a sentence at each place that is wrong', async () => {
    const far = new Date(Date.now() + 500 * 86_400_000).toISOString();
    const bad = [price(), price(), price({ sku: 'gpu.none' }), price({ price: '0' }), price({ from: far })];
    await expect(draft(bad)).rejects.toMatchObject({
      code: 'unprocessable',
      extra: {
        errors: [
          { pointer: '/body/prices/1', code: 'duplicate' },
          { pointer: '/body/prices/2/sku', detail: 'Nothing is sold as gpu.none.' },
          { pointer: '/body/prices/3/price' },
          { pointer: '/body/prices/3', code: 'duplicate' },
          { pointer: '/body/prices/4/from', code: 'too_far' },
        ],
      },
    });
    expect((await as('operatorPriceBooks', operatorPriceBooks, {})).items).toHaveLength(1);
  });

  test('is discarded and stays in the list', async () => {
    const { id } = await draft([price()], 'Wrong');
    await as('operatorDiscardPriceBook', operatorDiscardPriceBook, byId(id));
    expect((await read(id)).status).toBe('discarded');
    await expect(approve(id)).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('publishing', () => {
  test('takes two operators; a change in between takes the agreement back; what is published never changes', async () => {
    const { id } = await draft([price()]);
    const pages = { ...byId(id), body: { prices: [price({ price: '3.5' })] } };
    expect(await approve(id)).toMatchObject({ status: 'awaiting_second', first_approved_by: operator.actor });
    await expect(approve(id)).rejects.toMatchObject({
      code: 'conflict',
      extra: { members: { reason: 'second_person' } },
    });
    const changed = await as('operatorUpdatePriceBook', operatorUpdatePriceBook, pages);
    expect(changed).toMatchObject({ status: 'draft', first_approved_by: null, prices: [{ price: '3.50' }] });
    await approve(id, second);
    expect(await inForce()).toBe(2_490_000n);
    expect(await approve(id)).toMatchObject({ status: 'published', version: 1, published_by: operator.actor });
    expect(await inForce(Math.floor(Date.now() / 1000) + 1)).toBe(3_500_000n);
    expect(await inForce(nowS - 60)).toBe(2_490_000n);
    expect((await read(id)).prices[0]).toMatchObject({ price_before: '2.49', price: '3.50' });
    await expect(as('operatorUpdatePriceBook', operatorUpdatePriceBook, pages)).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(as('operatorDiscardPriceBook', operatorDiscardPriceBook, byId(id))).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  test('the database keeps what is published, and the two people, whatever the code says', async () => {
    const admin = plane.db.database.adminUrl;
    const { default: pg } = await import('pg');
    const client = new pg.Client({ connectionString: admin });
    await client.connect();
    const [{ id }] = (await client.query(`SELECT id FROM price_book WHERE status = 'published'`)).rows;
    await expect(client.query(`UPDATE price_book SET name = 'x' WHERE id = $1`, [id])).rejects.toThrow(
      /does not change/,
    );
    await expect(client.query('DELETE FROM price_book_entry WHERE book_id = $1', [id])).rejects.toThrow(
      /do not change/,
    );
    const alone = await draft([price({ price: '9' })], 'Alone');
    await approve(alone.id);
    const publish = client.query(
      `UPDATE price_book SET status = 'published', version = 9, published_by = first_approved_by WHERE id = $1`,
      [alone.id],
    );
    await expect(publish).rejects.toThrow(/check constraint/);
    await client.end();
  });

  test('of many at the same time one publishes', async () => {
    const { id } = await draft([price({ price: '3.6' })], 'Race');
    await approve(id);
    const tries = await Promise.allSettled(
      Array.from({ length: 6 }, (_, i) => approve(id, { ...second, actor: `operator:race_${i}` })),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const rows = await plane.sql`SELECT id FROM price_row WHERE id LIKE ${`price.${id}.%`}`;
    expect(rows).toHaveLength(1);
  });

  test('a price of tomorrow is shown as the next one', async () => {
    const from = new Date((nowS + 86_400) * 1000).toISOString();
    const { id } = await draft([price({ price: '2', from })], 'Tomorrow');
    await approve(id);
    await approve(id, second);
    // Each book has a second of its own, so that three published at once come into force one after the other.
    const meta = metaOf({ nowMs: Date.now() + 60_000 });
    const { items } = await call(plane, 'operatorPrices', operatorPrices, operator, {}, meta);
    expect(items.find((one) => one.sku === H100 && one.currency === 'USD')).toMatchObject({
      price: '3.60',
      next_price: '2.00',
      next_from: from.replace(/\.\d+/, ''),
    });
  });
});

test("the preview rates a month's real usage of every live organisation anew, to the cent, and changes nothing", async () => {
  const { worker } = plane.db;
  const { fromS } = monthBounds(month, 'UTC');
  const before = await inForce(fromS + 3600);
  const createdAt = new Date((fromS - 86_400) * 1000).toISOString();
  const [big, small, play, other] = [
    await createOrg(worker, { createdAt }),
    await createOrg(worker, { createdAt }),
    await createOrg(worker, { createdAt, mode: 'sandbox' }),
    await createOrg(worker, { createdAt, currency: 'CNY' }),
  ];
  for (const [org, gpus] of [
    [big, 8],
    [small, 1],
    [play, 8],
    [other, 2],
  ] as const) {
    await lease(worker, org, { startS: fromS + 3600, endS: fromS + 3600 + 36_000, gpus });
  }
  const { id } = await draft(
    [price({ price: '1' }), price({ price: '4.98', from: new Date().toISOString() })],
    'Double',
  );
  const preview = await as('operatorPreviewPriceBook', operatorPreviewPriceBook, { ...byId(id), query: { month } });
  const usd = (amount: string) => ({ amount, currency: 'USD' });
  expect(before).toBe(2_490_000n);
  expect(preview).toMatchObject({ month, organizations: 3, organizations_affected: 2 });
  expect(preview.by_currency).toEqual([
    expect.objectContaining({ difference: { amount: '0.00', currency: 'CNY' } }),
    { before: usd('224.10'), after: usd('448.20'), difference: usd('224.10') },
  ]);
  expect(preview.by_sku.find((one) => one.before.currency === 'USD')).toEqual({
    sku: H100,
    accelerator_hours: 90,
    before: usd('224.10'),
    after: usd('448.20'),
    difference: usd('224.10'),
  });
  expect(preview.most_affected.map((one) => [one.org_id, one.difference.amount])).toEqual([
    [big.orgId, '199.20'],
    [small.orgId, '24.90'],
  ]);
  expect(await inForce(fromS + 3600)).toBe(before);
  const later = addMonths(month, 3);
  const refused = as('operatorPreviewPriceBook', operatorPreviewPriceBook, { ...byId(id), query: { month: later } });
  await expect(refused).rejects.toMatchObject({ code: 'invalid_request' });
});
