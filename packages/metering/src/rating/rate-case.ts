import { formatTimestamp, type Span } from '@suanxiang/domain/calendar';
import { formatFraction } from '@suanxiang/domain/rational';
import { type Correction, correctionsOf } from './corrections';
import { type Credit, promoCuts } from './credits';
import type { RatingCase } from './from-cases';
import { MergedSeconds } from './merged-seconds';
import { ratePeriod } from './rate';
import { addSamples, quarantinedCount } from './samples';
import { clip } from './spans';
import { creditsAfter, type Statement, statementOf } from './statement';
import type { RatedPeriod } from './types';

/** A finalized invoice and, by line key, everything billed for its period since. */
interface Finalized {
  id: string;
  period: Span;
  billedMinor: Map<string, bigint>;
}

interface Change {
  key: string;
  corrects_invoice: string;
  amount_minor: bigint;
}

function periodAt(item: RatingCase, period: Span, usage: ReadonlyMap<string, MergedSeconds>): RatedPeriod {
  const { exponent, prices, allocations, reservations, commitmentMinor, spendCapMinor, credits } = item;
  const cutsS = promoCuts(credits, period);
  const terms = { exponent, prices, allocations, reservations, commitmentMinor, spendCapMinor };
  return ratePeriod({ ...terms, period, usage, cutsS });
}

/** Rates an earlier period again and books what changed as billed (S14). */
function correct(item: RatingCase, earlier: Finalized, usage: ReadonlyMap<string, MergedSeconds>): Correction[] {
  const corrections = correctionsOf(earlier.billedMinor, periodAt(item, earlier.period, usage).lines);
  for (const { key, deltaMinor } of corrections) {
    earlier.billedMinor.set(key, (earlier.billedMinor.get(key) ?? 0n) + deltaMinor);
  }
  return corrections;
}

function invoiceResult(item: RatingCase, rated: RatedPeriod, statement: Statement, changes: readonly Change[]): object {
  const { period, lines, capReachedS } = rated;
  const adjustments = changes.filter((change) => change.amount_minor > 0n);
  const creditNotes = changes.filter((change) => change.amount_minor < 0n);
  const burnt = [...statement.promo, ...statement.paid];
  return {
    period_utc: [formatTimestamp(period.fromS), formatTimestamp(period.toS)],
    period_seconds: period.toS - period.fromS,
    lines: lines.map((line) => ({
      key: line.key,
      qty_gpu_ppm_s: formatFraction(line.qty),
      exact_minor: formatFraction(line.exact),
      amount_minor: line.amountMinor,
    })),
    subtotal_minor: statement.subtotalMinor,
    ...(burnt.length > 0 ? { credits_applied: Object.fromEntries(burnt) } : {}),
    ...(adjustments.length > 0 ? { adjustments } : {}),
    ...(creditNotes.length > 0 ? { credit_notes: creditNotes } : {}),
    ...(item.tax ? { net_minor: statement.netMinor, tax_minor: statement.taxMinor } : {}),
    total_minor: statement.totalMinor,
    due_minor: statement.dueMinor,
    ...(capReachedS === null ? {} : { cap_reached_at: formatTimestamp(capReachedS) }),
  };
}

function creditsResult(item: RatingCase, credits: readonly Credit[], lastS: number): object {
  const entries = credits.map((credit) => {
    const isExpired = credit.expiresS !== null && credit.expiresS <= lastS;
    const remaining = isExpired ? 0n : credit.remainingMinor;
    return [credit.id, { remaining_minor: remaining, expired_minor: isExpired ? credit.remainingMinor : 0n }];
  });
  return item.credits.length > 0 ? { credits: Object.fromEntries(entries) } : {};
}

/**
 * Finalizes the invoices of a case in the order of their periods, each with the samples that arrived by period end + grace
 * (S14), and gives the result in the shape of the case's `expect`. Amounts are bigints: print with exactJson.
 */
export function rateCase(item: RatingCase): object {
  const inOrder = [...item.invoices].sort((a, b) => a.period.toS - b.period.toS);
  const lastS = inOrder.at(-1)?.period.toS ?? 0;
  const billed = { fromS: Math.min(...inOrder.map(({ period }) => period.fromS)), toS: lastS };
  const usage = new Map<string, MergedSeconds>();
  for (const { id, startS, endS } of item.allocations) {
    usage.set(id, new MergedSeconds(clip({ fromS: startS, toS: endS }, billed) ?? { fromS: 0, toS: 0 }));
  }
  const isKnown = (allocationId: string) => usage.has(allocationId);
  let credits: Credit[] = item.credits;
  const finalized: Finalized[] = [];
  const invoices: Record<string, object> = {};
  for (const { id, period } of inOrder) {
    const finalizedS = period.toS + item.graceSeconds;
    for (const group of item.samples) {
      if (isKnown(group.allocationId)) addSamples(usage.get(group.allocationId)!, group, item.limits, finalizedS);
    }
    const changes = finalized.flatMap((earlier) =>
      correct(item, earlier, usage).map(
        ({ key, deltaMinor }): Change => ({ key, corrects_invoice: earlier.id, amount_minor: deltaMinor }),
      ),
    );
    const rated = periodAt(item, period, usage);
    const adjustmentsMinor = changes.reduce((sum, { amount_minor: a }) => (a > 0n ? sum + a : sum), 0n);
    const statement = statementOf({ rated, credits, tax: item.tax, adjustmentsMinor, finalizedS });
    credits = creditsAfter(credits, statement);
    invoices[id] = invoiceResult(item, rated, statement, changes);
    finalized.push({ id, period, billedMinor: new Map(rated.lines.map((line) => [line.key, line.amountMinor])) });
  }
  // A sample of an allocation that does not exist is quarantined as much as one that is out of range.
  const quarantined = item.samples.reduce(
    (count, group) => count + (isKnown(group.allocationId) ? quarantinedCount(group, item.limits) : group.count),
    0,
  );
  return { invoices, quarantined_samples: quarantined, ...creditsResult(item, credits, lastS) };
}
