import type { Sql } from '@suanxiang/db/sql';
import { mintId } from '@suanxiang/domain/ids';

/** Accounts of an organisation's books. wallet is a liability: a credit is the tenant's money. */
export type LedgerAccount =
  | 'wallet'
  | 'receivable'
  | 'revenue'
  | 'rounding'
  | 'promotional'
  | 'cash'
  | 'tax_payable'
  /** Used and not invoiced yet, and the revenue that it will be. */
  | 'unbilled'
  | 'revenue_unbilled';

export type JournalKind =
  | 'top_up'
  | 'promotion'
  | 'invoice'
  | 'invoice_payment'
  | 'credit_note'
  | 'charge'
  | 'refund'
  | 'void'
  | 'accrual';

export interface LedgerEntry {
  account: LedgerAccount;
  currency: string;
  /** 10^-6 of the major unit; debit positive, credit negative. */
  micro: bigint;
}

export interface Journal {
  orgId: string;
  /** Names the business event, never a clock reading: the same event is booked once. */
  idemKey: string;
  kind: JournalKind;
  /** Number or reference of the document. */
  memo: string;
  /** When it counts, in billing time (Unix seconds). */
  bookedS: number;
  entries: readonly LedgerEntry[];
}

/** A posting that cannot be booked: it does not balance, or its key stands for another one. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
}

/** Throws LedgerError unless the entries of each currency sum to zero. */
export function requireBalance(entries: readonly LedgerEntry[]): void {
  const totals = new Map<string, bigint>();
  for (const { currency, micro } of entries) totals.set(currency, (totals.get(currency) ?? 0n) + micro);
  for (const [currency, micro] of totals) {
    if (micro !== 0n) throw new LedgerError(`the journal is off by ${micro} micro-units of ${currency}`);
  }
}

/** Whose ledger a transaction holds already, so that asking again costs nothing; every transaction has statements of its own. */
const held = new WeakMap<Sql, Set<string>>();

/**
 * Makes the caller the only one that books for these organisations until its transaction ends: asked in the order of their ids,
 * so that nobody waits in a circle. Whoever touches balances, invoices or credit notes takes it first of all, and all that it
 * needs at once.
 */
export async function lockLedgers(sql: Sql, orgIds: readonly string[]): Promise<void> {
  const own = held.get(sql) ?? new Set<string>();
  held.set(sql, own);
  const wanted = [...new Set(orgIds)].filter((orgId) => !own.has(orgId));
  if (wanted.length === 0) return;
  for (const orgId of wanted) own.add(orgId);
  await sql`
    SELECT pg_advisory_xact_lock(hashtextextended('ledger:' || id, 0))
    FROM (SELECT id FROM unnest(${wanted}::text[]) AS o(id) ORDER BY id) AS ordered`;
}

/** The same for one organisation. */
export function lockLedger(sql: Sql, orgId: string): Promise<void> {
  return lockLedgers(sql, [orgId]);
}

/**
 * Books one balanced journal in the caller's transaction, once per idemKey; the database checks the balance
 * again. Entries of 0 are left out. Returns the journal's id, and false when it had been booked already. Throws
 * LedgerError when it does not balance or the key belongs to another organisation or kind.
 */
export async function postJournal(sql: Sql, journal: Journal, nowMs: number): Promise<{ id: string; posted: boolean }> {
  requireBalance(journal.entries);
  const { orgId, idemKey, kind, memo, bookedS } = journal;
  const id = mintId('journal', nowMs);
  await lockLedger(sql, orgId);
  const inserted = await sql`
    INSERT INTO journal (id, org_id, idem_key, kind, memo, booked_s)
    VALUES (${id}, ${orgId}, ${idemKey}, ${kind}, ${memo}, ${bookedS}::bigint)
    ON CONFLICT (idem_key) DO NOTHING RETURNING id`;
  if (inserted.length === 0) {
    const [known] = await sql<{ id: string }>`
      SELECT id FROM journal WHERE idem_key = ${idemKey} AND org_id = ${orgId} AND kind = ${kind}`;
    if (!known) throw new LedgerError(`the key ${idemKey} stands for another journal`);
    return { id: known.id, posted: false };
  }
  const entries = journal.entries.filter(({ micro }) => micro !== 0n);
  await sql`
    INSERT INTO ledger_entry (journal_id, org_id, position, account, currency, micro)
    SELECT ${id}, ${orgId}, position - 1, account, currency, micro::numeric
    FROM unnest(${entries.map((e) => e.account)}::text[], ${entries.map((e) => e.currency)}::text[],
      ${entries.map((e) => e.micro.toString())}::text[]) WITH ORDINALITY AS e(account, currency, micro, position)`;
  return { id, posted: true };
}

/** What the tenant has in its wallet, in micro-units; negative when overdrawn. `lock` holds it until commit. */
export async function walletMicro(sql: Sql, orgId: string, currency: string, lock = false): Promise<bigint> {
  const [row] = lock
    ? await sql<{ micro: string }>`
        SELECT micro::text FROM ledger_balance
        WHERE org_id = ${orgId} AND account = 'wallet' AND currency = ${currency} FOR UPDATE`
    : await sql<{ micro: string }>`
        SELECT micro::text FROM ledger_balance
        WHERE org_id = ${orgId} AND account = 'wallet' AND currency = ${currency}`;
  return -BigInt(row?.micro ?? '0');
}

/**
 * The entries that take back every journal of business events, in their order: those whose key is `family` or begins with
 * `family:`. Exact, by account and currency, whatever was booked.
 */
export async function reversalsOf(
  sql: Sql,
  events: readonly { orgId: string; family: string }[],
): Promise<LedgerEntry[][]> {
  const rows = await sql<{ part: number; account: LedgerAccount; currency: string; micro: string }>`
    SELECT f.part::int, e.account, e.currency, sum(e.micro)::text AS micro
    FROM unnest(${events.map((event) => event.orgId)}::text[], ${events.map((event) => event.family)}::text[])
      WITH ORDINALITY AS f(org_id, family, part)
    JOIN journal j ON j.org_id = f.org_id AND (j.idem_key = f.family OR starts_with(j.idem_key, f.family || ':'))
    JOIN ledger_entry e ON e.org_id = j.org_id AND e.journal_id = j.id
    GROUP BY f.part, e.account, e.currency`;
  const found = events.map((): LedgerEntry[] => []);
  for (const { part, account, currency, micro } of rows) {
    found[part - 1]!.push({ account, currency, micro: -BigInt(micro) });
  }
  return found;
}
