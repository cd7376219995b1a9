import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { singleSql } from '@suanxiang/db/tenant';
import { readFlowCase } from '@suanxiang/metering/flow/read-flow';
import { runFlow } from '@suanxiang/metering/flow/run-flow';
import { exactJson } from '@suanxiang/metering/rating/case-json';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BillingDb, openBillingDb } from './support/billing-db';
import { flowModel } from './support/flow-model';

let db: BillingDb;
beforeAll(async () => {
  db = await openBillingDb();
});
afterAll(() => db?.close());

const run = (start: object, ops: object[]) => runFlow(db.worker, readFlowCase({ id: 'T', kind: 'flow', start, ops }));
const paid = (payment: string, minor: number, event = `evt_${payment}`) => ({
  op: 'payment_succeeded',
  event,
  payment,
  minor,
});

// Reference cases are handed over beside a checkout, not inside it; without them there is nothing to compare with here.
const file = fileURLToPath(new URL('../../../../shared/data/billing/cases.json', import.meta.url));
// biome-ignore lint/suspicious/noExplicitAny: raw case files
const reference: any[] = existsSync(file)
  ? JSON.parse(readFileSync(file, 'utf8')).cases.filter((item: { kind: string }) => item.kind === 'flow')
  : [];
if (reference.length === 0) console.info(`no reference cases at ${file}: their test is skipped`);
test.skipIf(reference.length === 0)('reference cases', async () => {
  for (const item of reference) {
    const result = await runFlow(db.worker, readFlowCase(item));
    expect({ id: item.id, result: JSON.parse(exactJson(result)) }).toEqual({ id: item.id, result: item.expect });
  }
});

describe('payments', () => {
  test('are settled once, by payment and not by event, and never go back', async () => {
    const ops = [
      { op: 'payment_processing', event: 'e0', payment: 'p1' },
      paid('p1', 700, 'e1'),
      paid('p1', 700, 'e1'),
      paid('p1', 700, 'e2'),
      { op: 'payment_failed', event: 'e3', payment: 'p1' },
      { op: 'payment_canceled', event: 'e4', payment: 'p1' },
      { op: 'payment_processing', event: 'e5', payment: 'p1' },
    ];
    expect(await run({ wallet_minor: 10 }, ops)).toEqual({ wallet_minor: 710n, payments_settled: 1 });
  });

  test('that failed first and succeeded later count, because the money is there', async () => {
    const ops = [{ op: 'payment_failed', event: 'e0', payment: 'p1', minor: 0 }, paid('p1', 700)];
    expect(await run({}, ops)).toEqual({ wallet_minor: 700n, payments_settled: 1 });
  });

  test.each([
    ['USD', 9_007_199_254_740_993n],
    ['KWD', 9_007_199_254_740_993n],
    ['JPY', 9_007_199_254_740_993n],
  ])('are exact in %s beyond 2^53', async (currency, minor) => {
    const ops = [{ ...paid('p1', 0), minor: String(minor) }];
    expect(await run({ currency }, ops)).toEqual({ wallet_minor: minor, payments_settled: 1 });
  });
});

describe('automatic top-up', () => {
  const start = { wallet_minor: 1000, auto_topup: { threshold_minor: 500, amount_minor: 2000 } };
  const debit = (key: string, minor: number, at?: string) => ({ op: 'debit', key, minor, at });
  const failed = (event: string, payment: string) => ({ op: 'payment_failed', event, payment });

  test('is asked for below the threshold, not at it', async () => {
    expect(await run(start, [debit('u1', 500)])).toMatchObject({ topups_requested: 0 });
    expect(await run(start, [debit('u1', 501)])).toMatchObject({ topups_requested: 1 });
  });

  test('is one at a time; after it failed, the next debit asks again', async () => {
    const ops = [debit('u1', 600), debit('u2', 1), failed('e1', '$topup1'), debit('u3', 1), debit('u4', 1)];
    expect(await run(start, ops)).toMatchObject({ topups_requested: 2, payments_settled: 0, wallet_minor: 397n });
  });

  test('waits for its cool-off, even after a failure', async () => {
    const slow = { ...start, auto_topup: { ...start.auto_topup, cool_off_s: 3600 } };
    const early = [debit('u1', 600, '2026-10-05T10:00:00Z'), failed('e1', '$topup1')];
    const before = [...early, debit('u2', 1, '2026-10-05T10:59:59Z')];
    expect(await run(slow, before)).toMatchObject({ topups_requested: 1 });
    expect(await run(slow, [...before, debit('u3', 1, '2026-10-05T11:00:00Z')])).toMatchObject({ topups_requested: 2 });
  });

  test('never passes its daily maximum', async () => {
    const capped = { ...start, auto_topup: { ...start.auto_topup, daily_max_minor: 4000 } };
    const ops = [
      debit('u1', 600, '2026-10-05T10:00:00Z'),
      paid('$topup1', 2000),
      debit('u2', 2300, '2026-10-05T11:00:00Z'),
      paid('$topup2', 2000),
      debit('u3', 2300, '2026-10-05T12:00:00Z'),
    ];
    expect(await run(capped, ops)).toMatchObject({ topups_requested: 2, payments_settled: 2, wallet_minor: -200n });
    const nextDay = [...ops, debit('u4', 1, '2026-10-06T10:00:01Z')];
    expect(await run(capped, nextDay)).toMatchObject({ topups_requested: 3 });
  });
});

describe('invoices', () => {
  test('a number is taken once per invoice, and a void one keeps it', async () => {
    const ops = [
      { op: 'finalize', invoice: 'A', net_minor: 1000 },
      { op: 'finalize', invoice: 'A', net_minor: 1000 },
      { op: 'pay_from_wallet', invoice: 'A', minor: 400 },
      { op: 'finalize', invoice: 'B', net_minor: 70 },
      { op: 'void', invoice: 'A' },
      { op: 'void', invoice: 'A' },
      { op: 'finalize', invoice: 'A', net_minor: 1000 },
      { op: 'pay_from_wallet', invoice: 'A', minor: 400 },
      { op: 'pay_from_wallet', invoice: 'B', minor: 900 },
    ];
    expect(await run({ wallet_minor: 500, next_number: 7 }, ops)).toEqual({
      wallet_minor: 430n,
      numbers: { A: 7, B: 8 },
      states: { A: 'void', B: 'paid' },
      next_number: 9,
    });
  });

  test('credit notes take their share of the tax, the last one what is left of it, and no more than the net', async () => {
    const note = (key: string, net_minor: number) => ({ op: 'credit_note', invoice: 'A', key, net_minor });
    const ops = [
      { op: 'finalize', invoice: 'A', net_minor: 100, tax_rate_ppm: 190_000 },
      note('n1', 33),
      note('n1', 33),
      note('n2', 33),
      note('n3', 35),
      note('n4', 34),
      note('n5', 1),
    ];
    const noteOf = (net: bigint, tax: bigint) => ({
      invoice: 'A',
      net_minor: net,
      tax_minor: tax,
      total_minor: net + tax,
    });
    // 19 of tax: 6.27 -> 6, 6, and the last takes 7 though its share is 6.46 -> 6.
    expect(await run({}, ops)).toMatchObject({
      credit_notes: [noteOf(33n, 6n), noteOf(33n, 6n), noteOf(34n, 7n)],
      refused: 2,
      wallet_minor: 0n,
    });
  });

  test('what a note gives back beyond what is due goes to the balance; an invoice with notes is not voided', async () => {
    const ops = [
      { op: 'finalize', invoice: 'A', net_minor: 100 },
      { op: 'pay_from_wallet', invoice: 'A', minor: 80 },
      { op: 'credit_note', invoice: 'A', net_minor: 50 },
      { op: 'void', invoice: 'A' },
    ];
    expect(await run({ wallet_minor: 80 }, ops)).toMatchObject({
      wallet_minor: 30n,
      states: { A: 'paid' },
      refused: 1,
    });
  });
});

test('a posting is booked once per key, and an unbalanced one not at all', async () => {
  const entries = [
    { account: 'receivable', minor: 12 },
    { account: 'revenue', minor: -10 },
    { account: 'tax_payable', minor: -2 },
  ];
  const ops = [
    { op: 'post', key: 'k1', entries },
    { op: 'post', key: 'k1', entries },
    { op: 'post', key: 'k2', entries: entries.slice(1) },
  ];
  expect(await run({}, ops)).toMatchObject({
    ledger: { receivable: 12n, revenue: -10n, tax_payable: -2n },
    refused: 1,
  });
});

test('a case that cannot be read says where', () => {
  const read = (ops: object[]) => () => readFlowCase({ id: 'T', ops });
  expect(read([{ op: 'dance' }])).toThrow(/case T\.ops\[0\]\.op must be one of payment_succeeded, .*, not "dance"\./);
  expect(read([{ op: 'debit', key: 'k', minor: -1 }])).toThrow('case T.ops[0].minor must be an integer >= 0, not -1.');
});

const names = fc.constantFrom('a', 'b', 'c');
const minor = fc.integer({ min: 1, max: 900 });
const flowOp = fc.oneof(
  fc.record({ op: fc.constant('debit'), key: names, minor }),
  fc.record({
    op: fc.constantFrom('payment_succeeded', 'payment_failed', 'payment_processing'),
    event: fc.constantFrom('e1', 'e2', 'e3', 'e4', 'e5', 'e6'),
    payment: fc.constantFrom('p1', 'p2', '$topup1', '$topup2'),
    minor: fc.constant(650),
  }),
  fc.record({ op: fc.constant('finalize'), invoice: names, net_minor: fc.constant(500) }),
  fc.record({ op: fc.constant('pay_from_wallet'), invoice: names, minor }),
  fc.record({ op: fc.constant('void'), invoice: names }),
  fc.record({ op: fc.constant('credit_note'), invoice: names, net_minor: fc.integer({ min: 1, max: 300 }) }),
);

test('any sequence ends as a model of it says, and the books balance after it', async () => {
  const start = { wallet_minor: 1000, next_number: 3, auto_topup: { threshold_minor: 400, amount_minor: 650 } };
  await fc.assert(
    fc.asyncProperty(fc.array(flowOp, { minLength: 1, maxLength: 14 }), async (ops) => {
      const result = (await run({ ...start, tax_rate_ppm: 190_000 }, ops)) as Record<string, unknown>;
      expect(result).toMatchObject(flowModel(start, ops));
    }),
    { numRuns: 60 },
  );
  const off = await singleSql(db.worker)`
    SELECT journal_id FROM ledger_entry GROUP BY journal_id, currency HAVING sum(micro) <> 0`;
  expect(off).toEqual([]);
  const drifted = await singleSql(db.worker)`
    SELECT b.org_id FROM ledger_balance b LEFT JOIN LATERAL (SELECT coalesce(sum(micro), 0) AS micro FROM ledger_entry e
      WHERE e.org_id = b.org_id AND e.account = b.account AND e.currency = b.currency) e ON true WHERE e.micro <> b.micro`;
  expect(drifted).toEqual([]);
}, 120_000);
