import { singleSql, withSql } from '@suanxiang/db/tenant';
import { grantCredit } from '@suanxiang/metering/credit/grants';
import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import { issueCreditNote } from '@suanxiang/metering/invoices/credit-notes';
import { finalizeDuePeriods } from '@suanxiang/metering/invoices/finalize';
import { sellerOf } from '@suanxiang/metering/invoices/parties';
import { readProof, replayInvoice } from '@suanxiang/metering/invoices/proof';
import { listInvoices } from '@suanxiang/metering/invoices/read';
import { voidInvoice } from '@suanxiang/metering/invoices/void-invoice';
import type { Verdict } from '@suanxiang/metering/rating/proof-types';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  addUndelivered,
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

const OCT = seconds('2026-10-01T00:00:00Z');
const NOV = seconds('2026-11-01T00:00:00Z');
const DEC = seconds('2026-12-01T00:00:00Z');
const GRACE = 86_400;

let db: BillingDb;
let admin: Awaited<ReturnType<BillingDb['database']['connectAdmin']>>;
let org: TestOrg;
let timed: string;
let weighed: string;
let october: string;
let november: string;

beforeAll(async () => {
  db = await openBillingDb();
  admin = await db.database.connectAdmin();
  // As somebody would who owns the machine: past every trigger that forbids changes.
  await admin.query(`SET session_replication_role = 'replica'`);
  org = await createOrg(db.worker);
  const startS = OCT + 3630;
  const gap = { fromS: startS + 600, toS: startS + 700, reason: 'device_fault' };
  ({ allocationId: timed } = await lease(db.worker, org, { startS, endS: startS + 5000, gpus: 8, undelivered: [gap] }));
  ({ allocationId: weighed } = await lease(db.worker, org, {
    startS: startS + 7,
    endS: startS + 4000,
    mode: 'utilization',
    floorPpm: 100_000,
    gapPolicy: 'hold',
  }));
  const records = [
    ...minutes(timed, startS, startS + 5000, () => 700_000),
    ...minutes(weighed, startS, startS + 3000, (atS) => (atS % 11) * 90_000),
    block(weighed, startS - (startS % 60) + 120, 300_000, { rev: 1 }),
  ];
  await withSql(db.worker, (sql) => ingestBlocks(sql, ZONE, records, (startS + 5060) * 1000));
  const span = { effectiveS: OCT, expiresS: startS + 1000, grantedS: OCT };
  const grant = { orgId: org.orgId, currency: 'USD', amountMinor: 300n, priority: 0, ...span };
  await withSql(db.worker, (sql) => grantCredit(sql, { ...grant, reason: 'test', grantedBy: 'test' }, 1));
  await finalizeDuePeriods(db.worker, (NOV + GRACE) * 1000, { orgId: org.orgId });
  // Later evidence: the next invoice adjusts this one, and an undelivered stretch comes to light.
  await lease(db.worker, org, { startS: NOV + 60, endS: NOV + 600 });
  const late = minutes(weighed, startS + 3000, startS + 3600, () => 1_000_000);
  await withSql(db.worker, (sql) => ingestBlocks(sql, ZONE, late, (NOV + GRACE + 60) * 1000));
  const found = { fromS: startS + 900, toS: startS + 1000, reason: 'host_lost' };
  await withSql(db.worker, (sql) => addUndelivered(sql, org, timed, found));
  await finalizeDuePeriods(db.worker, (DEC + GRACE) * 1000, { orgId: org.orgId });
  const invoices = await listInvoices(singleSql(db.worker), org.orgId, { limit: 10 });
  [november, october] = invoices.map((invoice) => invoice.id) as [string, string];
});
afterAll(async () => {
  await admin?.end();
  await db?.close();
});

const digestOf = async (id: string) => (await readProof(singleSql(db.worker), org.orgId, id))!.digest;
const verify = async (id: string): Promise<Verdict> => (await replayInvoice(singleSql(db.worker), org.orgId, id))!;

/** Changes something, looks, and changes it back. */
async function tampered(change: string, back: string, id = october) {
  await admin.query(change);
  try {
    const { findings } = await verify(id);
    return findings.map(({ code, line }) => [code, line]);
  } finally {
    await admin.query(back);
  }
}

test('an invoice is derived again from its evidence, whatever has come to light since', async () => {
  const verdict = await verify(october);
  // Its two lines, and the one of the credit note over it.
  const counts = { derived: 3, checked: 0, notes: 1 };
  expect(verdict).toMatchObject({ findings: [], ...counts, currency: 'USD', previous: null });
  expect(verdict.blocks).toBeGreaterThan(130);
});

test('the next one seals it, and its adjustment is derived from the corrected period', async () => {
  const verdict = await verify(november);
  expect(verdict).toMatchObject({ findings: [], derived: 2, checked: 0, notes: 0 });
  expect(verdict.previous).toBe(await digestOf(october));
});

describe('one change is found and named', () => {
  const where = `allocation_id = '%' AND rev = 0 AND win_start_s = (SELECT min(win_start_s) + 600 FROM usage_block WHERE allocation_id = '%')`;
  const of = (id: string) => where.replaceAll('%', id);

  test.each([['timed'], ['weighed']])('a sample of the %s lease', async (which) => {
    const id = which === 'timed' ? timed : weighed;
    const flip = (value: number) => `UPDATE usage_block SET bytes = set_byte(bytes, 41, ${value}) WHERE ${of(id)}`;
    const [before] = (await admin.query(`SELECT get_byte(bytes, 41) AS value FROM usage_block WHERE ${of(id)}`)).rows;
    const found = await tampered(flip((before.value + 1) % 16), flip(before.value));
    expect(found).toContainEqual(['block_altered', `usage:${id}`]);
    // Time is billed whatever the samples say; weighed seconds no longer add up.
    const differs = found.some(([code]) => code === 'line_differs');
    expect(differs).toBe(which === 'weighed');
  });

  test('a sample together with its digest', async () => {
    const set = (digest: string) => `UPDATE usage_block SET digest = ${digest} WHERE ${of(timed)}`;
    const [row] = (await admin.query(`SELECT digest FROM usage_block WHERE ${of(timed)}`)).rows;
    const found = await tampered(
      set(`repeat('a', 64)`),
      `UPDATE usage_block SET digest = '${row.digest}' WHERE digest = repeat('a', 64)`,
    );
    expect(found).toContainEqual(['evidence_incomplete', `usage:${timed}`]);
  });

  test('a block that is gone', async () => {
    const hide = `UPDATE usage_block SET allocation_id = 'alloc_elsewhere' WHERE ${of(timed)}`;
    const back = `UPDATE usage_block SET allocation_id = '${timed}' WHERE allocation_id = 'alloc_elsewhere'`;
    // The credit note over the invoice was made of it too.
    const places = (await tampered(hide, back)).map(([code, line]) => [
      code,
      String(line).replace(/^credit_note:\w+:/, ''),
    ]);
    expect(places).toEqual([
      ['evidence_incomplete', `usage:${timed}`],
      ['evidence_incomplete', `usage:${timed}`],
    ]);
  });

  test('a price', async () => {
    const set = (from: string, to: string) =>
      `UPDATE rating_input SET prices = replace(prices::text, '${from}', '${to}')::text[] WHERE org_id = '${org.orgId}'`;
    const found = await tampered(set('2490000', '2500000'), set('2500000', '2490000'));
    expect(found).toContainEqual(['prices_altered', null]);
    expect(found).toContainEqual(['line_differs', `usage:${timed}`]);
  });

  test('the end of a lease in the terms', async () => {
    const set = (sign: string) =>
      `UPDATE rating_input SET terms = replace(terms, '${sign === '+' ? OCT + 8630 : OCT + 8631}', '${sign === '+' ? OCT + 8631 : OCT + 8630}')`;
    const found = await tampered(set('+'), set('-'));
    expect(found).toContainEqual(['terms_altered', null]);
    expect(found).toContainEqual(['line_differs', `usage:${timed}`]);
  });

  test('an amount on the invoice', async () => {
    const set = (step: string) =>
      `UPDATE invoice_line SET amount_minor = amount_minor ${step} 1 WHERE key = 'usage:${timed}'`;
    const found = await tampered(set('+'), set('-'));
    expect(found).toEqual([
      ['invoice_altered', null],
      ['line_differs', `usage:${timed}`],
      ['totals_differ', null],
      ['totals_differ', null],
      ['billed_differs', expect.stringMatching(`^SXSG-CN-\\S+ usage:${timed}$`)],
    ]);
  });

  test('the total', async () => {
    const set = (step: string) => `UPDATE invoice SET total_minor = total_minor ${step} 1 WHERE id = '${october}'`;
    const codes = (await tampered(set('+'), set('-'))).map(([code]) => code);
    expect(codes).toEqual(expect.arrayContaining(['invoice_altered', 'totals_differ']));
  });

  test('the invoice before', async () => {
    const set = (value: string) => `UPDATE invoice SET prev_digest = ${value} WHERE id = '${november}'`;
    const digest = await digestOf(october);
    expect(await tampered(set(`repeat('0', 64)`), set(`'${digest}'`), november)).toEqual([['invoice_altered', null]]);
  });

  test('down to its second, and what had been sealed there', async () => {
    const flip = (value: number) => `UPDATE usage_block SET bytes = set_byte(bytes, 40, ${value}) WHERE ${of(weighed)}`;
    const [before] = (
      await admin.query(`SELECT get_byte(bytes, 40) AS value, win_start_s FROM usage_block WHERE ${of(weighed)}`)
    ).rows;
    await admin.query(flip(1));
    const { findings } = await verify(october).finally(() => admin.query(flip(before.value)));
    const at = (second: number) => new Date(second * 1000).toISOString().replace('.000Z', 'Z');
    const minute = Number(before.win_start_s);
    const sealed = ((minute % 11) * 90_000) as number;
    const stated = (256 + ((sealed / 100) % 256)) * 100;
    expect(findings.find(({ code }) => code === 'block_altered')).toEqual({
      code: 'block_altered',
      line: `usage:${weighed}`,
      detail: `the block of ${weighed} at ${at(minute)}, revision 0, has another digest: second ${at(minute + 20)} states ${stated} ppm, ${sealed} ppm was sealed`,
    });
  });

  test('an adjustment: its amount, its evidence, the record behind it, and what was billed before', async () => {
    const key = `adjustment:${october}:usage:${weighed}`;
    const amount = (step: string) =>
      `UPDATE invoice_line SET amount_minor = amount_minor ${step} 1 WHERE key = '${key}'`;
    expect(await tampered(amount('+'), amount('-'), november)).toContainEqual(['line_differs', key]);
    const late = `allocation_id = '${weighed}' AND win_start_s = (SELECT max(win_start_s) FROM usage_block WHERE allocation_id = '${weighed}')`;
    const flip = `UPDATE usage_block SET bytes = set_byte(bytes, 0, get_byte(bytes, 0) # 1) WHERE ${late}`;
    const found = await tampered(flip, flip, november);
    expect(found).toContainEqual(['block_altered', key]);
    expect(found).toContainEqual(['line_differs', key]);
    const record = (from: string, to: string) =>
      `UPDATE rating_input SET corrections = replace(corrections::text, '${from}', '${to}')::text[] WHERE org_id = '${org.orgId}'`;
    const price = await tampered(record('2490000', '2500000'), record('2500000', '2490000'), november);
    expect(price).toContainEqual(['corrections_altered', null]);
    expect(price).toContainEqual(['line_differs', key]);
    const billed = `UPDATE invoice_line SET amount_minor = amount_minor % 1 WHERE invoice_id = '${october}' AND key = 'usage:${weighed}'`;
    expect(await tampered(billed.replace('%', '+'), billed.replace('%', '-'), november)).toContainEqual([
      'billed_differs',
      key,
    ]);
  });

  test('a credit note: what it says, the record behind it, its evidence and its sums', async () => {
    const { rows } = await admin.query(`SELECT id, number, document FROM credit_note WHERE invoice_id = '${october}'`);
    expect(rows).toHaveLength(1);
    const { id, number } = rows[0];
    const key = `${number} usage:${timed}`;
    const change = (column: string, from: string, to: string): [string, string] => {
      const set = (a: string, b: string) =>
        `UPDATE credit_note SET ${column} = replace(${column}, '${a}', '${b}') WHERE id = '${id}'`;
      return [set(from, to), set(to, from)];
    };
    const [, net] = /"netMinor":"(\d+)"/.exec(rows[0].document)!;
    expect(await tampered(...change('document', `"netMinor":"${net}"`, '"netMinor":"1"'))).toEqual(
      expect.arrayContaining([
        ['credit_note_altered', number],
        ['totals_differ', number],
      ]),
    );
    const given = await tampered(...change('document', `amountMinor\\":\\"${net}\\"`, 'amountMinor\\":\\"1\\"'));
    expect(given).toContainEqual(['line_differs', key]);
    const record = await tampered(...change('correction', 'host_lost', 'host_gone'));
    expect(record).toEqual([['credit_note_altered', number]]);
    const price = await tampered(...change('correction', '2490000', '2480000'));
    expect(price).toContainEqual(['line_differs', key]);
    const hide = `UPDATE usage_block SET allocation_id = 'alloc_elsewhere' WHERE ${of(timed)}`;
    const back = `UPDATE usage_block SET allocation_id = '${timed}' WHERE allocation_id = 'alloc_elsewhere'`;
    expect(await tampered(hide, back)).toContainEqual(['evidence_incomplete', `credit_note:${id}:usage:${timed}`]);
  });
});

test('a void invoice and the one that was issued in its place are both derived again, each with its corrections', async () => {
  const why = { voidedBy: 'test', reason: 'test', reissue: true, bookedS: DEC };
  const voided = await withSql(db.worker, (sql) =>
    voidInvoice(sql, { orgId: org.orgId, invoiceId: november, ...why }, DEC * 1000),
  );
  expect(voided).toEqual({ voided: true, refused: null });
  const { finalized, failed } = await finalizeDuePeriods(db.worker, (DEC + GRACE) * 1000, { orgId: org.orgId });
  expect(failed).toEqual([]);
  const again = finalized[0]!.invoice!.id;
  const counts = { findings: [], derived: 2, checked: 0, notes: 0 };
  expect(await verify(november)).toMatchObject(counts);
  const verdict = await verify(again);
  expect(verdict).toMatchObject(counts);
  expect(verdict.previous).toBe(await digestOf(november));
  expect(await verify(october)).toMatchObject({ findings: [], notes: 1 });
});

describe('a credit note that an operator made by hand', () => {
  let number: string;
  let note: string;
  beforeAll(async () => {
    number = await withSql(db.worker, async (sql) => {
      const seller = await sellerOf(sql, { mode: 'live', currency: 'USD' });
      const [invoice] = await sql<{ number: string }>`SELECT number FROM invoice WHERE id = ${october}`;
      const given = {
        invoice: { invoiceId: october, number: invoice!.number },
        reductions: [{ key: 'goodwill:req_1', amountMinor: 7n, line: null }],
        record: '',
        reason: 'An outage',
      };
      const context = {
        orgId: org.orgId,
        currency: 'USD',
        timeZone: 'UTC',
        seller,
        runId: null,
        issuedS: DEC + GRACE + 60,
      };
      return (await issueCreditNote(sql, context, given, (DEC + GRACE + 60) * 1000))!;
    });
    const { rows } = await admin.query('SELECT id FROM credit_note WHERE number = $1', [number]);
    note = rows[0].id;
  });

  test('is part of the proof of the invoice it gives back of', async () => {
    expect(await verify(october)).toMatchObject({ findings: [], expired: [], notes: 1, handNotes: 1 });
    const proof = (await readProof(singleSql(db.worker), org.orgId, october))!;
    expect(proof.handNotes.map((one) => [one.id, one.number])).toEqual([[note, number]]);
    expect(proof.evidenceFromS).toBe(0);
  });

  test.each([
    ['its amount', '"totalMinor":"7"', '"totalMinor":"8"'],
    ['a line of it', 'amountMinor\\":\\"7\\"', 'amountMinor\\":\\"6\\"'],
    ['its number', '"number":"SXSG-CN-', '"number":"SXSG-XX-'],
    ['the invoice that it names', '"corrects":"SXSG-2', '"corrects":"SXSG-3'],
    ['what the operator said', 'An outage', 'No outage'],
  ])('%s altered is found and named', async (_name, from, to) => {
    const set = (a: string, b: string) =>
      `UPDATE credit_note SET document = replace(document, '${a}', '${b}') WHERE id = '${note}'`;
    expect(await tampered(set(from, to), set(to, from))).toContainEqual(['credit_note_altered', number]);
  });
});
