import type { Sql } from '@suanxiang/db/sql';
import { CURRENCY_EXPONENTS, type Currency } from '@suanxiang/domain/money';
import { formatFraction, parseFraction, rational, sub } from '@suanxiang/domain/rational';
import type { Cutoff } from '../ingest/cutoff';
import type { BillingPolicy } from '../policy';
import { correctionText } from '../rating/correction-record';
import { correctionsOf } from '../rating/corrections';
import { type RatedSpan, rateSpans } from '../usage/rate-span';
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
 * Issued invoices of the periods before each one that can still change: usage is taken up to the late limit, and everything
 * that arrived by the finalization before this one is in them already.
 */
async function issuedBefore(
  sql: Sql,
  periods: readonly { orgId: string; fromS: number }[],
  policy: BillingPolicy,
): Promise<Issued[][]> {
  const rows = await sql<{ part: number; id: string; number: string; from_s: string; to_s: string }>`
    SELECT p.part::int, i.id, i.number, i.from_s::text, i.to_s::text
    FROM unnest(${periods.map((p) => p.orgId)}::text[], ${periods.map((p) => String(p.fromS))}::bigint[])
      WITH ORDINALITY AS p(org_id, from_s, part)
    JOIN invoice i ON i.org_id = p.org_id AND i.status = 'final' AND i.to_s <= p.from_s
      AND i.to_s > p.from_s + ${policy.graceS - policy.lateLimitS}::bigint
    ORDER BY p.part, i.from_s`;
  const found = periods.map((): Issued[] => []);
  for (const { part, id, number, from_s: fromS, to_s: toS } of rows) {
    found[part - 1]!.push({ invoiceId: id, number, fromS: Number(fromS), toS: Number(toS) });
  }
  return found;
}

/**
 * Everything billed so far for each invoice's lines: itself, later adjustments, less credit notes. What operators gave back by
 * hand corrects no line, or the next closing would ask for it again.
 */
async function billedSoFar(
  sql: Sql,
  invoices: readonly { orgId: string; invoiceId: string }[],
): Promise<Map<string, bigint>[]> {
  const rows = await sql<{ part: number; key: string; amount: string }>`
    SELECT p.part::int, b.key, sum(b.amount)::text AS amount
    FROM unnest(${invoices.map((one) => one.orgId)}::text[], ${invoices.map((one) => one.invoiceId)}::text[])
      WITH ORDINALITY AS p(org_id, invoice_id, part)
    CROSS JOIN LATERAL (
      SELECT key, amount_minor AS amount FROM invoice_line
        WHERE org_id = p.org_id AND invoice_id = p.invoice_id AND kind <> 'adjustment'
      UNION ALL
      SELECT substr(l.key, length('adjustment:' || p.invoice_id || ':') + 1), l.amount_minor FROM invoice_line l
        JOIN invoice i ON i.org_id = l.org_id AND i.id = l.invoice_id AND i.status = 'final'
        WHERE l.org_id = p.org_id AND l.corrects_invoice_id = p.invoice_id
      UNION ALL
      SELECT n.key, -n.amount_minor::bigint FROM credit_note c,
        jsonb_to_recordset(c.lines) AS n(key text, amount_minor text)
        WHERE c.org_id = p.org_id AND c.invoice_id = p.invoice_id AND c.run_id IS NOT NULL
    ) AS b GROUP BY p.part, b.key`;
  const found = invoices.map(() => new Map<string, bigint>());
  for (const { part, key, amount } of rows) found[part - 1]!.set(key, BigInt(amount));
  return found;
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

const amountOf = (lines: RatedSpan['rated']['lines'], key: string) =>
  lines.find((line) => line.key === key)?.amountMinor ?? 0n;

/** What the corrections of an invoice were made of, as far as lines changed. */
function recordOf(
  invoice: Issued,
  currency: string,
  { leases, listPrices, contracts, commitmentMinor, rated }: RatedSpan,
  billed: ReadonlyMap<string, bigint>,
  changed: ReadonlyMap<string, bigint>,
): string {
  return correctionText({
    invoiceId: invoice.invoiceId,
    number: invoice.number,
    period: { fromS: rated.period.fromS, toS: rated.period.toS },
    exponent: CURRENCY_EXPONENTS[currency as Currency],
    allocations: leases
      .map(({ term }) => term)
      .filter(({ id, sku }) => changed.has(`usage:${id}`) || changed.has(`tiered:${sku}`)),
    prices: listPrices,
    contracts,
    commitment:
      commitmentMinor !== null && changed.has('commitment')
        ? { minor: commitmentMinor, othersMinor: rated.subtotalMinor - amountOf(rated.lines, 'commitment') }
        : null,
    billedMinor: new Map([...billed].filter(([key]) => changed.has(key))),
  });
}

/** An organisation and a period of it that is about to be closed. */
export interface ClosingPeriod {
  orgId: string;
  currency: string;
  fromS: number;
  cutoff: Cutoff;
}

/** What changed of one invoice; null when nothing did. */
async function correctionsOfInvoice(
  sql: Sql,
  { orgId, currency, cutoff }: ClosingPeriod,
  invoice: Issued,
  ratedSpan: RatedSpan,
  billed: ReadonlyMap<string, bigint>,
): Promise<PeriodCorrections | null> {
  const changed = correctionsOf(billed, ratedSpan.rated.lines);
  if (changed.length === 0) return null;
  const delta = new Map(changed.map(({ key, deltaMinor }) => [key, deltaMinor]));
  const lines = await composeLines(sql, orgId, ratedSpan, { cutoff, only: new Set(delta.keys()) });
  return {
    invoice,
    adjustments: lines
      .filter((line) => delta.get(line.key)! > 0n)
      .map((line) => toAdjustment(line, invoice, billed.get(line.key) ?? 0n)),
    reductions: changed
      .filter(({ deltaMinor }) => deltaMinor < 0n)
      .map(({ key, deltaMinor }) => {
        return { key, amountMinor: -deltaMinor, line: lines.find((line) => line.key === key) ?? null };
      }),
    record: recordOf(invoice, currency, ratedSpan, billed, delta),
  };
}

/**
 * Rates the earlier periods of some organisations again with everything that has arrived by each one's cutoff, and tells what
 * changed, in the order of the closings. No organisation twice.
 */
export async function correctEarlierPeriods(
  sql: Sql,
  closings: readonly ClosingPeriod[],
  policy: BillingPolicy,
): Promise<PeriodCorrections[][]> {
  const found = closings.map((): PeriodCorrections[] => []);
  const issued = await issuedBefore(sql, closings, policy);
  const most = Math.max(0, ...issued.map((own) => own.length));
  // The first earlier period of each organisation, then the second: in one reading nobody comes twice.
  for (let nth = 0; nth < most; nth += 1) {
    const places = [...closings.keys()].filter((place) => nth < issued[place]!.length);
    const requests = places.map((place) => {
      const { orgId, currency, cutoff } = closings[place]!;
      const invoice = issued[place]![nth]!;
      const { fromS, toS } = invoice;
      return { orgId, currency, fromS, toS, cutoff, asOfS: cutoff.arrivedS, asInvoice: true, invoice };
    });
    const rated = await rateSpans(sql, requests);
    const billed = await billedSoFar(
      sql,
      requests.map(({ orgId, invoice }) => ({ orgId, invoiceId: invoice.invoiceId })),
    );
    for (const [index, place] of places.entries()) {
      const { invoice } = requests[index]!;
      const changed = await correctionsOfInvoice(sql, closings[place]!, invoice, rated[index]!, billed[index]!);
      if (changed) found[place]!.push(changed);
    }
  }
  return found;
}
