import type { Sql } from '@suanxiang/db/sql';
import { mintId } from '@suanxiang/domain/ids';
import { type Journal, LedgerError, lockLedgers, requireBalance } from './post-journal';

/** Refuses keys that stand for another organisation or kind. */
async function requireOwnKeys(sql: Sql, journals: readonly Journal[]): Promise<void> {
  const rows = await sql<{ idem_key: string }>`
    SELECT j.idem_key FROM unnest(${journals.map((j) => j.idemKey)}::text[], ${journals.map((j) => j.orgId)}::text[],
      ${journals.map((j) => j.kind)}::text[]) AS g(idem_key, org_id, kind)
    JOIN journal j ON j.idem_key = g.idem_key WHERE j.org_id <> g.org_id OR j.kind <> g.kind LIMIT 1`;
  if (rows[0]) throw new LedgerError(`the key ${rows[0].idem_key} stands for another journal`);
}

/**
 * Books many balanced journals of any organisations in the caller's transaction, each once per idemKey, with a handful of
 * statements: the same promises as postJournal. Returns how many were new. Role app_worker.
 */
export async function postJournals(sql: Sql, journals: readonly Journal[], nowMs: number): Promise<number> {
  if (journals.length === 0) return 0;
  for (const { entries } of journals) requireBalance(entries);
  const keys = new Set(journals.map((journal) => journal.idemKey));
  if (keys.size !== journals.length) throw new LedgerError('a key stands twice in one booking');
  const ids = journals.map(() => mintId('journal', nowMs));
  await lockLedgers(
    sql,
    journals.map((journal) => journal.orgId),
  );
  const inserted = await sql<{ id: string }>`
    INSERT INTO journal (id, org_id, idem_key, kind, memo, booked_s)
    SELECT * FROM unnest(${ids}::text[], ${journals.map((j) => j.orgId)}::text[], ${journals.map((j) => j.idemKey)}::text[],
      ${journals.map((j) => j.kind)}::text[], ${journals.map((j) => j.memo)}::text[],
      ${journals.map((j) => String(j.bookedS))}::bigint[])
    ON CONFLICT (idem_key) DO NOTHING RETURNING id`;
  if (inserted.length < journals.length) await requireOwnKeys(sql, journals);
  const fresh = new Set(inserted.map((row) => row.id));
  const entries = journals.flatMap((journal, at) =>
    fresh.has(ids[at]!)
      ? journal.entries
          .filter(({ micro }) => micro !== 0n)
          .map((entry, position) => ({ ...entry, position, id: ids[at]!, orgId: journal.orgId }))
      : [],
  );
  await sql`
    INSERT INTO ledger_entry (journal_id, org_id, position, account, currency, micro)
    SELECT * FROM unnest(${entries.map((e) => e.id)}::text[], ${entries.map((e) => e.orgId)}::text[],
      ${entries.map((e) => String(e.position))}::int[], ${entries.map((e) => e.account)}::text[],
      ${entries.map((e) => e.currency)}::text[], ${entries.map((e) => e.micro.toString())}::numeric[])`;
  return fresh.size;
}
