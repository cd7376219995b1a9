import type { Sql } from '@suanxiang/db/sql';
import type { Span } from '@suanxiang/domain/calendar';
import { CURRENCY_EXPONENTS, type Currency } from '@suanxiang/domain/money';
import type { Cutoff } from '../ingest/cutoff';
import { ratePeriod } from '../rating/rate';
import type { PriceRow, RatedPeriod } from '../rating/types';
import { type Lease, type LeaseFilter, loadTerms } from './load-terms';
import { loadUsage } from './load-usage';

export interface RatedSpan {
  rated: RatedPeriod;
  leases: Lease[];
  leaseById: ReadonlyMap<string, Lease>;
  prices: PriceRow[];
}

export interface RateOptions extends LeaseFilter {
  /** Seconds from here on are not rated; default: the end of the span. */
  untilS?: number;
  /** Extra seconds at which segments are cut. */
  cutsS?: readonly number[];
  /** Which blocks may be read; null or absent: all that have arrived. */
  cutoff?: Cutoff | null;
}

/** Loads the terms of a span and rates it: the one way from the database into the rater. */
export async function rateSpan(
  sql: Sql,
  org: { orgId: string; currency: string },
  span: Span,
  options: RateOptions = {},
): Promise<RatedSpan> {
  const { leases, prices } = await loadTerms(sql, org, span, options);
  const allocations = leases.map((lease) => lease.term);
  const { untilS = span.toS, cutsS = [], cutoff = null } = options;
  const usage = await loadUsage(sql, org.orgId, { period: span, untilS, prices, terms: allocations, cutsS }, cutoff);
  const rated = ratePeriod({
    period: span,
    exponent: CURRENCY_EXPONENTS[org.currency as Currency],
    prices,
    allocations,
    usage,
    untilS,
    cutsS,
  });
  return { rated, leases, leaseById: new Map(leases.map((lease) => [lease.term.id, lease])), prices };
}
