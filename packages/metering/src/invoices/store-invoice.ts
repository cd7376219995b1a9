import type { Sql } from '@suanxiang/db/sql';
import { mintId } from '@suanxiang/domain/ids';
import { CURRENCY_EXPONENTS, type Currency, microPerMinor } from '@suanxiang/domain/money';
import { mul, parseFraction, rational, roundHalfAwayFromZero } from '@suanxiang/domain/rational';
import { burnGrants, burntTotal } from '../credit/grants';
import { lockLedger, postJournal } from '../ledger/post-journal';
import type { Statement } from '../rating/statement';
import { takeInvoiceNumber } from './numbers';
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
  }));
}

async function insertLines(sql: Sql, orgId: string, invoiceId: string, lines: readonly InvoiceLine[]): Promise<void> {
  const rows = lines.map((line, position) => ({
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
  }));
  await sql`
    INSERT INTO invoice_line (invoice_id, org_id, key, position, kind, corrects_invoice_id, allocation_id, workload_id,
      project_id, description, sku, gpus, qty, exact_minor, amount_minor, from_s, to_s, billed_seconds, measured_seconds,
      undelivered_seconds, minimum_seconds, undelivered, segments, blocks_digest, block_count)
    SELECT ${invoiceId}, ${orgId}, key, position, kind, corrects, allocation_id, workload_id, project_id, description, sku,
      gpus, qty, exact_minor, amount_minor, from_s, to_s, billed, measured, undelivered, minimum, gaps, segments, digest, blocks
    FROM jsonb_to_recordset((${{ rows }}::jsonb)->'rows') AS l(key text, position int, kind text, corrects text,
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
    line.kind === 'usage'
      ? roundHalfAwayFromZero(mul(parseFraction(line.exactMinor), rational(perMinor)))
      : line.amountMinor * perMinor,
  );
  return exact.reduce((total, micro) => total + micro, 0n);
}

/** Books an invoice: receivable against revenue and tax; what rounding to minor units made stands in its own account. */
async function book(sql: Sql, invoice: NewInvoice, id: string, number: string, nowMs: number): Promise<void> {
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
  const head = { orgId, idemKey: `invoice:${id}`, kind: 'invoice' as const, memo: number, bookedS: invoice.issuedS };
  await postJournal(sql, { ...head, entries }, nowMs);
}

/** The digest that the next invoice seals; the caller holds the ledger, so that nobody else seals the same one. */
async function lastDigest(sql: Sql, orgId: string): Promise<string | null> {
  await lockLedger(sql, orgId);
  const [last] = await sql<{ digest: string }>`
    SELECT digest FROM invoice i WHERE org_id = ${orgId}
      AND NOT EXISTS (SELECT 1 FROM invoice n WHERE n.org_id = i.org_id AND n.prev_digest = i.digest)
    ORDER BY created_at DESC, id DESC LIMIT 1`;
  return last?.digest ?? null;
}

/** Numbers, seals, stores and books an invoice in the caller's transaction. Returns its id and number. */
export async function storeInvoice(
  sql: Sql,
  invoice: NewInvoice,
  nowMs: number,
): Promise<{ id: string; number: string }> {
  const { orgId, currency, timeZone, fromS, toS, issuedS, statement, lines, seller, buyer } = invoice;
  const id = mintId('invoice', nowMs);
  const number = await takeInvoiceNumber(sql, seller, issuedS, timeZone);
  const taxRatePpm = Number(seller.tax.ratePpm);
  const { taxMinor, totalMinor } = statement;
  const subtotalMinor = statement.subtotalMinor + statement.adjustmentsMinor;
  const promoMinor = burntTotal(statement.promo);
  const amounts = { subtotalMinor, promoMinor, taxRatePpm, taxMinor, totalMinor };
  const head = { number, fromS, toS, timeZone, currency, ...amounts, issuedS };
  const previousDigest = await lastDigest(sql, orgId);
  const sealed: SealedInvoice = { ...head, seller: seller.party, buyer, lines, previousDigest };
  const digest = invoiceDigest(sealed, invoice.run);
  await sql`
    INSERT INTO invoice (id, org_id, legal_entity_id, number, status, from_s, to_s, currency, time_zone, subtotal_minor,
      tax_rate_ppm, tax_minor, promo_minor, total_minor, paid_minor, due_minor, run_id, digest,
      prev_digest, seller, buyer, issued_at)
    VALUES (${id}, ${orgId}, ${seller.legalEntityId}, ${number}, 'final', ${fromS}::bigint, ${toS}::bigint, ${currency},
      ${timeZone}, ${subtotalMinor}::bigint, ${taxRatePpm}::int, ${taxMinor}::bigint, ${promoMinor}::bigint, ${totalMinor}::bigint, 0,
      ${totalMinor}::bigint, ${invoice.runId}, ${digest}, ${previousDigest}, ${seller.party}::jsonb, ${buyer}::jsonb,
      to_timestamp(${issuedS}::bigint))`;
  await insertLines(sql, orgId, id, lines);
  await burnGrants(sql, orgId, id, statement.promo);
  await book(sql, invoice, id, number, nowMs);
  return { id, number };
}
