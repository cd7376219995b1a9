import type { Sql } from '@suanxiang/db/sql';
import { mintId } from '@suanxiang/domain/ids';
import { CURRENCY_EXPONENTS, type Currency, microPerMinor } from '@suanxiang/domain/money';
import { mul, parseFraction, rational, roundHalfAwayFromZero } from '@suanxiang/domain/rational';
import { burnGrants, burntTotal } from '../credit/grants';
import { type Journal, lockLedgers } from '../ledger/post-journal';
import { postJournals } from '../ledger/post-journals';
import type { Statement } from '../rating/statement';
import { takeInvoiceNumbers } from './numbers';
import type { Seller } from './parties';
import { type InvoiceLine, invoiceDigest, type Party, type RunDigests, type SealedInvoice } from './view';

export interface NewInvoice {
  orgId: string;
  currency: string;
  timeZone: string;
  fromS: number;
  toS: number;
  issuedS: number;
  runId: string;
  run: RunDigests;
  seller: Seller;
  buyer: Party;
  statement: Statement;
  lines: InvoiceLine[];
}

/** JSON of a line's segments and undelivered stretches; bigints as text. */
function segmentsJson(line: InvoiceLine): object[] {
  return line.segments.map((segment) => ({
    kind: segment.kind,
    from_s: segment.fromS,
    to_s: segment.toS,
    gpus: segment.gpus,
    price_micro: segment.microPerGpuHour?.toString() ?? null,
    qty: segment.qty,
    exact_minor: segment.exactMinor,
    billed_seconds: segment.billedSeconds,
    ...(segment.allocationId === undefined ? {} : { allocation_id: segment.allocationId, band: segment.band }),
  }));
}

/** A line as the database takes it. */
function lineRow(orgId: string, invoiceId: string, line: InvoiceLine, position: number): object {
  return {
    invoice_id: invoiceId,
    org_id: orgId,
    key: line.key,
    position,
    kind: line.kind,
    corrects: line.correctsInvoiceId,
    allocation_id: line.allocationId,
    workload_id: line.workloadId,
    project_id: line.projectId,
    description: line.description,
    sku: line.sku,
    gpus: line.gpus,
    qty: line.qty,
    exact_minor: line.exactMinor,
    amount_minor: line.amountMinor.toString(),
    from_s: line.fromS,
    to_s: line.toS,
    billed: line.billedSeconds,
    measured: line.measuredSeconds,
    undelivered: line.undeliveredSeconds,
    minimum: line.minimumSeconds,
    gaps: line.undelivered.map(({ fromS, toS, reason }) => ({ from_s: fromS, to_s: toS, reason })),
    segments: segmentsJson(line),
    digest: line.blocksDigest,
    blocks: line.blockCount,
  };
}

async function insertLines(sql: Sql, invoices: readonly Numbered[]): Promise<void> {
  const rows = invoices.flatMap(({ id, invoice }) =>
    invoice.lines.map((line, position) => lineRow(invoice.orgId, id, line, position)),
  );
  await sql`
    INSERT INTO invoice_line (invoice_id, org_id, key, position, kind, corrects_invoice_id, allocation_id, workload_id,
      project_id, description, sku, gpus, qty, exact_minor, amount_minor, from_s, to_s, billed_seconds, measured_seconds,
      undelivered_seconds, minimum_seconds, undelivered, segments, blocks_digest, block_count)
    SELECT invoice_id, org_id, key, position, kind, corrects, allocation_id, workload_id, project_id, description, sku,
      gpus, qty, exact_minor, amount_minor, from_s, to_s, billed, measured, undelivered, minimum, gaps, segments, digest, blocks
    FROM jsonb_to_recordset((${{ rows }}::jsonb)->'rows') AS l(invoice_id text, org_id text, key text, position int, kind text, corrects text,
      allocation_id text, workload_id text, project_id text, description jsonb, sku text, gpus int, qty text,
      exact_minor text, amount_minor bigint, from_s bigint, to_s bigint, billed bigint, measured bigint, undelivered bigint,
      minimum bigint, gaps jsonb, segments jsonb, digest text, blocks int)`;
}

/** Revenue of the lines in micro-units: exact for usage; with tax inside the prices, the net amount and what credit paid. */
function revenueMicro(invoice: NewInvoice, perMinor: bigint): bigint {
  if (invoice.seller.tax.mode === 'inclusive') {
    return (invoice.statement.netMinor + burntTotal(invoice.statement.promo)) * perMinor;
  }
  const exact = invoice.lines.map((line) =>
    line.kind !== 'adjustment'
      ? roundHalfAwayFromZero(mul(parseFraction(line.exactMinor), rational(perMinor)))
      : line.amountMinor * perMinor,
  );
  return exact.reduce((total, micro) => total + micro, 0n);
}

/** The journal of an invoice: receivable against revenue and tax; what rounding to minor units made stands in its own account. */
function journalOf({ invoice, id, number }: Numbered): Journal {
  const { orgId, currency, statement } = invoice;
  const perMinor = microPerMinor(CURRENCY_EXPONENTS[currency as Currency]);
  const revenue = revenueMicro(invoice, perMinor);
  const promoMinor = burntTotal(statement.promo);
  const entries = [
    { account: 'receivable' as const, currency, micro: statement.totalMinor * perMinor },
    { account: 'tax_payable' as const, currency, micro: -statement.taxMinor * perMinor },
    { account: 'revenue' as const, currency, micro: -revenue },
    { account: 'promotional' as const, currency, micro: promoMinor * perMinor },
    { account: 'rounding' as const, currency, micro: revenue - (statement.netMinor + promoMinor) * perMinor },
  ];
  return { orgId, idemKey: `invoice:${id}`, kind: 'invoice', memo: number, bookedS: invoice.issuedS, entries };
}

/** The digest that the next invoice of each seals; the caller holds the ledgers, so that nobody else seals the same one. */
async function lastDigests(sql: Sql, orgIds: readonly string[]): Promise<Map<string, string>> {
  await lockLedgers(sql, orgIds);
  const rows = await sql<{ org_id: string; digest: string }>`
    SELECT o.id AS org_id, last.digest FROM unnest(${orgIds}::text[]) AS o(id) CROSS JOIN LATERAL (
      SELECT digest FROM invoice i WHERE i.org_id = o.id
        AND NOT EXISTS (SELECT 1 FROM invoice n WHERE n.org_id = i.org_id AND n.prev_digest = i.digest)
      ORDER BY created_at DESC, id DESC LIMIT 1) AS last`;
  return new Map(rows.map((row) => [row.org_id, row.digest]));
}

/** An invoice that has got its number, and its row. */
interface Numbered {
  id: string;
  number: string;
  invoice: NewInvoice;
  row: object;
}

function numbered(invoice: NewInvoice, number: string, previousDigest: string | null, nowMs: number): Numbered {
  const { orgId, currency, timeZone, fromS, toS, issuedS, runId, statement, lines, seller, buyer } = invoice;
  const id = mintId('invoice', nowMs);
  const taxRatePpm = Number(seller.tax.ratePpm);
  const { taxMinor, totalMinor } = statement;
  const subtotalMinor = statement.subtotalMinor + statement.adjustmentsMinor;
  const promoMinor = burntTotal(statement.promo);
  const amounts = { subtotalMinor, promoMinor, taxRatePpm, taxMinor, totalMinor };
  const head = { number, fromS, toS, timeZone, currency, ...amounts, issuedS };
  const sealed: SealedInvoice = { ...head, seller: seller.party, buyer, lines, previousDigest };
  const row = {
    id,
    org_id: orgId,
    legal_entity_id: seller.legalEntityId,
    number,
    from_s: fromS,
    to_s: toS,
    currency,
    time_zone: timeZone,
    subtotal: subtotalMinor.toString(),
    rate: taxRatePpm,
    tax: taxMinor.toString(),
    promo: promoMinor.toString(),
    total: totalMinor.toString(),
    run_id: runId,
    digest: invoiceDigest(sealed, invoice.run),
    prev_digest: previousDigest,
    seller: seller.party,
    buyer,
    issued_s: issuedS,
  };
  return { id, number, invoice, row };
}

/**
 * Numbers, seals, stores and books invoices of one seller in the caller's transaction, of each organisation one. Returns their ids
 * and numbers in their order.
 */
export async function storeInvoices(
  sql: Sql,
  invoices: readonly NewInvoice[],
  nowMs: number,
): Promise<{ id: string; number: string }[]> {
  if (invoices.length === 0) return [];
  const { seller } = invoices[0]!;
  if (invoices.some((invoice) => invoice.seller.legalEntityId !== seller.legalEntityId)) {
    throw new RangeError('invoices of two sellers are not numbered together');
  }
  const previous = await lastDigests(
    sql,
    invoices.map((invoice) => invoice.orgId),
  );
  const numbers = await takeInvoiceNumbers(sql, seller, invoices);
  const all = invoices.map((invoice, at) =>
    numbered(invoice, numbers[at]!, previous.get(invoice.orgId) ?? null, nowMs),
  );
  const rows = all.map(({ row }) => row);
  await sql`
    INSERT INTO invoice (id, org_id, legal_entity_id, number, status, from_s, to_s, currency, time_zone, subtotal_minor,
      tax_rate_ppm, tax_minor, promo_minor, total_minor, paid_minor, due_minor, run_id, digest,
      prev_digest, seller, buyer, issued_at)
    SELECT id, org_id, legal_entity_id, number, 'final', from_s, to_s, currency, time_zone, subtotal, rate, tax, promo, total, 0,
      total, run_id, digest, prev_digest, seller, buyer, to_timestamp(issued_s)
    FROM jsonb_to_recordset((${{ rows }}::jsonb)->'rows') AS i(id text, org_id text, legal_entity_id text, number text,
      from_s bigint, to_s bigint, currency text, time_zone text, subtotal bigint, rate int, tax bigint, promo bigint, total bigint,
      run_id text, digest text, prev_digest text, seller jsonb, buyer jsonb, issued_s bigint)`;
  await insertLines(sql, all);
  await burnGrants(
    sql,
    all.map(({ id, invoice }) => ({ orgId: invoice.orgId, invoiceId: id, burnt: invoice.statement.promo })),
  );
  await postJournals(sql, all.map(journalOf), nowMs);
  return all.map(({ id, number }) => ({ id, number }));
}

/** The same for one invoice. */
export async function storeInvoice(
  sql: Sql,
  invoice: NewInvoice,
  nowMs: number,
): Promise<{ id: string; number: string }> {
  const [stored] = await storeInvoices(sql, [invoice], nowMs);
  return stored!;
}
