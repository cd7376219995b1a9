import type { Sql } from '@suanxiang/db/sql';
import type { Span } from '@suanxiang/domain/calendar';
import { CURRENCY_EXPONENTS, type Currency } from '@suanxiang/domain/money';
import type { Cutoff } from '../ingest/cutoff';
import { periodsIn } from '../periods';
import { type Contract, commitmentOf } from '../rating/contract';
import { ratePeriod } from '../rating/rate';
import { sharesOf } from '../rating/shares';
import type { PriceRow, RatedLine, RatedPeriod } from '../rating/types';
import { type Lease, type LeaseFilter, loadTermsOf, type TermsRequest } from './load-terms';
import { loadUsageOf } from './load-usage';

export interface RatedSpan {
  rated: RatedPeriod;
  leases: Lease[];
  leaseById: ReadonlyMap<string, Lease>;
  /** What the account pays, and the list that its contracts apply to. */
  prices: PriceRow[];
  listPrices: PriceRow[];
  contracts: Contract[];
  /** Least spend of the period; null: none, or the span is no period. */
  commitmentMinor: bigint | null;
}

export interface RateOptions
  extends LeaseFilter,
    Pick<SpanRequest, 'asOfS' | 'untilS' | 'cutsS' | 'cutoff' | 'asInvoice'> {}

/** An organisation's span to be rated; no organisation twice in one reading. */
export interface SpanRequest extends TermsRequest {
  /** Seconds from here on are not rated; default: the end of the span. */
  untilS?: number | undefined;
  /** Extra seconds at which segments are cut. */
  cutsS?: readonly number[] | undefined;
  /** Which blocks may be read; null or absent: all that have arrived. */
  cutoff?: Cutoff | null | undefined;
  /** The span is a billing period and its commitment counts. */
  asInvoice?: boolean | undefined;
}

/**
 * Loads the terms of spans of some organisations and rates each: the one way from the database into the rater. The lines are those of an
 * invoice: a tiered SKU has one over all its leases.
 */
export async function rateSpans(
  sql: Sql,
  requests: readonly SpanRequest[],
  filter: LeaseFilter = {},
): Promise<RatedSpan[]> {
  const terms = await loadTermsOf(sql, requests, filter);
  const inputs = requests.map(({ orgId, fromS, toS, untilS = toS, cutsS = [], cutoff = null }, place) => {
    const { leases, prices } = terms[place]!;
    const allocations = leases.map((lease) => lease.term);
    return { orgId, cutoff, period: { fromS, toS }, untilS, cutsS, prices, terms: allocations };
  });
  const usage = await loadUsageOf(sql, inputs);
  return inputs.map(({ period, untilS, cutsS, prices, terms: allocations }, place) => {
    const exponent = CURRENCY_EXPONENTS[requests[place]!.currency as Currency];
    const { leases, listPrices, contracts } = terms[place]!;
    const commitmentMinor = requests[place]!.asInvoice ? commitmentOf(contracts, period) : null;
    const given = { period, exponent, prices, allocations, untilS, cutsS, commitmentMinor };
    const rated = ratePeriod({ ...given, usage: usage[place]! });
    const leaseById = new Map(leases.map((lease) => [lease.term.id, lease]));
    return { rated, leases, leaseById, prices, listPrices, contracts, commitmentMinor };
  });
}

/**
 * What each lease has of the tiered lines of a span. A tier counts everything that the account has used in the period, whatever is
 * asked for, so that whole periods of all leases are rated and taken apart.
 */
async function rateShares(sql: Sql, request: SpanRequest, leases: readonly Lease[]): Promise<RatedPeriod> {
  const { orgId, fromS, toS, cutsS = [], untilS = toS } = request;
  const span = { fromS, toS: Math.min(untilS, toS) };
  const lines: RatedLine[] = [];
  for (const period of await periodsIn(sql, orgId, span)) {
    const part = { fromS: period.fromS, toS: Math.min(period.toS, span.toS) };
    const [found] = await rateSpans(sql, [{ ...request, ...part, untilS: undefined, cutsS: [...cutsS, fromS] }]);
    lines.push(...found!.rated.lines);
  }
  const shares = sharesOf(
    lines,
    leases.map((lease) => lease.term),
    span,
  );
  const subtotalMinor = shares.reduce((subtotal, { amountMinor }) => subtotal + amountMinor, 0n);
  return { period: { fromS, toS }, lines: shares, subtotalMinor, capReachedS: null };
}

/** The same of one organisation's span. Unless `asInvoice`, every line belongs to one lease, whatever tiers there are. */
export async function rateSpan(
  sql: Sql,
  org: { orgId: string; currency: string },
  span: Span,
  options: RateOptions = {},
): Promise<RatedSpan> {
  const { asOfS, untilS, cutsS, cutoff, asInvoice, ...filter } = options;
  const { orgId, currency } = org;
  const { fromS, toS } = span;
  const request: SpanRequest = { orgId, currency, fromS, toS, asOfS, untilS, cutsS, cutoff, asInvoice };
  const [found] = await rateSpans(sql, [request], filter);
  const isTiered = found!.rated.lines.some((line) => line.kind === 'tiered');
  return isTiered && !asInvoice ? { ...found!, rated: await rateShares(sql, request, found!.leases) } : found!;
}
