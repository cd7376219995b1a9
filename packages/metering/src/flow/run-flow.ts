import type { Db } from '@suanxiang/db/client';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import { mintId } from '@suanxiang/domain/ids';
import { microToMinor, minorToMicro } from '@suanxiang/domain/money';
import { payInvoiceFromWallet } from '../invoices/pay-from-wallet';
import { voidInvoice } from '../invoices/void-invoice';
import { chargeWallet } from '../ledger/charge-wallet';
import { type LedgerAccount, LedgerError, postJournal, walletMicro } from '../ledger/post-journal';
import { applyPaymentReport, noteEvent } from '../payments/apply-state';
import type { TaxRule } from '../rating/tax';
import { type FlowBooks, giveBack, issue, openBooks, openPeriod } from './flow-books';
import type { FlowCase, FlowOp, TimedOp } from './read-flow';

const START_S = Date.UTC(2026, 0, 1) / 1000;

interface FlowInvoice {
  fromS: number;
  id: string | null;
  number: string;
  tax: TaxRule;
}

/** A case on its way through the books. */
class FlowRun {
  private readonly payments = new Map<string, string>();
  private readonly invoices = new Map<string, FlowInvoice>();
  private readonly notesByKey = new Set<string>();
  private refused = 0;
  private nowMs = START_S * 1000;

  constructor(
    private readonly db: Db,
    private readonly item: FlowCase,
    private readonly books: FlowBooks,
  ) {}

  private get bookedS(): number {
    return Math.floor(this.nowMs / 1000);
  }

  async apply(op: TimedOp): Promise<void> {
    this.nowMs = op.atS === null ? this.nowMs + 1000 : op.atS * 1000;
    try {
      await this.act(op);
    } catch (error) {
      // Refusals of the books; anything else is a fault and stops the run.
      if (!(error instanceof RangeError) && !(error instanceof LedgerError)) throw error;
      this.refused += 1;
    }
  }

  private act(op: FlowOp): Promise<void> {
    switch (op.op) {
      case 'payment':
        return this.payment(op);
      case 'debit':
        return this.debit(op.key, op.minor);
      case 'post':
        return this.post(op);
      case 'finalize':
        return this.finalize(op.invoice, op.netMinor, op.tax);
      case 'pay_from_wallet':
        return this.pay(op.invoice, op.minor);
      case 'void':
        return this.voidIt(op.invoice);
      case 'credit_note':
        return this.creditNote(op);
    }
  }

  /** The payment that a name stands for: `$topup<n>` the n-th automatic one, any other one the provider's id. */
  private async paymentId(name: string): Promise<string | null> {
    const nth = /^\$topup(\d+)$/.exec(name);
    const { orgId, currency } = this.books;
    if (nth) {
      const rows = await singleSql(this.db)<{ id: string }>`
        SELECT id FROM payment WHERE org_id = ${orgId} AND purpose = 'auto_top_up' ORDER BY created_at, id`;
      return rows[Number(nth[1]) - 1]?.id ?? null;
    }
    const known = this.payments.get(name);
    if (known) return known;
    const amount = this.item.ops.find((op) => op.op === 'payment' && op.payment === name && op.minor > 0n);
    if (amount?.op !== 'payment') return null;
    const id = mintId('payment', this.nowMs);
    await singleSql(this.db)`
      INSERT INTO payment (id, org_id, provider, status, currency, amount_minor, reference, provider_ref, created_at)
      VALUES (${id}, ${orgId}, 'stripe', 'pending', ${currency}, ${amount.minor}::bigint, ${id}, ${`${orgId}:${name}`},
        to_timestamp(${this.nowMs}::float8 / 1000))`;
    this.payments.set(name, id);
    return id;
  }

  private async payment(op: Extract<FlowOp, { op: 'payment' }>): Promise<void> {
    const id = await this.paymentId(op.payment);
    if (!id) throw new RangeError(`no payment ${op.payment}`);
    await withSql(this.db, async (sql) => {
      const event = { provider: 'flow', id: `${this.books.orgId}:${op.event}`, type: op.status, payload: {} };
      if (op.event && !(await noteEvent(sql, event))) return;
      await applyPaymentReport(sql, id, { status: op.status }, this.nowMs);
    });
  }

  private async debit(key: string, minor: bigint): Promise<void> {
    const micro = minorToMicro(minor, this.books.currency);
    await withSql(this.db, (sql) => chargeWallet(sql, this.books, { key, micro, memo: key }, this.bookedS, this.nowMs));
  }

  private async post({ key, entries }: Extract<FlowOp, { op: 'post' }>): Promise<void> {
    const { orgId, currency } = this.books;
    const micros = entries.map(({ account, minor }) => {
      return { account: account as LedgerAccount, currency, micro: minorToMicro(minor, currency) };
    });
    const head = { orgId, idemKey: `flow:${orgId}:${key}`, kind: 'charge' as const, memo: key, bookedS: this.bookedS };
    await withSql(this.db, (sql) => postJournal(sql, { ...head, entries: micros }, this.nowMs));
  }

  private async finalize(name: string, netMinor: bigint, tax: TaxRule): Promise<void> {
    const { db, books, nowMs } = this;
    const known = this.invoices.get(name);
    const fromS = known?.fromS ?? (await withSql(db, (sql) => openPeriod(sql, books, this.invoices.size, START_S)));
    const seller = { ...books.seller, tax };
    const issued = await withSql(db, (sql) => issue(sql, { ...books, seller }, { fromS, netMinor }, nowMs));
    if (issued) this.invoices.set(name, { fromS, ...issued, tax });
  }

  private invoice(name: string): FlowInvoice & { id: string } {
    const found = this.invoices.get(name);
    if (!found?.id) throw new RangeError(`no invoice ${name}`);
    return { ...found, id: found.id };
  }

  private async pay(name: string, mostMinor: bigint): Promise<void> {
    const request = { invoiceId: this.invoice(name).id, mostMinor };
    await withSql(this.db, (sql) => payInvoiceFromWallet(sql, this.books, request, this.bookedS, this.nowMs));
  }

  private async voidIt(name: string): Promise<void> {
    const { orgId } = this.books;
    const invoiceId = this.invoice(name).id;
    const request = { orgId, invoiceId, voidedBy: 'flow', reason: 'flow', reissue: false, bookedS: this.bookedS };
    const { refused } = await withSql(this.db, (sql) => voidInvoice(sql, request, this.nowMs));
    if (refused) throw new RangeError(refused);
  }

  private async creditNote(op: Extract<FlowOp, { op: 'credit_note' }>): Promise<void> {
    if (op.key !== null && this.notesByKey.has(op.key)) return;
    const { id, number, fromS, tax } = this.invoice(op.invoice);
    const books = { ...this.books, seller: { ...this.books.seller, tax } };
    const invoice = { invoiceId: id, number, fromS };
    await withSql(this.db, (sql) => giveBack(sql, books, invoice, op.netMinor, this.nowMs));
    if (op.key !== null) this.notesByKey.add(op.key);
  }

  private has(...kinds: FlowOp['op'][]): boolean {
    return this.item.ops.some(({ op }) => kinds.includes(op));
  }

  private async paymentResult(): Promise<object> {
    const [row] = await singleSql(this.db)<{ settled: string; requested: string }>`
      SELECT count(*) FILTER (WHERE status = 'succeeded')::text AS settled,
        count(*) FILTER (WHERE purpose = 'auto_top_up')::text AS requested
      FROM payment WHERE org_id = ${this.books.orgId}`;
    return {
      ...(this.item.autoTopUp ? { topups_requested: Number(row!.requested) } : {}),
      ...(this.has('payment') || this.item.autoTopUp ? { payments_settled: Number(row!.settled) } : {}),
    };
  }

  private async invoiceResult(): Promise<object> {
    if (!this.has('finalize')) return {};
    const rows = await singleSql(this.db)<{ id: string; number: string; status: string; is_paid: boolean }>`
      SELECT id, number, status, due_minor = 0 AND paid_minor > 0 AS is_paid FROM invoice WHERE org_id = ${this.books.orgId}`;
    const [entity] = await singleSql(this.db)<{ next_number: number }>`
      SELECT next_number FROM legal_entity WHERE id = ${this.books.seller.legalEntityId}`;
    const numbers: Record<string, number> = {};
    const states: Record<string, string> = {};
    for (const [name, { id }] of this.invoices) {
      const row = rows.find((one) => one.id === id)!;
      numbers[name] = Number(/(\d+)$/.exec(row.number)![1]);
      states[name] = row.is_paid ? 'paid' : row.status;
    }
    return { numbers, states, next_number: entity!.next_number };
  }

  private async noteResult(): Promise<object> {
    if (!this.has('credit_note')) return {};
    const notes = await singleSql(this.db)<{ id: string; net: string; tax: string; total: string }>`
      SELECT invoice_id AS id, net_minor::text AS net, tax_minor::text AS tax, total_minor::text AS total FROM credit_note
      WHERE org_id = ${this.books.orgId} ORDER BY created_at, id`;
    const nameOf = (id: string) => [...this.invoices].find(([, invoice]) => invoice.id === id)![0];
    const credit_notes = notes.map(({ id, net, tax, total }) => ({
      invoice: nameOf(id),
      net_minor: BigInt(net),
      tax_minor: BigInt(tax),
      total_minor: BigInt(total),
    }));
    return { credit_notes };
  }

  private async ledgerResult(): Promise<object> {
    if (!this.has('post')) return {};
    const rows = await singleSql(this.db)<{ account: string; micro: string }>`
      SELECT account, micro::text FROM ledger_balance WHERE org_id = ${this.books.orgId} ORDER BY account`;
    const entries = rows.map(({ account, micro }) => [account, microToMinor(BigInt(micro), this.books.currency)]);
    return { ledger: Object.fromEntries(entries) };
  }

  async result(): Promise<object> {
    const { orgId, currency } = this.books;
    const micro = await walletMicro(singleSql(this.db), orgId, currency);
    return {
      wallet_minor: microToMinor(micro, currency),
      ...(await this.paymentResult()),
      ...(await this.invoiceResult()),
      ...(await this.noteResult()),
      ...(await this.ledgerResult()),
      ...(this.has('credit_note', 'post') || this.refused > 0 ? { refused: this.refused } : {}),
    };
  }
}

/**
 * Runs a flow case through the real ledger, wallet and invoices, each operation in a transaction of its own (role
 * app_worker), and gives what stands in the books at its end, in the shape of the case's `expect`.
 */
export async function runFlow(db: Db, item: FlowCase): Promise<object> {
  const books = await withSql(db, (sql) => openBooks(sql, item, START_S));
  const run = new FlowRun(db, item, books);
  for (const op of item.ops) await run.apply(op);
  return run.result();
}
