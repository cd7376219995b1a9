import { singleSql, withSql } from '@suanxiang/db/tenant';
import {
  type LedgerAccount,
  type LedgerEntry,
  LedgerError,
  postJournal,
  walletMicro,
} from '@suanxiang/metering/ledger/post-journal';
import { postJournals } from '@suanxiang/metering/ledger/post-journals';
import { confirmPayment } from '@suanxiang/metering/payments/confirm';
import { createTopUp } from '@suanxiang/metering/payments/top-up';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { asApi, type BillingDb, createOrg, openBillingDb } from './support/billing-db';

let db: BillingDb;
beforeAll(async () => {
  db = await openBillingDb();
});
afterAll(() => db?.close());

const NOW_MS = Date.parse('2026-11-10T08:00:00Z');
const ACCOUNTS: LedgerAccount[] = ['wallet', 'receivable', 'revenue', 'rounding', 'promotional', 'cash', 'tax_payable'];

async function totals(orgId: string) {
  const [row] = await singleSql(db.worker)<{ entries: string; balances: string; agree: boolean }>`
    SELECT coalesce((SELECT sum(micro) FROM ledger_entry WHERE org_id = ${orgId}), 0)::text AS entries,
      coalesce((SELECT sum(micro) FROM ledger_balance WHERE org_id = ${orgId}), 0)::text AS balances,
      NOT EXISTS (SELECT account, currency, sum(micro) FROM ledger_entry WHERE org_id = ${orgId} GROUP BY 1, 2
        EXCEPT SELECT account, currency, micro FROM ledger_balance WHERE org_id = ${orgId}) AS agree`;
  return row!;
}

const amount = fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n });
const posting = fc.record({
  key: fc.nat(6),
  currency: fc.constantFrom('CNY', 'USD'),
  moves: fc.array(fc.tuple(fc.constantFrom(...ACCOUNTS), amount), { minLength: 1, maxLength: 4 }),
});

test('after any sequence of postings the books sum to zero and every balance is the sum of its entries', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(posting, { minLength: 1, maxLength: 12 }), async (postings) => {
      const { orgId } = await createOrg(db.worker);
      const expected = new Map<string, bigint>();
      const seen = new Set<number>();
      for (const { key, currency, moves } of postings) {
        const sum = moves.reduce((total, [, micro]) => total + micro, 0n);
        const entries: LedgerEntry[] = [...moves.map(([account, micro]) => ({ account, currency, micro }))];
        entries.push({ account: 'cash', currency, micro: -sum });
        const journal = { orgId, idemKey: `${orgId}:${key}`, kind: 'top_up' as const, memo: '', bookedS: 0, entries };
        const { posted } = await withSql(db.worker, (sql) => postJournal(sql, journal, NOW_MS));
        expect(posted).toBe(!seen.has(key));
        if (seen.has(key)) continue;
        seen.add(key);
        for (const { account, micro } of entries) {
          const name = `${account} ${currency}`;
          expected.set(name, (expected.get(name) ?? 0n) + micro);
        }
        // The books balance after every prefix, not only at the end.
        expect(await totals(orgId)).toEqual({ entries: '0', balances: '0', agree: true });
      }
      const rows = await singleSql(db.worker)<{ name: string; micro: string }>`
        SELECT account || ' ' || currency AS name, micro::text FROM ledger_balance WHERE org_id = ${orgId}`;
      for (const { name, micro } of rows) expect(BigInt(micro)).toBe(expected.get(name) ?? 0n);
    }),
    { numRuns: 25 },
  );
});

test('a journal that does not balance is refused before and by the database', async () => {
  const { orgId } = await createOrg(db.worker);
  const entries: LedgerEntry[] = [
    { account: 'cash', currency: 'USD', micro: 5n },
    { account: 'wallet', currency: 'USD', micro: -4n },
  ];
  const journal = { orgId, idemKey: `off:${orgId}`, kind: 'top_up' as const, memo: '', bookedS: 0, entries };
  await expect(withSql(db.worker, (sql) => postJournal(sql, journal, NOW_MS))).rejects.toThrow(LedgerError);
  // Two currencies do not balance each other.
  const mixed: LedgerEntry[] = [
    { account: 'cash', currency: 'USD', micro: 5n },
    { account: 'wallet', currency: 'CNY', micro: -5n },
  ];
  await expect(withSql(db.worker, (sql) => postJournal(sql, { ...journal, entries: mixed }, NOW_MS))).rejects.toThrow(
    LedgerError,
  );
  const raw = withSql(db.worker, async (sql) => {
    await sql`INSERT INTO journal (id, org_id, idem_key, kind, booked_s) VALUES ('jrnl_x', ${orgId}, 'x', 'top_up', 0)`;
    await sql`
      INSERT INTO ledger_entry (journal_id, org_id, position, account, currency, micro)
      VALUES ('jrnl_x', ${orgId}, 0, 'cash', 'USD', 5), ('jrnl_x', ${orgId}, 1, 'wallet', 'USD', -4)`;
  });
  await expect(raw).rejects.toThrow(/does not balance/);
  expect(await totals(orgId)).toMatchObject({ entries: '0', balances: '0' });
});

test('many journals at once: each key once, balances exact beyond 2^53, nothing of a booking that is refused', async () => {
  const orgs = [await createOrg(db.worker), await createOrg(db.worker)];
  const big = 2n ** 53n + 1n;
  const journals = Array.from({ length: 400 }, (_, i) => {
    const { orgId } = orgs[i % 2]!;
    const entries: LedgerEntry[] = [
      { account: 'cash', currency: 'USD', micro: big },
      { account: 'wallet', currency: 'USD', micro: -big },
    ];
    return { orgId, idemKey: `many:${orgId}:${i}`, kind: 'top_up' as const, memo: '', bookedS: i, entries };
  });
  const post = (given: typeof journals) => withSql(db.worker, (sql) => postJournals(sql, given, NOW_MS));
  expect(await post(journals.slice(0, 300))).toBe(300);
  const both = await Promise.all([post(journals), post([...journals].reverse())]);
  expect(both.reduce((sum, count) => sum + count, 0)).toBe(100);
  for (const { orgId } of orgs) {
    expect(await totals(orgId)).toEqual({ entries: '0', balances: '0', agree: true });
    expect(await withSql(db.worker, (sql) => walletMicro(sql, orgId, 'USD'))).toBe(200n * big);
  }
  const [first, second] = [journals[0]!, journals[1]!];
  const off = { ...second, idemKey: 'off', entries: [second.entries[0]!] };
  await expect(withSql(db.worker, (sql) => postJournals(sql, [off], NOW_MS))).rejects.toThrow(LedgerError);
  await expect(withSql(db.worker, (sql) => postJournals(sql, [first, first], NOW_MS))).rejects.toThrow(/twice/);
  const stolen = { ...first, orgId: second.orgId };
  await expect(withSql(db.worker, (sql) => postJournals(sql, [stolen], NOW_MS))).rejects.toThrow(/another journal/);
});

test('an entry added to a journal that balances is refused by the database', async () => {
  const { orgId } = await createOrg(db.worker);
  const entries: LedgerEntry[] = [
    { account: 'cash', currency: 'USD', micro: 5n },
    { account: 'wallet', currency: 'USD', micro: -5n },
  ];
  const head = { orgId, idemKey: `later:${orgId}`, kind: 'top_up' as const, memo: '', bookedS: 0 };
  const { id } = await withSql(db.worker, (sql) => postJournal(sql, { ...head, entries }, NOW_MS));
  const added = singleSql(db.worker)`
    INSERT INTO ledger_entry (journal_id, org_id, position, account, currency, micro) VALUES (${id}, ${orgId}, 9, 'cash', 'USD', 1)`;
  await expect(added).rejects.toThrow(/does not balance/);
});

test('amounts beyond 2^53 keep every unit', async () => {
  const { orgId } = await createOrg(db.worker);
  const micro = 2n ** 53n + 1n;
  const entries: LedgerEntry[] = [
    { account: 'cash', currency: 'USD', micro },
    { account: 'wallet', currency: 'USD', micro: -micro },
  ];
  const journal = { orgId, idemKey: `big:${orgId}`, kind: 'top_up' as const, memo: '', bookedS: 0, entries };
  await withSql(db.worker, (sql) => postJournal(sql, journal, NOW_MS));
  expect(await withSql(db.worker, (sql) => walletMicro(sql, orgId, 'USD'))).toBe(9_007_199_254_740_993n);
});

test('what is booked can be neither changed nor deleted', async () => {
  const sql = singleSql(db.worker);
  await expect(sql`UPDATE ledger_entry SET micro = micro + 1`).rejects.toThrow();
  await expect(sql`DELETE FROM journal`).rejects.toThrow();
});

test("a key that stands for another organisation's journal is an error, not a silent success", async () => {
  const [one, other] = [await createOrg(db.worker), await createOrg(db.worker)];
  const post = (orgId: string) =>
    withSql(db.worker, (sql) =>
      postJournal(sql, { orgId, idemKey: 'shared', kind: 'top_up', memo: '', bookedS: 0, entries: [] }, NOW_MS),
    );
  expect((await post(one.orgId)).posted).toBe(true);
  await expect(post(other.orgId)).rejects.toThrow(/another journal/);
});

test('a sandbox top-up is there at once; a live one waits for the operator and settles once', async () => {
  const sandbox = await createOrg(db.worker, { mode: 'sandbox', currency: 'CNY' });
  const paid = await asApi(db, sandbox, (sql) => createTopUp(sql, sandbox, 500_000n, NOW_MS));
  expect(paid).toMatchObject({ provider: 'sandbox', status: 'succeeded', amountMinor: 500_000n });
  expect(await asApi(db, sandbox, (sql) => walletMicro(sql, sandbox.orgId, 'CNY'))).toBe(5_000_000_000n);

  const live = await createOrg(db.worker);
  const pending = await asApi(db, live, (sql) => createTopUp(sql, live, 2_000n, NOW_MS));
  expect(pending).toMatchObject({ provider: 'manual', status: 'pending', settledAt: null });
  expect(await asApi(db, live, (sql) => walletMicro(sql, live.orgId, 'USD'))).toBe(0n);
  const confirmations = await Promise.all(
    Array.from({ length: 6 }, () => asApi(db, live, (sql) => confirmPayment(sql, pending.id, NOW_MS))),
  );
  expect(confirmations.filter((confirmation) => confirmation?.settled)).toHaveLength(1);
  expect(confirmations.every((confirmation) => confirmation?.payment.status === 'succeeded')).toBe(true);
  expect(await asApi(db, live, (sql) => walletMicro(sql, live.orgId, 'USD'))).toBe(20_000_000n);
});

test('a payment of another organisation is not seen, and a failed one stays failed', async () => {
  const [one, other] = [await createOrg(db.worker), await createOrg(db.worker)];
  const payment = await asApi(db, one, (sql) => createTopUp(sql, one, 100n, NOW_MS));
  expect(await asApi(db, other, (sql) => confirmPayment(sql, payment.id, NOW_MS))).toBeNull();
  await singleSql(db.worker)`UPDATE payment SET status = 'failed' WHERE id = ${payment.id}`;
  const refused = await asApi(db, one, (sql) => confirmPayment(sql, payment.id, NOW_MS));
  expect(refused).toMatchObject({ settled: false, payment: { status: 'failed' } });
  await expect(asApi(db, one, (sql) => createTopUp(sql, one, 0n, NOW_MS))).rejects.toThrow(RangeError);
});
