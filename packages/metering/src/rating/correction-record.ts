import type { Span } from '@suanxiang/domain/calendar';
import { canonicalJson, type RatedTerms, termsText } from './canonical';
import type { MergedSeconds } from './merged-seconds';
import { effectiveS } from './prices';
import { parsePrice, parseTerms } from './proof-terms';
import { ratePeriod } from './rate';
import type { AllocationTerm, PriceRow, RatedLine } from './types';

/** An earlier invoice's period as it was rated again, as far as its lines changed. */
export interface CorrectedPeriod {
  invoiceId: string;
  number: string;
  period: Span;
  exponent: number;
  /** The leases whose lines changed. */
  allocations: readonly AllocationTerm[];
  prices: readonly PriceRow[];
  /** Minor units billed for each changed line until then: the invoice, later adjustments, less credit notes. */
  billedMinor: ReadonlyMap<string, bigint>;
}

/** The record of a corrected period in its one form; its SHA-256 is sealed with what the corrections became. */
export function correctionText(corrected: CorrectedPeriod): string {
  const { invoiceId, number, period, exponent, allocations, billedMinor } = corrected;
  const skus = new Set(allocations.map(({ sku }) => sku));
  const prices = corrected.prices.filter((row) => skus.has(row.sku) && effectiveS(row) < period.toS);
  const billed = [...billedMinor].map(([key, amountMinor]) => canonicalJson({ key, amountMinor })).sort();
  const terms: RatedTerms = { period, exponent, allocations };
  const texts = prices.map((row) => canonicalJson(row)).sort();
  return canonicalJson({ format: 'correction/1', invoiceId, number, prices: texts, terms: termsText(terms), billed });
}

/** What a record tells, read back. */
export interface CorrectionRecord {
  invoiceId: string;
  number: string;
  prices: PriceRow[];
  terms: RatedTerms;
  billedMinor: Map<string, bigint>;
}

export function parseCorrection(text: string): CorrectionRecord {
  const raw = JSON.parse(text) as {
    invoiceId: string;
    number: string;
    prices: string[];
    terms: string;
    billed: string[];
  };
  const billed = raw.billed.map((one) => JSON.parse(one) as { key: string; amountMinor: string });
  return {
    invoiceId: raw.invoiceId,
    number: raw.number,
    prices: raw.prices.map(parsePrice),
    terms: parseTerms(raw.terms),
    billedMinor: new Map(billed.map(({ key, amountMinor }) => [key, BigInt(amountMinor)])),
  };
}

/** The line of one lease of a corrected period, rated again; undefined when no such lease stands in the record. */
export function rateCorrectedLine(
  { terms, prices }: CorrectionRecord,
  key: string,
  usage: MergedSeconds | undefined,
): RatedLine | undefined {
  const term = terms.allocations.find(({ id }) => `usage:${id}` === key);
  if (!term) return undefined;
  const { period, exponent } = terms;
  const { lines } = ratePeriod({
    period,
    exponent,
    prices,
    allocations: [term],
    usage: new Map(usage ? [[term.id, usage]] : []),
  });
  return lines.find((line) => line.key === key);
}
