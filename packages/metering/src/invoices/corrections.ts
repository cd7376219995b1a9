import type { Sql } from '@suanxiang/db/sql';
import { CURRENCY_EXPONENTS, type Currency } from '@suanxiang/domain/money';
import { formatFraction, parseFraction, rational, sub } from '@suanxiang/domain/rational';
import type { Cutoff } from '../ingest/cutoff';
import type { BillingPolicy } from '../policy';
import { correctionText } from '../rating/correction-record';
import { correctionsOf } from '../rating/corrections';
import { type RatedSpan, rateSpan } from '../usage/rate-span';
import { composeLines } from './compose';
import type { InvoiceLine } from './view';

/** An issued invoice whose period may have got usage since. */
interface Issued {
  invoiceId: string;
  number: string;
  fromS: number;
  toS: number;
}

/** What a finalized period lacks or has too much (S14). */
export interface PeriodCorrections {
  invoice: Issued;
  /** Amounts above 0, for the new invoice. */
  adjustments: InvoiceLine[];
  /** Amounts to give back, above 0, by line key. */
  reductions: Reduction[];
  /** What both were made of, in canonical form. */
  record: string;
}

/** What a line was billed too much, and the line as it now is (absent: nothing stands behind it any more). */
export interface Reduction {
  key: string;
  amountMinor: bigint;
  line: InvoiceLine | null;
}

/**
 * Issued invoices of the periods before this one that can still change: usage is taken up to the late limit, and everything
 * that arrived by the finalization before this one is in them already.
 */
async function issuedBefore(sql: Sql, orgId: string, fromS: number, policy: BillingPolicy): Promise<Issued[]> {
  const earliestToS = fromS + policy.graceS - policy.lateLimitS;
  const rows = await sql<{ id: string; number: string; from_s: string; to_s: string }>`
    SELECT id, number, from_s::text, to_s::text FROM invoice
    WHERE org_id = ${orgId} AND status = 'final' AND to_s <= ${fromS}::bigint AND to_s > ${earliestToS}::bigint
    ORDER BY invoice.from_s`;
  return rows.map((row) => ({
    invoiceId: row.id,
    number: row.number,
    fromS: Number(row.from_s),
    toS: Number(row.to_s),
  }));
}

/**
 * Everything billed so far for an invoice's lines: itself, later adjustments, less credit notes. What operators gave back by
 * hand corrects no line, or the next closing would ask for it again.
 */
async function billedSoFar(sql: Sql, orgId: string, invoiceId: string): Promise<Map<string, bigint>> {
  const rows = await sql<{ key: string; amount: string }>`
    SELECT key, sum(amount)::text AS amount FROM (
      SELECT key, amount_minor AS amount FROM invoice_line
        WHERE org_id = ${orgId} AND invoice_id = ${invoiceId} AND kind = 'usage'
      UNION ALL
      SELECT substr(l.key, length('adjustment:' || ${invoiceId}::text || ':') + 1), l.amount_minor FROM invoice_line l
        JOIN invoice i ON i.org_id = l.org_id AND i.id = l.invoice_id AND i.status = 'final'
        WHERE l.org_id = ${orgId} AND l.corrects_invoice_id = ${invoiceId}
      UNION ALL
      SELECT n.key, -n.amount_minor::bigint FROM credit_note,
        jsonb_to_recordset(lines) AS n(key text, amount_minor text)
        WHERE org_id = ${orgId} AND invoice_id = ${invoiceId} AND run_id IS NOT NULL
    ) AS billed GROUP BY key`;
  return new Map(rows.map((row) => [row.key, BigInt(row.amount)]));
}

/** A line of the corrected period as an adjustment: its seconds as they now are, its amount what is still to be billed. */
function toAdjustment(line: InvoiceLine, invoice: Issued, billedMinor: bigint): InvoiceLine {
  return {
    ...line,
    key: `adjustment:${invoice.invoiceId}:${line.key}`,
    kind: 'adjustment',
    correctsInvoiceId: invoice.invoiceId,
    description: {
      en: `Correction of ${invoice.number}: ${line.description.en}`,
      zh: `更正 ${invoice.number}：${line.description.zh}`,
    },
    exactMinor: formatFraction(sub(parseFraction(line.exactMinor), rational(billedMinor))),
    amountMinor: line.amountMinor - billedMinor,
  };
}

/** What the corrections of an invoice were made of, as far as lines changed. */
function recordOf(
  invoice: Issued,
  currency: string,
  { leases, prices, rated }: RatedSpan,
  billed: ReadonlyMap<string, bigint>,
  changed: ReadonlyMap<string, bigint>,
): string {
  return correctionText({
    invoiceId: invoice.invoiceId,
    number: invoice.number,
    period: { fromS: rated.period.fromS, toS: rated.period.toS },
    exponent: CURRENCY_EXPONENTS[currency as Currency],
    allocations: leases.map(({ term }) => term).filter(({ id }) => changed.has(`usage:${id}`)),
    prices,
    billedMinor: new Map([...billed].filter(([key]) => changed.has(key))),
  });
}

/** Rates the earlier periods again with everything that has arrived by the cutoff, and tells what changed. */
export async function correctEarlierPeriods(
  sql: Sql,
  org: { orgId: string; currency: string },
  period: { fromS: number },
  cutoff: Cutoff,
  policy: BillingPolicy,
): Promise<PeriodCorrections[]> {
  const found: PeriodCorrections[] = [];
  for (const invoice of await issuedBefore(sql, org.orgId, period.fromS, policy)) {
    const ratedSpan = await rateSpan(sql, org, invoice, { cutoff, asOfS: cutoff.arrivedS });
    const billed = await billedSoFar(sql, org.orgId, invoice.invoiceId);
    const changed = correctionsOf(billed, ratedSpan.rated.lines);
    if (changed.length === 0) continue;
    const delta = new Map(changed.map(({ key, deltaMinor }) => [key, deltaMinor]));
    const lines = await composeLines(sql, org.orgId, ratedSpan, { cutoff, only: new Set(delta.keys()) });
    found.push({
      invoice,
      adjustments: lines
        .filter((line) => delta.get(line.key)! > 0n)
        .map((line) => toAdjustment(line, invoice, billed.get(line.key) ?? 0n)),
      reductions: changed
        .filter(({ deltaMinor }) => deltaMinor < 0n)
        .map(({ key, deltaMinor }) => {
          return { key, amountMinor: -deltaMinor, line: lines.find((line) => line.key === key) ?? null };
        }),
      record: recordOf(invoice, org.currency, ratedSpan, billed, delta),
    });
  }
  return found;
}
