import type { Sql } from '@suanxiang/db/sql';
import type { Bilingual } from '@suanxiang/domain/locale';
import type { Party } from './view';

export interface CreditNoteSummary {
  id: string;
  number: string;
  invoiceId: string;
  invoiceNumber: string;
  timeZone: string;
  currency: string;
  totalMinor: bigint;
  /** Of the total: what lowered the amount due of the invoice. The rest went to the balance. */
  settledMinor: bigint;
  /** Billing time, Unix seconds. */
  issuedS: number;
}

export interface CreditNoteLine {
  /** Key of the corrected line: usage:<allocation>. */
  key: string;
  description: Bilingual;
  allocationId: string | null;
  amountMinor: bigint;
}

/** A credit note with everything that is printed on it. */
export interface CreditNoteView extends CreditNoteSummary {
  /** Period of the corrected invoice. */
  fromS: number;
  toS: number;
  netMinor: bigint;
  taxMinor: bigint;
  taxRatePpm: number;
  seller: Party;
  buyer: Party;
  digest: string;
  lines: CreditNoteLine[];
}

interface SummaryRow {
  id: string;
  number: string;
  invoice_id: string;
  invoice_number: string;
  time_zone: string;
  currency: string;
  total: string;
  settled: string;
  issued_s: string;
}

const toSummary = (row: SummaryRow): CreditNoteSummary => ({
  id: row.id,
  number: row.number,
  invoiceId: row.invoice_id,
  invoiceNumber: row.invoice_number,
  timeZone: row.time_zone,
  currency: row.currency,
  totalMinor: BigInt(row.total),
  settledMinor: BigInt(row.settled),
  issuedS: Number(row.issued_s),
});

/** Credit notes of an organisation, the newest first; with `invoiceId` those of one invoice. `limit` 1..101. */
export async function listCreditNotes(
  sql: Sql,
  orgId: string,
  page: { limit: number; after?: { issuedS: number; id: string } | null; invoiceId?: string | null },
): Promise<CreditNoteSummary[]> {
  const { limit, after = null, invoiceId = null } = page;
  const rows = await sql<SummaryRow>`
    SELECT n.id, n.number, n.invoice_id, i.number AS invoice_number, i.time_zone, n.currency,
      n.total_minor::text AS total, n.settled_minor::text AS settled,
      extract(epoch FROM n.issued_at)::bigint::text AS issued_s
    FROM credit_note n JOIN invoice i ON i.org_id = n.org_id AND i.id = n.invoice_id
    WHERE n.org_id = ${orgId} AND (${invoiceId}::text IS NULL OR n.invoice_id = ${invoiceId}::text)
      AND (${after?.id ?? null}::text IS NULL
        OR (n.issued_at, n.id) < (to_timestamp(${after?.issuedS ?? 0}::bigint), ${after?.id ?? ''}::text))
    ORDER BY n.issued_at DESC, n.id DESC LIMIT ${limit}::int`;
  return rows.map(toSummary);
}

interface HeadRow extends SummaryRow {
  from_s: string;
  to_s: string;
  net: string;
  tax: string;
  tax_rate_ppm: number;
  seller: Party;
  buyer: Party;
  digest: string;
}

interface LineRow {
  key: string;
  amount: string;
  description: Bilingual | null;
  allocation_id: string | null;
}

/**
 * What a note gives back, line by line, in the order of the invoice. A line that only a later invoice billed (as a correction
 * of this one) is named by that.
 */
async function readLines(sql: Sql, orgId: string, noteId: string): Promise<CreditNoteLine[]> {
  const rows = await sql<LineRow>`
    SELECT g.key, g.amount_minor AS amount, coalesce(l.description, jsonb_build_object('en', n.reason, 'zh', n.reason)) AS description,
      l.allocation_id
    FROM credit_note n, jsonb_to_recordset(n.lines) AS g(key text, amount_minor text)
    LEFT JOIN LATERAL (
      SELECT description, allocation_id, position, invoice_id FROM invoice_line
      WHERE org_id = n.org_id AND ((invoice_id = n.invoice_id AND key = g.key)
        OR (corrects_invoice_id = n.invoice_id AND key = 'adjustment:' || n.invoice_id || ':' || g.key))
      ORDER BY invoice_id <> n.invoice_id, invoice_id LIMIT 1) l ON true
    WHERE n.org_id = ${orgId} AND n.id = ${noteId}
    ORDER BY l.invoice_id IS DISTINCT FROM n.invoice_id, l.position, g.key`;
  return rows.map((row) => ({
    key: row.key,
    description: { en: row.description?.en ?? row.key, zh: row.description?.zh ?? row.key },
    allocationId: row.allocation_id,
    amountMinor: BigInt(row.amount),
  }));
}

/** A credit note with its lines, or null when the organisation has none with this id. */
export async function readCreditNote(sql: Sql, orgId: string, noteId: string): Promise<CreditNoteView | null> {
  const [row] = await sql<HeadRow>`
    SELECT n.id, n.number, n.invoice_id, i.number AS invoice_number, i.time_zone, n.currency, n.digest,
      n.total_minor::text AS total, n.settled_minor::text AS settled, n.net_minor::text AS net, n.tax_minor::text AS tax,
      extract(epoch FROM n.issued_at)::bigint::text AS issued_s, i.from_s::text, i.to_s::text, i.tax_rate_ppm, i.seller, i.buyer
    FROM credit_note n JOIN invoice i ON i.org_id = n.org_id AND i.id = n.invoice_id
    WHERE n.org_id = ${orgId} AND n.id = ${noteId}`;
  if (!row) return null;
  const party = ({ name, address, taxId }: Party): Party => ({ name, address, taxId });
  return {
    ...toSummary(row),
    fromS: Number(row.from_s),
    toS: Number(row.to_s),
    netMinor: BigInt(row.net),
    taxMinor: BigInt(row.tax),
    taxRatePpm: row.tax_rate_ppm,
    seller: party(row.seller),
    buyer: party(row.buyer),
    digest: row.digest,
    lines: await readLines(sql, orgId, noteId),
  };
}
