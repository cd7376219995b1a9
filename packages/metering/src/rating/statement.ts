import type { Span } from '@suanxiang/domain/calendar';
import { type Burnt, burnPaid, burnPromo, type Credit } from './credits';
import { type TaxRule, taxOf } from './tax';
import type { RatedPeriod } from './types';

/** The money of an invoice below its lines. total = subtotal + adjustments - promo + exclusive tax; due = total - paid. */
export interface Statement {
  subtotalMinor: bigint;
  promo: Burnt;
  adjustmentsMinor: bigint;
  netMinor: bigint;
  taxMinor: bigint;
  totalMinor: bigint;
  paid: Burnt;
  dueMinor: bigint;
}

const totalOf = (burnt: Burnt) => [...burnt.values()].reduce((a, b) => a + b, 0n);

/**
 * From a rated period to what is due (S12, S13): promotional credits lower the tax base, adjustments of earlier periods
 * (above 0 only; credit notes are documents of their own) raise it, tax is rounded once, paid credits pay the total.
 */
export function statementOf(options: {
  rated: RatedPeriod;
  credits: readonly Credit[];
  tax: TaxRule | null;
  adjustmentsMinor: bigint;
  finalizedS: number;
}): Statement {
  const { rated, credits, tax, adjustmentsMinor, finalizedS } = options;
  const period: Span = rated.period;
  const promo = burnPromo(rated.lines, period, credits);
  const taxed = taxOf(rated.subtotalMinor + adjustmentsMinor - totalOf(promo), tax);
  const paid = burnPaid(taxed.grossMinor, finalizedS, credits);
  return {
    subtotalMinor: rated.subtotalMinor,
    promo,
    adjustmentsMinor,
    netMinor: taxed.netMinor,
    taxMinor: taxed.taxMinor,
    totalMinor: taxed.grossMinor,
    paid,
    dueMinor: taxed.grossMinor - totalOf(paid),
  };
}

/** The credits after an invoice has burnt some of them. */
export function creditsAfter(credits: readonly Credit[], statement: Statement): Credit[] {
  return credits.map((credit) => {
    const burnt = (statement.promo.get(credit.id) ?? 0n) + (statement.paid.get(credit.id) ?? 0n);
    return burnt === 0n ? credit : { ...credit, remainingMinor: credit.remainingMinor - burnt };
  });
}
