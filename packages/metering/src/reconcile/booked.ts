import type { Sql } from '@suanxiang/db/sql';
import type { JournalKind, LedgerAccount } from '../ledger/post-journal';

/** What is booked for the documents of some organisations: micro-units by journal kind, document and account. */
export class Booked {
  readonly #micro = new Map<string, bigint>();
  readonly #seen = new Set<string>();

  add(kind: JournalKind, family: string, id: string, account: LedgerAccount, micro: bigint): void {
    this.#micro.set(`${kind} ${family} ${id} ${account}`, micro);
    this.#seen.add(`${kind} ${id}`);
  }

  /** Debits less credits on one account; 0 when nothing is booked. */
  micro(kind: JournalKind, family: string, id: string, account: LedgerAccount): bigint {
    return this.#micro.get(`${kind} ${family} ${id} ${account}`) ?? 0n;
  }

  has(kind: JournalKind, id: string): boolean {
    return this.#seen.has(`${kind} ${id}`);
  }
}

/** Adds up the books once: the key of every journal is `family:document[:step]`. */
export async function readBooked(sql: Sql, orgs: readonly string[]): Promise<Booked> {
  const rows = await sql<{ kind: JournalKind; family: string; id: string; account: LedgerAccount; micro: string }>`
    SELECT j.kind, split_part(j.idem_key, ':', 1) AS family, split_part(j.idem_key, ':', 2) AS id, e.account,
      sum(e.micro)::text AS micro
    FROM journal j JOIN ledger_entry e ON e.org_id = j.org_id AND e.journal_id = j.id
    WHERE j.org_id = ANY (${[...orgs]}::text[])
      AND j.kind IN ('invoice', 'invoice_payment', 'credit_note', 'void', 'top_up', 'refund')
    GROUP BY 1, 2, 3, 4`;
  const booked = new Booked();
  for (const row of rows) booked.add(row.kind, row.family, row.id, row.account, BigInt(row.micro));
  return booked;
}
