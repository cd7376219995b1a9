import type { Sql } from '@suanxiang/db/sql';
import type { Bilingual } from '@suanxiang/domain/locale';
import type { InvoiceLine, InvoiceSummary, InvoiceView, Party } from './view';

interface SummaryRow {
  id: string;
  number: string | null;
  status: 'final' | 'void';
  from_s: string;
  to_s: string;
  time_zone: string;
  currency: string;
  total: string;
  paid: string;
  due: string;
  issued_s: string;
}

function toSummary(row: SummaryRow): InvoiceSummary {
  return {
    id: row.id,
    number: row.number,
    status: row.status,
    fromS: Number(row.from_s),
    toS: Number(row.to_s),
    timeZone: row.time_zone,
    currency: row.currency,
    totalMinor: BigInt(row.total),
    paidMinor: BigInt(row.paid),
    dueMinor: BigInt(row.due),
    issuedS: Number(row.issued_s),
    finalS: null,
  };
}

/** Place of an invoice in the list; the page after begins behind it. */
export interface InvoicePlace {
  fromS: number;
  id: string;
}

/** Issued invoices of an organisation, the newest period first. `limit` 1..100. */
export async function listInvoices(
  sql: Sql,
  orgId: string,
  page: { limit: number; after?: InvoicePlace | null },
): Promise<InvoiceSummary[]> {
  const { limit, after = null } = page;
  const rows = await sql<SummaryRow>`
    SELECT id, number, status, from_s::text, to_s::text, time_zone, currency, total_minor::text AS total,
      paid_minor::text AS paid, due_minor::text AS due, extract(epoch FROM issued_at)::bigint::text AS issued_s
    FROM invoice
    WHERE org_id = ${orgId}
      AND (${after?.id ?? null}::text IS NULL OR (from_s, id) < (${after?.fromS ?? 0}::bigint, ${after?.id ?? ''}::text))
    ORDER BY invoice.from_s DESC, id DESC LIMIT ${limit}::int`;
  return rows.map(toSummary);
}

interface LineRow {
  key: string;
  kind: InvoiceLine['kind'];
  corrects: string | null;
  description: Bilingual;
  allocation_id: string | null;
  workload_id: string | null;
  project_id: string | null;
  sku: string | null;
  gpus: number;
  from_s: string;
  to_s: string;
  billed: string;
  measured: string;
  undelivered: string;
  minimum: string;
  gaps: { from_s: number; to_s: number; reason: string }[];
  qty: string;
  exact_minor: string;
  amount: string;
  segments: {
    kind: 'usage' | 'minimum';
    from_s: number;
    to_s: number;
    gpus: string;
    price_micro: string | null;
    qty: string;
    exact_minor: string;
    billed_seconds: number;
    allocation_id?: string;
    band?: number;
  }[];
  blocks: number;
  digest: string;
}

function toLine(row: LineRow): InvoiceLine {
  return {
    key: row.key,
    kind: row.kind,
    correctsInvoiceId: row.corrects,
    description: { en: row.description.en, zh: row.description.zh },
    allocationId: row.allocation_id,
    workloadId: row.workload_id,
    projectId: row.project_id,
    sku: row.sku,
    gpus: row.gpus,
    fromS: Number(row.from_s),
    toS: Number(row.to_s),
    billedSeconds: Number(row.billed),
    measuredSeconds: Number(row.measured),
    undeliveredSeconds: Number(row.undelivered),
    minimumSeconds: Number(row.minimum),
    undelivered: row.gaps.map((gap) => ({ fromS: gap.from_s, toS: gap.to_s, reason: gap.reason })),
    qty: row.qty,
    exactMinor: row.exact_minor,
    amountMinor: BigInt(row.amount),
    segments: row.segments.map((segment) => ({
      fromS: segment.from_s,
      toS: segment.to_s,
      kind: segment.kind,
      gpus: segment.gpus,
      microPerGpuHour: segment.price_micro === null ? null : BigInt(segment.price_micro),
      qty: segment.qty,
      exactMinor: segment.exact_minor,
      billedSeconds: segment.billed_seconds,
      ...(segment.allocation_id === undefined ? {} : { allocationId: segment.allocation_id }),
      ...(segment.band === undefined ? {} : { band: segment.band }),
    })),
    blockCount: row.blocks,
    blocksDigest: row.digest,
  };
}

async function readLines(sql: Sql, orgId: string, invoiceId: string): Promise<InvoiceLine[]> {
  const rows = await sql<LineRow>`
    SELECT key, kind, corrects_invoice_id AS corrects, description, allocation_id, workload_id, project_id, sku, gpus,
      from_s::text, to_s::text, billed_seconds::text AS billed, measured_seconds::text AS measured,
      undelivered_seconds::text AS undelivered, minimum_seconds::text AS minimum, undelivered AS gaps, qty, exact_minor,
      amount_minor::text AS amount, segments, block_count AS blocks, blocks_digest AS digest
    FROM invoice_line WHERE org_id = ${orgId} AND invoice_id = ${invoiceId} ORDER BY position`;
  return rows.map(toLine);
}

interface HeadRow extends SummaryRow {
  subtotal: string;
  promo: string;
  tax_rate_ppm: number;
  tax: string;
  digest: string;
  prev_digest: string | null;
  seller: Party;
  buyer: Party;
  engine_version: string;
  credited: string;
}

/** An issued invoice with its lines, or null when the organisation has none with this id. */
export async function readInvoice(sql: Sql, orgId: string, invoiceId: string): Promise<InvoiceView | null> {
  const [row] = await sql<HeadRow>`
    SELECT i.id, i.number, i.status, i.from_s::text, i.to_s::text, i.time_zone, i.currency, i.total_minor::text AS total,
      i.paid_minor::text AS paid, i.due_minor::text AS due, extract(epoch FROM i.issued_at)::bigint::text AS issued_s,
      i.subtotal_minor::text AS subtotal, i.promo_minor::text AS promo, i.tax_rate_ppm, i.tax_minor::text AS tax, i.digest, i.prev_digest, i.seller, i.buyer,
      r.engine_version, (SELECT coalesce(sum(n.total_minor), 0)::text FROM credit_note n
        WHERE n.org_id = i.org_id AND n.invoice_id = i.id) AS credited
    FROM invoice i JOIN rating_run r ON r.org_id = i.org_id AND r.id = i.run_id
    WHERE i.org_id = ${orgId} AND i.id = ${invoiceId}`;
  if (!row) return null;
  const party = ({ name, address, taxId }: Party): Party => ({ name, address, taxId });
  return {
    ...toSummary(row),
    subtotalMinor: BigInt(row.subtotal),
    promoMinor: BigInt(row.promo),
    taxRatePpm: row.tax_rate_ppm,
    taxMinor: BigInt(row.tax),
    creditedMinor: BigInt(row.credited),
    seller: party(row.seller),
    buyer: party(row.buyer),
    digest: row.digest,
    previousDigest: row.prev_digest,
    engineVersion: row.engine_version,
    lines: await readLines(sql, orgId, invoiceId),
  };
}
