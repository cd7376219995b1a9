import type { Span } from '@suanxiang/domain/calendar';
import { canonicalJson, type RatedTerms, termsText } from './canonical';
import { commitmentLine } from './commitment';
import { type Contract, negotiatedRows } from './contract';
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
  /** List prices, to which the contracts apply. */
  prices: readonly PriceRow[];
  contracts: readonly Contract[];
  /** The least spend and what all other lines cost, where its own line changed; null: it did not. */
  commitment: { minor: bigint; othersMinor: bigint } | null;
  /** Minor units billed for each changed line until then: the invoice, later adjustments, less credit notes. */
  billedMinor: ReadonlyMap<string, bigint>;
}

/** The record of a corrected period in its one form; its SHA-256 is sealed with what the corrections became. */
export function correctionText(corrected: CorrectedPeriod): string {
  const { invoiceId, number, period, exponent, allocations, contracts, billedMinor } = corrected;
  const skus = new Set(allocations.map(({ sku }) => sku));
  const prices = corrected.prices.filter((row) => skus.has(row.sku) && effectiveS(row) < period.toS);
  const billed = [...billedMinor].map(([key, amountMinor]) => canonicalJson({ key, amountMinor })).sort();
  const terms: RatedTerms = { period, exponent, allocations, contracts };
  const commitment = corrected.commitment ?? undefined;
  const texts = prices.map((row) => canonicalJson(row)).sort();
  return canonicalJson({
    format: 'correction/1',
    invoiceId,
    number,
    prices: texts,
    terms: termsText(terms),
    billed,
    commitment,
  });
}

/** What a record tells, read back. */
export interface CorrectionRecord {
  invoiceId: string;
  number: string;
  prices: PriceRow[];
  terms: RatedTerms;
  commitment: { minor: bigint; othersMinor: bigint } | null;
  billedMinor: Map<string, bigint>;
}

export function parseCorrection(text: string): CorrectionRecord {
  const raw = JSON.parse(text) as {
    invoiceId: string;
    number: string;
    prices: string[];
    terms: string;
    billed: string[];
    commitment?: { minor: string; othersMinor: string };
  };
  const { commitment } = raw;
  const billed = raw.billed.map((one) => JSON.parse(one) as { key: string; amountMinor: string });
  return {
    invoiceId: raw.invoiceId,
    number: raw.number,
    prices: raw.prices.map(parsePrice),
    terms: parseTerms(raw.terms),
    commitment: commitment ? { minor: BigInt(commitment.minor), othersMinor: BigInt(commitment.othersMinor) } : null,
    billedMinor: new Map(billed.map(({ key, amountMinor }) => [key, BigInt(amountMinor)])),
  };
}

/** The leases behind a line of a corrected period; undefined when none stands in the record. */
export function leasesBehind({ terms }: CorrectionRecord, key: string): AllocationTerm[] | undefined {
  const found = terms.allocations.filter(({ id, sku }) => key === `usage:${id}` || key === `tiered:${sku}`);
  return found.length > 0 ? found : undefined;
}

/** A line of a corrected period, rated again; undefined when nothing in the record stands behind it. */
export function rateCorrectedLine(
  record: CorrectionRecord,
  key: string,
  usage: ReadonlyMap<string, MergedSeconds>,
): RatedLine | undefined {
  const { period, exponent, contracts = [] } = record.terms;
  if (key === 'commitment' && record.commitment) {
    const { minor, othersMinor } = record.commitment;
    return commitmentLine(minor, [{ amountMinor: othersMinor }], period);
  }
  const allocations = leasesBehind(record, key);
  if (!allocations) return undefined;
  const prices = negotiatedRows(record.prices, contracts);
  const { lines } = ratePeriod({ period, exponent, prices, allocations, usage });
  return lines.find((line) => line.key === key);
}
