import { singleSql, withSql } from '@suanxiang/db/tenant';
import { mintId } from '@suanxiang/domain/ids';
import { grantCredit } from '@suanxiang/metering/credit/grants';
import type { DeliveredBlock } from '@suanxiang/metering/ingest/check-block';
import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import { applyRemote } from '@suanxiang/metering/payments/online/apply-remote';
import type pg from 'pg';
import { addUndelivered, type BillingDb, block, createOrg, lease, type TestOrg, ZONE } from './billing-db';
import type { Dice } from './dice';
import { rawCosts } from './raw-costs';
import { type BookedTax, SeasonBooks } from './season-books';

export const GRACE = 86_400;
export const DAY = 86_400;
export const SKUS = ['gpu.nvidia-h100-80g.ap-southeast', 'gpu.nvidia-a100-80g.ap-southeast'];
const EXPONENTS: Record<string, number> = { CNY: 2, USD: 2, EUR: 2, JPY: 0, KWD: 3 };
export const CURRENCIES = Object.keys(EXPONENTS);
const ZONES = ['UTC', 'Asia/Shanghai', 'America/New_York', 'Australia/Lord_Howe', 'Europe/Berlin'];

/** An organisation of a season, with its second books. */
export interface Account {
  org: TestOrg;
  zone: string;
  exponent: number;
  books: SeasonBooks;
  leases: { id: string; startS: number; endS: number }[];
  settled: { id: string; amount: bigint; refunded: bigint }[];
}

/** What happens in a season: in the product, and told to the second books. */
export class SeasonActs {
  readonly sql;
  readonly accounts: Account[] = [];
  private readonly rules = new Map<string, BookedTax>();
  private named = 0;

  constructor(
    readonly db: BillingDb,
    private readonly admin: pg.Client,
    readonly dice: Dice,
  ) {
    this.sql = singleSql(db.worker);
  }

  async price(sku: string, currency: string, atS: number): Promise<void> {
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
  async tax(): Promise<void> {
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

  ruleOf({ org }: Account): BookedTax {
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

  async use(account: Account, fromS: number, toS: number): Promise<void> {
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

  async topUp(account: Account, atS: number): Promise<void> {
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

  async refund(account: Account, atS: number): Promise<void> {
    const paid = account.settled.find(({ amount, refunded }) => refunded < amount);
    if (!paid) return;
    const more = BigInt(this.dice.between(1, Number(paid.amount - paid.refunded)));
    paid.refunded += more;
    await this.report(account, paid, atS);
    account.books.refund(more);
  }

  async grant({ org, books, exponent }: Account, fromS: number, toS: number): Promise<void> {
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
  async late(account: Account, fromS: number): Promise<void> {
    for (const one of account.leases.filter(({ endS }) => endS <= fromS && endS > fromS - 32 * DAY)) {
      if (this.dice.chance(25)) await this.lose(account, one);
      if (this.dice.chance(40)) await this.deliver(this.blocks(one, 6), Math.max(one.endS, fromS + GRACE) + 3600);
    }
  }
}
