import { singleSql, withSql } from '@suanxiang/db/tenant';
import { parseFraction, roundHalfAwayFromZero } from '@suanxiang/domain/rational';
import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import { finalizePeriod } from '@suanxiang/metering/invoices/closing';
import { openInvoice, openSummaries } from '@suanxiang/metering/invoices/draft';
import { allocationBlocks, invoiceEvidence } from '@suanxiang/metering/invoices/evidence';
import { finalizeDuePeriods } from '@suanxiang/metering/invoices/finalize';
import { listInvoices, readInvoice } from '@suanxiang/metering/invoices/read';
import { invoiceDigest } from '@suanxiang/metering/invoices/view';
import { accountBalance } from '@suanxiang/metering/ledger/balance';
import { confirmPayment } from '@suanxiang/metering/payments/confirm';
import { createTopUp } from '@suanxiang/metering/payments/top-up';
import { blocksDigest } from '@suanxiang/metering/rating/canonical';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  addUndelivered,
  asApi,
  type BillingDb,
  block,
  createOrg,
  lease,
  minutes,
  openBillingDb,
  seconds,
  type TestOrg,
  ZONE,
} from './support/billing-db';
import { billFromTables, halfUp } from './support/independent-bill';

let db: BillingDb;
beforeAll(async () => {
  db = await openBillingDb();
});
afterAll(() => db?.close());

const SEP = seconds('2026-09-01T00:00:00Z');
const OCT = seconds('2026-10-01T00:00:00Z');
const NOV = seconds('2026-11-01T00:00:00Z');
const GRACE = 86_400;

const finalize = (org: TestOrg, atS: number) => finalizeDuePeriods(db.worker, atS * 1000, { orgId: org.orgId });
const invoicesOf = async (org: TestOrg) =>
  Promise.all(
    (await asApi(db, org, (sql) => listInvoices(sql, org.orgId, { limit: 100 }))).map(
      async ({ id }) => (await asApi(db, org, (sql) => readInvoice(sql, org.orgId, id)))!,
    ),
  );

async function booksOf(org: TestOrg) {
  const rows = await singleSql(db.worker)<{ account: string; micro: string }>`
    SELECT account, micro::text FROM ledger_balance WHERE org_id = ${org.orgId} AND micro <> 0 ORDER BY account`;
  return Object.fromEntries(rows.map((row) => [row.account, BigInt(row.micro)]));
}

async function topUp(org: TestOrg, minor: bigint, atS: number) {
  const payment = await asApi(db, org, (sql) => createTopUp(sql, org, minor, atS * 1000));
  await asApi(db, org, (sql) => confirmPayment(sql, payment.id, atS * 1000));
}

describe('one month', () => {
  let org: TestOrg;
  let allocationId: string;
  beforeAll(async () => {
    org = await createOrg(db.worker);
    // 3 h 00 m 07 s of 8 accelerators, from second 30 of a minute, with 61 s not delivered.
    const startS = OCT + 3600 + 30;
    const endS = startS + 10_807;
    const gap = { fromS: startS + 600, toS: startS + 661, reason: 'device_fault' };
    ({ allocationId } = await lease(db.worker, org, {
      startS,
      endS,
      gpus: 8,
      undelivered: [gap],
      name: '大模型训练 7B',
    }));
    const records = minutes(allocationId, startS, endS, (atS) => (atS % 7) * 100_000);
    await withSql(db.worker, (sql) => ingestBlocks(sql, ZONE, records, (endS + 60) * 1000));
    await topUp(org, 100_000n, OCT + 60);
  });

  test('is not closed before its end plus grace', async () => {
    expect(await finalize(org, NOV + GRACE - 1)).toMatchObject({ failed: [] });
    expect(await invoicesOf(org)).toEqual([]);
  });

  test('closes once at its end plus grace, however many try at the same time', async () => {
    const results = await Promise.all(Array.from({ length: 10 }, () => finalize(org, NOV + GRACE)));
    const issued = results.flatMap((result) => result.finalized).filter((period) => period.invoice);
    expect(results.flatMap((result) => result.failed)).toEqual([]);
    expect(issued).toHaveLength(1);
    expect(await invoicesOf(org)).toHaveLength(1);
    const periods = await singleSql(db.worker)<{ from_s: string; status: string }>`
      SELECT from_s::text, status FROM billing_period WHERE org_id = ${org.orgId} ORDER BY billing_period.from_s`;
    expect(periods).toEqual([
      { from_s: String(SEP), status: 'final' },
      { from_s: String(OCT), status: 'final' },
      { from_s: String(NOV), status: 'open' },
    ]);
  });

  test('bills delivered seconds, states the others, and adds up', async () => {
    const [invoice] = await invoicesOf(org);
    const [line] = invoice!.lines;
    expect(invoice!.lines).toHaveLength(1);
    expect(line).toMatchObject({
      key: `usage:${allocationId}`,
      gpus: 8,
      billedSeconds: 10_807 - 61,
      undeliveredSeconds: 61,
      minimumSeconds: 0,
      undelivered: [{ toS: OCT + 3600 + 30 + 661, reason: 'device_fault' }],
      description: { zh: '实例 大模型训练 7B，英伟达 H100 SXM 80GB × 8' },
    });
    // Every delivered second was measured, though the first and last minute are cut by the lease.
    expect(line!.measuredSeconds).toBe(10_807 - 61);
    const truth = await billFromTables(singleSql(db.worker), org.orgId, OCT, NOV, NOV + GRACE);
    expect(invoice!.totalMinor).toBe(halfUp(truth.get(allocationId)!));
    expect(roundHalfAwayFromZero(parseFraction(line!.exactMinor))).toBe(line!.amountMinor);
    expect(invoice!.subtotalMinor).toBe(line!.amountMinor);
    expect(invoice).toMatchObject({
      number: 'SXSG-2026-000001',
      taxMinor: 0n,
      paidMinor: invoice!.totalMinor,
      dueMinor: 0n,
    });
    expect(invoice!.issuedS).toBe(NOV + GRACE);
  });

  test('its books: revenue is exact, what rounding made stands apart, and the wallet paid', async () => {
    const [invoice] = await invoicesOf(org);
    const books = await booksOf(org);
    const exactMicro = roundHalfAwayFromZero({
      num: parseFraction(invoice!.lines[0]!.exactMinor).num * 10_000n,
      den: parseFraction(invoice!.lines[0]!.exactMinor).den,
    });
    expect(books.revenue).toBe(-exactMicro);
    expect((books.rounding ?? 0n) + books.revenue!).toBe(-invoice!.totalMinor * 10_000n);
    expect(books.receivable).toBeUndefined();
    expect(books.wallet).toBe(-(1_000_000_000n - invoice!.totalMinor * 10_000n));
  });

  test('its digest can be computed again from what is stored, and a changed line changes it', async () => {
    const [invoice] = await invoicesOf(org);
    const [run] = await singleSql(db.worker)<Record<'prices' | 'terms' | 'input' | 'output', string>>`
      SELECT price_digest AS prices, terms_digest AS terms, input_digest AS input, output_digest AS output
      FROM rating_run r JOIN invoice i ON i.run_id = r.id WHERE i.id = ${invoice!.id}`;
    expect(invoiceDigest(invoice!, run!)).toBe(invoice!.digest);
    const lines = invoice!.lines.map((line) => ({ ...line, blocksDigest: '0'.repeat(64) }));
    expect(invoiceDigest({ ...invoice!, lines }, run!)).not.toBe(invoice!.digest);
  });

  test('every line leads to its blocks, page by page, and they make its digest', async () => {
    const [invoice] = await invoicesOf(org);
    const [line] = invoice!.lines;
    const found = [];
    for (let after: string | null = null; ; ) {
      const page = await asApi(db, org, (sql) =>
        invoiceEvidence(sql, org.orgId, { invoiceId: invoice!.id, key: line!.key, after, limit: 50 }),
      );
      found.push(...page!.blocks);
      after = page!.next;
      if (after === null) break;
    }
    expect(found).toHaveLength(line!.blockCount);
    expect(blocksDigest(found)).toBe(line!.blocksDigest);
    expect(found[0]).toMatchObject({ winStartS: OCT + 3600, measured: 60, agentId: 'agent-1' });
    expect(found[0]!.valuesPpm).toHaveLength(60);
    const missing = await asApi(db, org, (sql) =>
      invoiceEvidence(sql, org.orgId, { invoiceId: invoice!.id, key: 'usage:other', after: null, limit: 5 }),
    );
    expect(missing).toBeNull();
    const bad = asApi(db, org, (sql) => allocationBlocks(sql, org.orgId, { allocationId, after: 'x', limit: 5 }));
    await expect(bad).rejects.toThrow(RangeError);
  });

  test('is invisible to another organisation', async () => {
    const other = await createOrg(db.worker);
    const [invoice] = await invoicesOf(org);
    expect(await asApi(db, other, (sql) => readInvoice(sql, org.orgId, invoice!.id))).toBeNull();
    expect(
      await asApi(db, other, (sql) => allocationBlocks(sql, org.orgId, { allocationId, after: null, limit: 5 })),
    ).toBeNull();
  });

  test('never changes afterwards', async () => {
    const sql = singleSql(db.worker);
    await expect(sql`UPDATE invoice SET total_minor = total_minor + 1 WHERE org_id = ${org.orgId}`).rejects.toThrow(
      /issued/,
    );
    await expect(sql`DELETE FROM invoice WHERE org_id = ${org.orgId}`).rejects.toThrow(/issued/);
    await expect(sql`UPDATE invoice_line SET amount_minor = 0 WHERE org_id = ${org.orgId}`).rejects.toThrow();
  });
});

test('numbers have no gaps across organisations that close at the same time', async () => {
  const orgs = await Promise.all(Array.from({ length: 12 }, () => createOrg(db.worker, { currency: 'CNY' })));
  await Promise.all(orgs.map((org) => lease(db.worker, org, { startS: OCT + 60, endS: OCT + 3660 })));
  const results = await Promise.all(orgs.flatMap((org) => [finalize(org, NOV + GRACE), finalize(org, NOV + GRACE)]));
  expect(results.flatMap((result) => result.failed)).toEqual([]);
  const rows = await singleSql(db.worker)<{
    number: string;
  }>`SELECT number FROM invoice WHERE number LIKE 'SXCN-%' ORDER BY number`;
  expect(rows.map((row) => row.number)).toEqual(
    Array.from({ length: 12 }, (_, index) => `SXCN-2026-${String(index + 1).padStart(6, '0')}`),
  );
});

test('a month without usage closes without an invoice and takes no number', async () => {
  const org = await createOrg(db.worker);
  const [before] = await singleSql(db.worker)<{
    n: number;
  }>`SELECT next_number AS n FROM legal_entity WHERE id = 'le_sg'`;
  const result = await finalize(org, NOV + GRACE);
  expect(result.finalized.map((period) => period.invoice)).toEqual([null, null]);
  const [after] = await singleSql(db.worker)<{
    n: number;
  }>`SELECT next_number AS n FROM legal_entity WHERE id = 'le_sg'`;
  expect(after).toEqual(before);
});

test('one organisation that cannot be closed does not keep the others from closing', async () => {
  const [good, bad] = [await createOrg(db.worker), await createOrg(db.worker, { currency: 'USD' })];
  for (const org of [good, bad]) await lease(db.worker, org, { startS: OCT + 60, endS: OCT + 120 });
  // Nobody can rate a currency that does not exist.
  await singleSql(db.worker)`UPDATE organization SET currency = 'XXX' WHERE id = ${bad.orgId}`;
  const result = await finalizeDuePeriods(db.worker, (NOV + GRACE) * 1000);
  expect(result.failed.map((period) => period.orgId)).toContain(bad.orgId);
  expect(await invoicesOf(good)).toHaveLength(1);
});

test('what the wallet cannot pay stays due, and the next top-up pays it, oldest first', async () => {
  const org = await createOrg(db.worker);
  await lease(db.worker, org, { startS: SEP + 60, endS: SEP + 60 + 7200, gpus: 8 });
  await lease(db.worker, org, { startS: OCT + 60, endS: OCT + 60 + 3600, gpus: 8 });
  await topUp(org, 1_000n, SEP);
  await finalize(org, NOV + GRACE);
  const [october, september] = await invoicesOf(org);
  expect([september!.paidMinor, september!.dueMinor]).toEqual([1_000n, september!.totalMinor - 1_000n]);
  expect(october!.dueMinor).toBe(october!.totalMinor);
  await topUp(org, september!.dueMinor + 1n, NOV);
  const [laterOctober, laterSeptember] = await invoicesOf(org);
  expect(laterSeptember!.dueMinor).toBe(0n);
  expect(laterOctober!.paidMinor).toBe(1n);
  const books = await booksOf(org);
  expect(books.wallet).toBeUndefined();
  expect(books.receivable).toBe(laterOctober!.dueMinor * 10_000n);
});

test('a second billed outside its lease is refused by the database', async () => {
  const org = await createOrg(db.worker);
  const { allocationId } = await lease(db.worker, org, { startS: OCT + 60, endS: OCT + 120 });
  await finalize(org, NOV + GRACE);
  const [invoice] = await invoicesOf(org);
  const add = (billed: number) => singleSql(db.worker)`
    INSERT INTO invoice_line (invoice_id, org_id, key, position, kind, allocation_id, description, qty, exact_minor,
      amount_minor, from_s, to_s, billed_seconds, measured_seconds, undelivered_seconds, segments, blocks_digest, block_count)
    VALUES (${invoice!.id}, ${org.orgId}, ${`usage:${billed}`}, 1, 'usage', ${allocationId}, '{}', '0/1', '0/1', 0,
      ${OCT}::bigint, ${NOV}::bigint, ${billed}::bigint, 0, 0, '[]', '', 0)`;
  await expect(add(61)).rejects.toThrow(/bills 61 s of a lease of 60 s/);
  await add(60);
});

describe('late evidence (S14)', () => {
  test('more usage becomes an adjustment on the next invoice, less becomes a credit note', async () => {
    const org = await createOrg(db.worker);
    const startS = SEP + 600;
    const measuredLate = await lease(db.worker, org, { startS, endS: startS + 600, gpus: 8, mode: 'utilization' });
    const deliveredLess = await lease(db.worker, org, { startS, endS: startS + 36_000, gpus: 8 });
    const inTime = block(measuredLate.allocationId, startS, 500_000);
    const late = minutes(measuredLate.allocationId, startS + 60, startS + 600, () => 500_000);
    await withSql(db.worker, (sql) => ingestBlocks(sql, ZONE, [inTime], (startS + 120) * 1000));
    await topUp(org, 10_000_000n, SEP);
    await finalize(org, OCT + GRACE);
    const [september] = await invoicesOf(org);
    await withSql(db.worker, (sql) => ingestBlocks(sql, ZONE, late, (OCT + GRACE + 1) * 1000));
    await withSql(db.worker, (sql) =>
      addUndelivered(sql, org, deliveredLess.allocationId, { fromS: startS, toS: startS + 3600, reason: 'host_lost' }),
    );
    const walletBefore = (await booksOf(org)).wallet!;
    await finalize(org, NOV + GRACE);
    const [october, unchanged] = await invoicesOf(org);
    expect({ ...unchanged, creditedMinor: 0n }).toEqual(september);
    const truth = await billFromTables(singleSql(db.worker), org.orgId, SEP, OCT, NOV + GRACE);
    const billed = new Map(september!.lines.map((line) => [line.allocationId, line.amountMinor]));
    const expectedMore = halfUp(truth.get(measuredLate.allocationId)!) - billed.get(measuredLate.allocationId)!;
    expect(october!.lines).toHaveLength(1);
    expect(october!.lines[0]).toMatchObject({
      kind: 'adjustment',
      key: `adjustment:${september!.id}:usage:${measuredLate.allocationId}`,
      correctsInvoiceId: september!.id,
      amountMinor: expectedMore,
      measuredSeconds: 600,
      blockCount: 10,
    });
    expect(expectedMore).toBeGreaterThan(0n);
    const expectedLess = billed.get(deliveredLess.allocationId)! - halfUp(truth.get(deliveredLess.allocationId)!);
    const notes = await singleSql(db.worker)`
      SELECT number, invoice_id, total_minor::text AS total, settled_minor::text AS settled, lines FROM credit_note
      WHERE org_id = ${org.orgId}`;
    expect(notes).toMatchObject([
      {
        invoice_id: september!.id,
        total: String(expectedLess),
        settled: '0',
        lines: [{ key: `usage:${deliveredLess.allocationId}`, amount_minor: String(expectedLess) }],
      },
    ]);
    // One hour of 8 accelerators at 2.49.
    expect(expectedLess).toBe(1992n);
    // The invoice had been paid, so the money is in the wallet again, less what the adjustment took.
    expect((await booksOf(org)).wallet).toBe(walletBefore - (expectedLess - expectedMore) * 10_000n);
  });

  test('nothing is corrected twice, and evidence that was in is not a correction', async () => {
    const org = await createOrg(db.worker);
    const startS = SEP + 600;
    const { allocationId } = await lease(db.worker, org, { startS, endS: startS + 600, mode: 'utilization', gpus: 8 });
    await finalize(org, OCT + GRACE);
    const records = minutes(allocationId, startS, startS + 600, () => 1_000_000);
    await withSql(db.worker, (sql) => ingestBlocks(sql, ZONE, records, (OCT + GRACE + 1) * 1000));
    const december = seconds('2026-12-01T00:00:00Z');
    await finalize(org, NOV + GRACE);
    await finalize(org, december + GRACE);
    const invoices = await invoicesOf(org);
    expect(invoices.map((invoice) => invoice.lines.map((line) => line.kind))).toEqual([['adjustment'], ['usage']]);
    const total = invoices.reduce((sum, invoice) => sum + invoice.totalMinor, 0n);
    const truth = await billFromTables(singleSql(db.worker), org.orgId, SEP, OCT, december);
    expect(total).toBe(halfUp(truth.get(allocationId)!));
    expect(total).toBeGreaterThan(0n);
  });

  test('a credit note first lowers what is still due', async () => {
    const org = await createOrg(db.worker);
    const startS = SEP + 600;
    const { allocationId } = await lease(db.worker, org, { startS, endS: startS + 36_000, gpus: 8 });
    await finalize(org, OCT + GRACE);
    const [september] = await invoicesOf(org);
    expect(september!.dueMinor).toBe(september!.totalMinor);
    await withSql(db.worker, (sql) =>
      addUndelivered(sql, org, allocationId, { fromS: startS, toS: startS + 36_000, reason: 'host_lost' }),
    );
    await finalize(org, NOV + GRACE);
    const [after] = await invoicesOf(org);
    expect(after).toMatchObject({ dueMinor: 0n, paidMinor: 0n, creditedMinor: september!.totalMinor });
    const books = await booksOf(org);
    expect(books.wallet).toBeUndefined();
    expect(books.receivable).toBeUndefined();
  });
});

test('closing is the same after a restart of the worker in the middle', async () => {
  const org = await createOrg(db.worker);
  await lease(db.worker, org, { startS: OCT + 60, endS: OCT + 3660, gpus: 4 });
  await finalize(org, NOV + GRACE - 10);
  // The transaction that closes the period is lost just before its end.
  const lost = withSql(db.worker, async (sql) => {
    const done = await finalizePeriod(
      sql,
      { orgId: org.orgId, fromS: OCT },
      { nowMs: (NOV + GRACE) * 1000, batchSeq: 2n ** 60n },
    );
    expect(done?.invoice).not.toBeNull();
    throw new Error('the worker died');
  });
  await expect(lost).rejects.toThrow('the worker died');
  expect(await invoicesOf(org)).toEqual([]);
  await finalize(org, NOV + GRACE);
  expect(await invoicesOf(org)).toHaveLength(1);
});

test('a lease over the end of the month is billed to the second on both invoices, and the draft shows the rest', async () => {
  const org = await createOrg(db.worker, { timeZone: 'Asia/Shanghai' });
  const endOfMonth = seconds('2026-10-31T16:00:00Z');
  const startS = endOfMonth - 1_000;
  await lease(db.worker, org, { startS, endS: startS + 2_500, gpus: 3 });
  await finalize(org, endOfMonth + GRACE);
  const [october] = await invoicesOf(org);
  expect(october).toMatchObject({ toS: endOfMonth, timeZone: 'Asia/Shanghai' });
  expect(october!.lines[0]).toMatchObject({ billedSeconds: 1_000, toS: endOfMonth });
  const report = await asApi(db, org, (sql) => accountBalance(sql, org.orgId));
  // 1,500 s of 3 accelerators at 2.49 an hour, not yet invoiced.
  expect(report.unbilledExact).toEqual({ num: 1245n, den: 4n });
  expect(report.runwayS).toBeNull();
});

test('the draft is what the invoice becomes', async () => {
  const offsetS = 86_400 * 3;
  const org = await createOrg(db.worker, { mode: 'sandbox', offsetS, createdAt: new Date().toISOString() });
  const [clock] = await singleSql(db.worker)<{ s: string }>`SELECT suan_billing_now_s(${offsetS}::bigint)::text AS s`;
  const nowS = Number(clock!.s);
  const { allocationId } = await lease(db.worker, org, { startS: nowS - 1_000, endS: null, gpus: 2 });
  const draft = await asApi(db, org, (sql) => openInvoice(sql, org.orgId, 'draft'));
  expect(draft).toMatchObject({ id: 'draft', number: null, status: 'draft', digest: null });
  const [line] = draft!.lines;
  expect(line).toMatchObject({ key: `usage:${allocationId}`, gpus: 2, blockCount: 0 });
  expect(line!.billedSeconds).toBeGreaterThanOrEqual(1_000);
  expect(line!.billedSeconds).toBeLessThan(1_010);
  const summaries = await asApi(db, org, (sql) => openSummaries(sql, org.orgId));
  expect(summaries).toHaveLength(1);
  expect(summaries[0]!.totalMinor).toBeGreaterThanOrEqual(draft!.totalMinor);
  expect(await invoicesOf(org)).toEqual([]);
});

test('a test clock closes months as fast as it is moved, with numbers of their own series', async () => {
  const org = await createOrg(db.worker, { mode: 'sandbox', createdAt: '2026-11-20T00:00:00Z' });
  const wallS = seconds('2026-11-24T00:00:00Z');
  const move = async (toS: number) => {
    const offsetS = toS - wallS;
    await singleSql(db.worker)`
      UPDATE organization SET clock_offset_s = ${offsetS}::bigint, clock_applied_s = ${offsetS}::bigint WHERE id = ${org.orgId}`;
    return finalize(org, wallS);
  };
  const december = seconds('2026-12-01T00:00:00Z');
  await lease(db.worker, org, { startS: wallS, endS: null, gpus: 1 });
  expect((await move(december + GRACE - 60)).finalized).toEqual([]);
  expect((await move(december + GRACE)).finalized).toHaveLength(1);
  const year = seconds('2027-01-01T00:00:00Z');
  expect((await move(year + GRACE)).finalized).toHaveLength(1);
  const invoices = await invoicesOf(org);
  expect(invoices.map((invoice) => invoice.number)).toEqual(['TEST-SXSG-2027-000002', 'TEST-SXSG-2026-000001']);
  expect(invoices.map((invoice) => invoice.lines[0]!.billedSeconds)).toEqual([31 * 86_400, 7 * 86_400]);
});

test('skipped months close in order, one invoice each', async () => {
  const org = await createOrg(db.worker, { createdAt: '2026-03-15T00:00:00Z', timeZone: 'America/New_York' });
  await lease(db.worker, org, { startS: seconds('2026-03-01T05:00:00Z'), endS: seconds('2026-04-01T04:00:00Z') });
  const result = await finalize(org, seconds('2026-06-03T00:00:00Z'));
  expect(result.finalized.map((period) => period.fromS)).toEqual(
    ['2026-03-01T05:00:00Z', '2026-04-01T04:00:00Z', '2026-05-01T04:00:00Z'].map(seconds),
  );
  // March of New York has 743 hours: the clocks go forward.
  const [invoice] = await invoicesOf(org);
  expect(invoice!.lines[0]!.billedSeconds).toBe(743 * 3600);
  expect(invoice!.totalMinor).toBe(743n * 249n);
});
