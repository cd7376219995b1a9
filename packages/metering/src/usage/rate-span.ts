import type { Sql } from '@suanxiang/db/sql';
import type { Span } from '@suanxiang/domain/calendar';
import { CURRENCY_EXPONENTS, type Currency } from '@suanxiang/domain/money';
import type { Cutoff } from '../ingest/cutoff';
import { ratePeriod } from '../rating/rate';
import type { PriceRow, RatedPeriod } from '../rating/types';
import { type Lease, type LeaseFilter, loadTermsOf, type TermsRequest } from './load-terms';
import { loadUsageOf } from './load-usage';

export interface RatedSpan {
  rated: RatedPeriod;
  leases: Lease[];
  leaseById: ReadonlyMap<string, Lease>;
  prices: PriceRow[];
}

export interface RateOptions extends LeaseFilter, Pick<SpanRequest, 'asOfS' | 'untilS' | 'cutsS' | 'cutoff'> {}

/** An organisation's span to be rated; no organisation twice in one reading. */
export interface SpanRequest extends TermsRequest {
  /** Seconds from here on are not rated; default: the end of the span. */
  untilS?: number | undefined;
  /** Extra seconds at which segments are cut. */
  cutsS?: readonly number[] | undefined;
  /** Which blocks may be read; null or absent: all that have arrived. */
  cutoff?: Cutoff | null | undefined;
}

/** Loads the terms of spans of some organisations and rates each: the one way from the database into the rater. */
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
    const rated = ratePeriod({ period, exponent, prices, allocations, usage: usage[place]!, untilS, cutsS });
    const { leases } = terms[place]!;
    return { rated, leases, leaseById: new Map(leases.map((lease) => [lease.term.id, lease])), prices };
  });
}

/** The same of one organisation's span. */
export async function rateSpan(
  sql: Sql,
  org: { orgId: string; currency: string },
  span: Span,
  options: RateOptions = {},
): Promise<RatedSpan> {
  const { asOfS, untilS, cutsS, cutoff, ...filter } = options;
  const { orgId, currency } = org;
  const { fromS, toS } = span;
  const [rated] = await rateSpans(sql, [{ orgId, currency, fromS, toS, asOfS, untilS, cutsS, cutoff }], filter);
  return rated!;
}
