import { singleSql, withSql } from '@suanxiang/db/tenant';
import { mintId } from '@suanxiang/domain/ids';
import { grantCredit } from '@suanxiang/metering/credit/grants';
import type { DeliveredBlock } from '@suanxiang/metering/ingest/check-block';
import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import { finalizeDuePeriods } from '@suanxiang/metering/invoices/finalize';
import { replayInvoice } from '@suanxiang/metering/invoices/proof';
import { voidInvoice } from '@suanxiang/metering/invoices/void-invoice';
import { applyRemote } from '@suanxiang/metering/payments/online/apply-remote';
import { rollUpHours } from '@suanxiang/metering/usage/usage-hours';
import type pg from 'pg';
import { expect } from 'vitest';
import { addUndelivered, type BillingDb, block, createOrg, lease, type TestOrg, ZONE } from './billing-db';
import { rawCosts } from './raw-costs';
import { type BookedTax, SeasonBooks } from './season-books';
import { midnight, monthAfter } from './second-invoices';

const GRACE = 86_400;
const DAY = 86_400;
const SKUS = ['gpu.nvidia-h100-80g.ap-southeast', 'gpu.nvidia-a100-80g.ap-southeast'];
const EXPONENTS: Record<string, number> = { CNY: 2, USD: 2, EUR: 2, JPY: 0, KWD: 3 };
const CURRENCIES = Object.keys(EXPONENTS);
const ZONES = ['UTC', 'Asia/Shanghai', 'America/New_York', 'Australia/Lord_Howe', 'Europe/Berlin'];
const MONTHS = ['2026-09', '2026-10', '2026-11', '2026-12'];

/** Uniform integers from a seed (mulberry32), so that a season can be played again. */
export class Dice {
  constructor(private state: number) {}

  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  }

  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}

interface Account {
  org: TestOrg;
  zone: string;
  exponent: number;
  books: SeasonBooks;
  leases: { id: string; startS: number; endS: number }[];
  settled: { id: string; amount: bigint; refunded: bigint }[];
}

/** One season: what happens, in the product and told to the second books. */
class Season {
  private readonly sql;
  private readonly rules = new Map<string, BookedTax>();
  private readonly accounts: Account[] = [];
  private named = 0;

  constructor(
    private readonly db: BillingDb,
    private readonly admin: pg.Client,
    private readonly dice: Dice,
  ) {
    this.sql = singleSql(db.worker);
  }

  private async price(sku: string, currency: string, atS: number): Promise<void> {
    const micro = this.dice.between(1, 40) * 10 ** (4 + this.dice.below(4)) + this.dice.below(9973);
    this.named += 1;
    const id = `season-${this.named}`;
    await this.sql`
      INSERT INTO price_row (id, sku, currency, from_s, published_s, micro_per_gpu_hour, min_seconds)
      VALUES (${id}, ${sku}, ${currency}, ${atS}::bigint, ${atS}::bigint, ${micro}::bigint, ${this.dice.pick([0, 60, 300])}::int)`;
  }

  async found(organizations: number): Promise<void> {
    const long = Date.UTC(2025, 0, 1) / 1000;
    for (const currency of ['EUR', 'JPY', 'KWD']) for (const sku of SKUS) await this.price(sku, currency, long);
    for (let index = 0; index < organizations; index += 1) {
      const currency = CURRENCIES[index % CURRENCIES.length]!;
      const zone = this.dice.pick(ZONES);
      const org = await createOrg(this.db.worker, { currency, timeZone: zone, createdAt: '2026-09-02T12:00:00Z' });
      const exponent = EXPONENTS[currency]!;
      const facts = { orgId: org.orgId, currency, exponent };
      const books = new SeasonBooks((from, to, by) => rawCosts(this.sql, facts, from, to, by));
      this.accounts.push({ org, zone, exponent, books, leases: [], settled: [] });
    }
  }

  /** A new tax of both sellers, from now on. */
  private async tax(): Promise<void> {
    for (const seller of ['le_cn', 'le_sg']) {
      const inclusive = this.dice.chance(40);
      const ratePpm = this.dice.pick([0, 60_000, 81_234, 190_000, 333_333]);
      this.rules.set(seller, { inclusive, ratePpm: BigInt(ratePpm) });
      await this.admin.query('UPDATE legal_entity SET tax_mode = $2, tax_rate_ppm = $3 WHERE id = $1', [
        seller,
        inclusive ? 'inclusive' : 'exclusive',
        ratePpm,
      ]);
    }
  }

  private ruleOf({ org }: Account): BookedTax {
    return this.rules.get(org.currency === 'CNY' ? 'le_cn' : 'le_sg')!;
  }

  private deliver(records: DeliveredBlock[], atS: number): Promise<unknown> {
    return withSql(this.db.worker, (sql) => ingestBlocks(sql, ZONE, records, atS * 1000));
  }

  /** Random blocks of a lease, some twice and some revised, at one arrival. */
  private blocks({ id, startS, endS }: Account['leases'][number], most: number): DeliveredBlock[] {
    const records: DeliveredBlock[] = [];
    for (let n = this.dice.below(most + 1); n > 0; n -= 1) {
      const minute = startS - (startS % 60) + 60 * this.dice.below(Math.ceil((endS - startS) / 60) + 1);
      const values = Array.from({ length: 60 }, () => (this.dice.chance(5) ? null : this.dice.below(10_001) * 100));
      records.push(block(id, minute, values, { rev: this.dice.below(3) }));
      if (this.dice.chance(20)) records.push(records.at(-1)!);
    }
    return records;
  }

  private async use(account: Account, fromS: number, toS: number): Promise<void> {
    for (let n = this.dice.between(1, 3); n > 0; n -= 1) {
      const startS = this.dice.chance(30)
        ? toS - this.dice.below(1500) - 1
        : fromS + 36 * 3600 + this.dice.below(20 * DAY);
      const endS = startS + this.dice.between(5, 2400);
      const mode = this.dice.pick(['allocated', 'utilization'] as const);
      const options = { startS, endS, mode, gpus: this.dice.between(1, 16), sku: this.dice.pick(SKUS) };
      const { allocationId: id } = await lease(this.db.worker, account.org, options);
      const made = { id, startS, endS };
      account.leases.push(made);
      if (this.dice.chance(30)) await this.lose(account, made);
      await this.deliver(this.blocks(made, 12), endS + 90);
    }
  }

  /** A stretch of a lease turns out undelivered. */
  private async lose({ org }: Account, { id, startS, endS }: Account['leases'][number]): Promise<void> {
    const fromS = startS + this.dice.below(endS - startS);
    const gap = { fromS, toS: fromS + this.dice.between(1, 900), reason: 'host_lost' };
    await withSql(this.db.worker, (sql) => addUndelivered(sql, org, id, gap));
  }

  private async topUp(account: Account, atS: number): Promise<void> {
    const { org, books, exponent, settled } = account;
    const amount = BigInt(this.dice.between(1, 3000) * 10 ** exponent);
    const id = mintId('payment', atS * 1000);
    await this.sql`
      INSERT INTO payment (id, org_id, provider, status, currency, amount_minor, reference, provider_ref, created_at)
      VALUES (${id}, ${org.orgId}, 'stripe', 'processing', ${org.currency}, ${amount}::bigint, ${id}, ${id},
        to_timestamp(${atS}::bigint))`;
    const paid = { id, amount, refunded: 0n };
    settled.push(paid);
    for (let n = this.dice.between(1, 2); n > 0; n -= 1) await this.report(account, paid, atS);
    books.topUp(amount);
  }

  /** What the provider says of a payment. */
  private async report({ org }: Account, paid: Account['settled'][number], atS: number): Promise<void> {
    const words = { status: 'succeeded' as const, method: 'card', failure: null, redirectUrl: null };
    const money = { amountMinor: paid.amount, currency: org.currency, refundedMinor: paid.refunded };
    const remote = { ref: paid.id, paymentId: paid.id, ...words, ...money };
    await withSql(this.db.worker, (sql) => applyRemote(sql, paid.id, remote, atS * 1000));
  }

  private async refund(account: Account, atS: number): Promise<void> {
    const paid = account.settled.find(({ amount, refunded }) => refunded < amount);
    if (!paid) return;
    const more = BigInt(this.dice.between(1, Number(paid.amount - paid.refunded)));
    paid.refunded += more;
    await this.report(account, paid, atS);
    account.books.refund(more);
  }

  private async grant({ org, books, exponent }: Account, fromS: number, toS: number): Promise<void> {
    const amount = BigInt(this.dice.between(1, 40 * 10 ** exponent));
    const effectiveS = fromS + this.dice.below(toS - fromS);
    const expiresS = effectiveS + this.dice.between(1, 50 * DAY);
    this.named += 1;
    const priority = this.named;
    const span = { effectiveS, expiresS, grantedS: fromS };
    const given = { orgId: org.orgId, currency: org.currency, amountMinor: amount, priority, ...span };
    await withSql(this.db.worker, (sql) => grantCredit(sql, { ...given, reason: 'season', grantedBy: 'test' }, 1));
    books.grants.push({ amount, priority, effectiveS, expiresS, burnt: new Map() });
  }

  /** Evidence of the month before that comes after its closing. */
  private async late(account: Account, fromS: number): Promise<void> {
    for (const one of account.leases.filter(({ endS }) => endS <= fromS && endS > fromS - 32 * DAY)) {
      if (this.dice.chance(25)) await this.lose(account, one);
      if (this.dice.chance(40)) await this.deliver(this.blocks(one, 6), Math.max(one.endS, fromS + GRACE) + 3600);
    }
  }

  private async close(account: Account, fromS: number, toS: number): Promise<void> {
    const nowS = toS + GRACE;
    const { failed } = await finalizeDuePeriods(this.db.worker, nowS * 1000, { orgId: account.org.orgId });
    expect(failed).toEqual([]);
    await account.books.close(fromS, toS, this.ruleOf(account), nowS);
    await this.compare(account);
  }

  /** Every cent of every document, and of the balance, against the second books. */
  private async compare({ org: { orgId, currency }, books, exponent }: Account): Promise<void> {
    const invoices = await this.sql`
      SELECT from_s::text, status, subtotal_minor::text AS subtotal, promo_minor::text AS promo, tax_minor::text AS tax,
        total_minor::text AS total, paid_minor::text AS paid, due_minor::text AS due,
        coalesce((SELECT jsonb_agg(amount_minor ORDER BY amount_minor) FROM invoice_line l WHERE l.invoice_id = i.id), '[]') AS lines,
        coalesce((SELECT jsonb_agg(jsonb_build_array(net_minor, tax_minor, promo_minor) ORDER BY n.number)
          FROM credit_note n WHERE n.invoice_id = i.id), '[]') AS notes
      FROM invoice i WHERE org_id = ${orgId} ORDER BY i.from_s, i.number`;
    const expected = books.invoices.map((one) => ({
      from_s: String(one.fromS),
      status: one.isVoid ? 'void' : 'final',
      ...Object.fromEntries(
        (['subtotal', 'promo', 'tax', 'total', 'paid', 'due'] as const).map((name) => [name, String(one[name])]),
      ),
      lines: [...one.lines.values(), ...one.adjustments.map(({ amount }) => amount)].map(Number).sort((a, b) => a - b),
      notes: one.notes.map(({ net, tax, promo }) => [net, tax, promo].map(Number)),
    }));
    expect(invoices).toEqual(expected);
    const [row] = await this.sql<Record<'wallet' | 'off' | 'unbilled' | 'returned', string>>`
      SELECT (SELECT coalesce(-sum(micro), 0) FROM ledger_balance WHERE org_id = ${orgId} AND account = 'wallet')::text AS wallet,
        (SELECT count(*) FROM (SELECT 1 FROM ledger_entry WHERE org_id = ${orgId} GROUP BY journal_id, currency
          HAVING sum(micro) <> 0) AS j)::text AS off,
        (SELECT coalesce(sum(abs(micro)), 0) FROM ledger_balance WHERE org_id = ${orgId}
          AND account IN ('unbilled', 'revenue_unbilled'))::text AS unbilled,
        (SELECT coalesce(sum(amount_minor), 0) FROM credit_grant WHERE org_id = ${orgId}
          AND granted_by = 'system:billing')::text AS returned`;
    const wallet = (books.wallet * 10n ** BigInt(6 - exponent)).toString();
    expect({ currency, ...row }).toEqual({
      currency,
      wallet,
      off: '0',
      unbilled: '0',
      returned: String(books.returned),
    });
  }

  private async voidLast(account: Account, toS: number): Promise<boolean> {
    const { org, books } = account;
    const last = books.invoices.at(-1);
    if (!last || last.isVoid || last.toS !== toS || books.isBuiltOn(last)) return false;
    const [row] = await this.sql<{ id: string }>`
      SELECT id FROM invoice WHERE org_id = ${org.orgId} AND from_s = ${last.fromS}::bigint AND status = 'final'`;
    const why = { voidedBy: 'test', reason: 'test', reissue: true, bookedS: toS };
    const done = await withSql(this.db.worker, (sql) =>
      voidInvoice(sql, { orgId: org.orgId, invoiceId: row!.id, ...why }, (toS + GRACE) * 1000),
    );
    expect(done).toEqual({ voided: true, refused: null });
    books.void(last);
    return true;
  }

  private async month(account: Account, month: string): Promise<void> {
    const [fromS, toS] = [midnight(month, account.zone), midnight(monthAfter(month), account.zone)];
    await this.use(account, fromS, toS);
    if (this.dice.chance(60)) await this.topUp(account, fromS + GRACE + this.dice.below(20 * DAY));
    if (this.dice.chance(40)) await this.grant(account, fromS, toS);
    await this.late(account, fromS);
    if (this.dice.chance(30)) await rollUpHours(this.db.worker);
    await this.close(account, fromS, toS);
    if (this.dice.chance(35) && (await this.voidLast(account, toS))) await this.close(account, fromS, toS);
    if (this.dice.chance(30)) await this.topUp(account, toS + GRACE);
    if (this.dice.chance(25)) await this.refund(account, toS + GRACE + 60);
    await this.compare(account);
  }

  /** Plays months in step, so that prices and taxes change for all at once; each account is compared after each of its acts. */
  async play(months: number): Promise<void> {
    for (const month of MONTHS.slice(0, months)) {
      const firstS = Date.parse(`${month}-01T00:00:00Z`) / 1000;
      await this.tax();
      for (const currency of CURRENCIES) {
        for (const sku of SKUS) {
          for (let n = this.dice.below(3); n > 0; n -= 1) {
            await this.price(sku, currency, firstS + 36 * 3600 + this.dice.below(25 * DAY));
          }
        }
      }
      for (const account of this.accounts) await this.month(account, month);
    }
  }

  /** Every invoice derived again from its own proof. Returns how many, and how many credit notes with them. */
  async verify(): Promise<{ invoices: number; notes: number; adjustments: number; voided: number }> {
    const counts = { invoices: 0, notes: 0, adjustments: 0, voided: 0 };
    for (const { org, books } of this.accounts) {
      const rows = await this.sql<{ id: string; status: string }>`
        SELECT id, status FROM invoice WHERE org_id = ${org.orgId}`;
      for (const { id, status } of rows) {
        const verdict = (await replayInvoice(this.sql, org.orgId, id))!;
        expect({ id, findings: verdict.findings, checked: verdict.checked }).toEqual({ id, findings: [], checked: 0 });
        counts.invoices += 1;
        counts.notes += verdict.notes;
        if (status === 'void') counts.voided += 1;
      }
      counts.adjustments += books.invoices.reduce((all, one) => all + one.adjustments.length, 0);
    }
    return counts;
  }
}

/**
 * Some months of some organisations with everything at random, through the real services and PostgreSQL, beside books that are
 * kept from the raw rows by other code: every cent of every document and balance must be equal, and every invoice must be
 * derived again from its proof. The first months have every kind of document; their counts are returned.
 */
export async function playSeason(db: BillingDb, options: { organizations: number; months: number; seed: number }) {
  const admin = await db.database.connectAdmin();
  try {
    const season = new Season(db, admin, new Dice(options.seed));
    await season.found(options.organizations);
    await season.play(options.months);
    return await season.verify();
  } finally {
    await admin.end();
  }
}
