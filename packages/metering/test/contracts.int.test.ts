import { singleSql, withSql } from '@suanxiang/db/tenant';
import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import { type EvidencePage, invoiceEvidence } from '@suanxiang/metering/invoices/evidence';
import { finalizeDuePeriods } from '@suanxiang/metering/invoices/finalize';
import { replayInvoice } from '@suanxiang/metering/invoices/proof';
import { listInvoices, readInvoice } from '@suanxiang/metering/invoices/read';
import { reconcile } from '@suanxiang/metering/reconcile/reconcile';
import { costReport } from '@suanxiang/metering/usage/cost-report';
import { usageReport } from '@suanxiang/metering/usage/usage-report';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type BillingDb,
  createOrg,
  H100,
  lease,
  minutes,
  openBillingDb,
  seconds,
  type TestOrg,
  ZONE,
} from './support/billing-db';
import { agree } from './support/contract-db';

const OCT = seconds('2026-10-01T00:00:00Z');
const NOV = seconds('2026-11-01T00:00:00Z');
const DEC = seconds('2026-12-01T00:00:00Z');
const GRACE = 86_400;
const HOUR = 3600;

let db: BillingDb;
let admin: Awaited<ReturnType<BillingDb['database']['connectAdmin']>>;
beforeAll(async () => {
  db = await openBillingDb();
  admin = await db.database.connectAdmin();
  await admin.query(`SET session_replication_role = 'replica'`);
});
afterAll(async () => {
  await admin?.end();
  await db?.close();
});

const read = () => singleSql(db.worker);
const close = (atS: number, org: TestOrg) => finalizeDuePeriods(db.worker, (atS + GRACE) * 1000, { orgId: org.orgId });
const replay = async (org: TestOrg, id: string) => (await replayInvoice(read(), org.orgId, id))!;

/** The issued invoices, the oldest first, with key and amount of each line. */
async function invoices(org: TestOrg) {
  const found = (await listInvoices(read(), org.orgId, { limit: 10 })).toReversed();
  const whole = await Promise.all(found.map(({ id }) => readInvoice(read(), org.orgId, id)));
  return whole.map((one) => ({ ...one!, amounts: one!.lines.map((line) => [line.key, line.amountMinor] as const) }));
}

describe('a discount', () => {
  test('lowers the list price over its months only, to the micro-unit, and the invoice derives it from list and terms', async () => {
    const org = await createOrg(db.worker);
    const discount = { sku: null, model: 'discount' as const, discountPpm: 123_456 };
    await agree(db.worker, org, { fromS: OCT, toS: NOV, commitmentMinor: null, prices: [discount] });
    const a = await lease(db.worker, org, { startS: OCT + 7, endS: OCT + 7 + 10 * HOUR });
    const b = await lease(db.worker, org, { startS: NOV - HOUR, endS: NOV + HOUR });
    await close(NOV, org);
    await close(DEC, org);
    const [october, november] = await invoices(org);
    // 2.49 x 0.876544 = 2.18259456, to the micro-unit 2.182595.
    const usage = (id: string) => `usage:${id}`;
    expect(october!.amounts).toEqual([
      [usage(a.allocationId), 2183n],
      [usage(b.allocationId), 218n],
    ]);
    expect(november!.amounts).toEqual([[usage(b.allocationId), 249n]]);
    for (const { id } of [october!, november!]) expect((await replay(org, id)).findings).toEqual([]);
    // Terms that say something else than what was rated are found.
    const { rows } = await admin.query(
      `SELECT i.run_id, i.terms FROM rating_input i JOIN invoice v ON v.run_id = i.run_id WHERE v.id = $1`,
      [october!.id],
    );
    const terms = rows[0].terms.replace('123456', '123457');
    expect(terms).not.toBe(rows[0].terms);
    await admin.query('UPDATE rating_input SET terms = $2 WHERE run_id = $1', [rows[0].run_id, terms]);
    const found = (await replay(org, october!.id)).findings.map(({ code }) => code);
    expect(found).toEqual(expect.arrayContaining(['terms_altered', 'line_differs', 'output_differs']));
  });
});

describe.each(['graduated', 'volume'] as const)('%s tiers', (model) => {
  let org: TestOrg;
  let first: string;
  let second: string;
  beforeAll(async () => {
    org = await createOrg(db.worker);
    const bands = [
      { upToGpuSeconds: BigInt(10 * HOUR), microPerGpuHour: 2_000_000n },
      { upToGpuSeconds: null, microPerGpuHour: 1_000_000n },
    ];
    await agree(db.worker, org, {
      fromS: OCT,
      toS: null,
      commitmentMinor: null,
      prices: [{ sku: H100, model, bands }],
    });
    ({ allocationId: first } = await lease(db.worker, org, { startS: OCT, endS: OCT + 8 * HOUR }));
    ({ allocationId: second } = await lease(db.worker, org, {
      startS: OCT + HOUR,
      endS: OCT + 7 * HOUR,
      mode: 'utilization',
      name: 'measured',
    }));
    const records = minutes(second, OCT + HOUR, OCT + 7 * HOUR, () => 1_000_000);
    await withSql(db.worker, (sql) => ingestBlocks(sql, ZONE, records.slice(60), (OCT + 8 * HOUR) * 1000));
    await close(NOV, org);
    // The first hour comes late: its quantity changes the whole line.
    await withSql(db.worker, (sql) => ingestBlocks(sql, ZONE, records.slice(0, 60), (NOV + GRACE + 60) * 1000));
    await close(DEC, org);
  });
  // 8 + 5 hours, then 8 + 6: graduated 10 x 2 + 3 x 1, then 10 x 2 + 4 x 1; volume 13 x 1, then 14 x 1.
  const amount = model === 'graduated' ? 2300n : 1300n;

  test('are one line over all leases, which its evidence proves, and its correction too', async () => {
    const [october, november] = await invoices(org);
    expect(october!.amounts).toEqual([[`tiered:${H100}`, amount]]);
    expect(october!.lines[0]).toMatchObject({ kind: 'tiered', blockCount: 300, allocationId: null });
    expect(november!.amounts).toEqual([[`adjustment:${october!.id}:tiered:${H100}`, 100n]]);
    for (const { id } of [october!, november!]) expect((await replay(org, id)).findings).toEqual([]);
  });

  test('evidence of the line is paged over its leases, each block once', async () => {
    const [october] = await invoices(org);
    const seen: string[] = [];
    for (let after: string | null = null; ; ) {
      const query = { invoiceId: october!.id, key: `tiered:${H100}`, after, limit: 7 };
      const page: EvidencePage = (await invoiceEvidence(read(), org.orgId, query))!;
      seen.push(...page.blocks.map((one) => `${one.allocationId} ${one.winStartS}`));
      if (page.next === null) break;
      after = page.next;
    }
    expect(seen).toHaveLength(300);
    expect(new Set(seen).size).toBe(300);
  });

  test('reports tell what each lease has of it; the whole is that of the line', async () => {
    const span = { fromS: OCT, toS: NOV };
    const report = await usageReport(read(), { orgId: org.orgId, ...span });
    expect(report.rows.map(({ lease: { term } }) => term.id)).toEqual([first, second]);
    expect(report.totalMinor).toBe(amount + 100n);
    // A day in the middle of the month counts what was used before it; the other project has nothing of it.
    const days = await costReport(read(), org.orgId, { span, by: 'day', projectIds: null });
    expect(days.totalMinor).toBe(amount + 100n);
    const none = await costReport(read(), org.orgId, { span, by: 'project', projectIds: [] });
    expect(none.groups).toEqual([]);
    const late = { fromS: OCT + 7 * HOUR, toS: NOV };
    // The last hour of the first lease costs what the 14th hour costs.
    const hour = await costReport(read(), org.orgId, { span: late, by: 'workload', projectIds: null });
    expect(hour.totalMinor).toBe(100n);
  });

  test('the books hold together', async () => {
    const { differences } = await reconcile(read(), { orgId: org.orgId, month: null });
    // The lease by time has no samples; nothing else is missing.
    expect(differences.map(({ code, subject }) => [code, subject])).toEqual([['lease_without_evidence', first]]);
  });
});

describe('a commitment', () => {
  test('is filled up by a line of its own, which shrinks when late usage arrives', async () => {
    const org = await createOrg(db.worker);
    await agree(db.worker, org, { fromS: OCT, toS: null, commitmentMinor: 10_000n, prices: [] });
    const { allocationId } = await lease(db.worker, org, { startS: OCT, endS: OCT + 10 * HOUR, mode: 'utilization' });
    const records = minutes(allocationId, OCT, OCT + 10 * HOUR, () => 1_000_000);
    await withSql(db.worker, (sql) => ingestBlocks(sql, ZONE, records.slice(0, 540), (OCT + 11 * HOUR) * 1000));
    await close(NOV, org);
    await withSql(db.worker, (sql) => ingestBlocks(sql, ZONE, records.slice(540), (NOV + GRACE + 60) * 1000));
    await close(DEC, org);
    const [october, november] = await invoices(org);
    expect(october!.amounts).toEqual([
      [`usage:${allocationId}`, 2241n],
      ['commitment', 7759n],
    ]);
    expect(november!.amounts).toEqual([
      ['commitment', 10_000n],
      [`adjustment:${october!.id}:usage:${allocationId}`, 249n],
    ]);
    // What the late hour costs is less to fill up: given back.
    expect(october!.creditedMinor).toBe(249n);
    for (const { id } of [october!, november!]) {
      expect(await replay(org, id)).toMatchObject({ findings: [], checked: 0 });
    }
  });

  test('two published contracts of one account cannot overlap', async () => {
    const org = await createOrg(db.worker);
    const terms = { commitmentMinor: 1n, prices: [] };
    await agree(db.worker, org, { fromS: OCT, toS: NOV, ...terms });
    await agree(db.worker, org, { fromS: NOV, toS: null, ...terms });
    await expect(agree(db.worker, org, { fromS: DEC, toS: null, ...terms })).rejects.toThrow(/contracts_apart/);
  });
});
