import { withSql } from '@suanxiang/db/tenant';
import { finalizeDuePeriods } from '@suanxiang/metering/invoices/finalize';
import { replayInvoice } from '@suanxiang/metering/invoices/proof';
import { voidInvoice } from '@suanxiang/metering/invoices/void-invoice';
import { rollUpHours } from '@suanxiang/metering/usage/usage-hours';
import { expect } from 'vitest';
import type { BillingDb } from './billing-db';
import { Dice } from './dice';
import { type Account, CURRENCIES, DAY, GRACE, SeasonActs, SKUS } from './season-acts';
import { compareAccount } from './season-compare';
import { midnight, monthAfter } from './second-invoices';

const MONTHS = ['2026-09', '2026-10', '2026-11', '2026-12'];

/** One season: months that are played and closed, each act compared with the second books. */
class Season {
  constructor(private readonly acts: SeasonActs) {}

  private async close(account: Account, fromS: number, toS: number): Promise<void> {
    const nowS = toS + GRACE;
    const { failed } = await finalizeDuePeriods(this.acts.db.worker, nowS * 1000, { orgId: account.org.orgId });
    expect(failed).toEqual([]);
    await account.books.close(fromS, toS, this.acts.ruleOf(account), nowS);
    await compareAccount(this.acts.sql, account);
  }

  private async voidLast(account: Account, toS: number): Promise<boolean> {
    const { org, books } = account;
    const last = books.invoices.at(-1);
    if (!last || last.isVoid || last.toS !== toS || books.isBuiltOn(last)) return false;
    const [row] = await this.acts.sql<{ id: string }>`
      SELECT id FROM invoice WHERE org_id = ${org.orgId} AND from_s = ${last.fromS}::bigint AND status = 'final'`;
    const why = { voidedBy: 'test', reason: 'test', reissue: true, bookedS: toS };
    const done = await withSql(this.acts.db.worker, (sql) =>
      voidInvoice(sql, { orgId: org.orgId, invoiceId: row!.id, ...why }, (toS + GRACE) * 1000),
    );
    expect(done).toEqual({ voided: true, refused: null });
    books.void(last);
    return true;
  }

  private async month(account: Account, month: string): Promise<void> {
    const [fromS, toS] = [midnight(month, account.zone), midnight(monthAfter(month), account.zone)];
    await this.acts.use(account, fromS, toS);
    if (this.acts.dice.chance(60)) await this.acts.topUp(account, fromS + GRACE + this.acts.dice.below(20 * DAY));
    if (this.acts.dice.chance(40)) await this.acts.grant(account, fromS, toS);
    await this.acts.late(account, fromS);
    if (this.acts.dice.chance(30)) await rollUpHours(this.acts.db.worker);
    await this.close(account, fromS, toS);
    if (this.acts.dice.chance(35) && (await this.voidLast(account, toS))) await this.close(account, fromS, toS);
    if (this.acts.dice.chance(30)) await this.acts.topUp(account, toS + GRACE);
    if (this.acts.dice.chance(25)) await this.acts.refund(account, toS + GRACE + 60);
    await compareAccount(this.acts.sql, account);
  }

  /** Plays months in step, so that prices and taxes change for all at once; each account is compared after each of its acts. */
  async play(months: number): Promise<void> {
    for (const month of MONTHS.slice(0, months)) {
      const firstS = Date.parse(`${month}-01T00:00:00Z`) / 1000;
      await this.acts.tax();
      for (const currency of CURRENCIES) {
        for (const sku of SKUS) {
          for (let n = this.acts.dice.below(3); n > 0; n -= 1) {
            await this.acts.price(sku, currency, firstS + 36 * 3600 + this.acts.dice.below(25 * DAY));
          }
        }
      }
      for (const account of this.acts.accounts) await this.month(account, month);
    }
  }

  /** Every invoice derived again from its own proof. Returns how many, and how many credit notes with them. */
  async verify(): Promise<{ invoices: number; notes: number; adjustments: number; voided: number }> {
    const counts = { invoices: 0, notes: 0, adjustments: 0, voided: 0 };
    for (const { org, books } of this.acts.accounts) {
      const rows = await this.acts.sql<{ id: string; status: string }>`
        SELECT id, status FROM invoice WHERE org_id = ${org.orgId}`;
      for (const { id, status } of rows) {
        const verdict = (await replayInvoice(this.acts.sql, org.orgId, id))!;
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
    const acts = new SeasonActs(db, admin, new Dice(options.seed));
    await acts.found(options.organizations);
    const season = new Season(acts);
    await season.play(options.months);
    return await season.verify();
  } finally {
    await admin.end();
  }
}
