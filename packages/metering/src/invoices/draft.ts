import type { Sql } from '@suanxiang/db/sql';
import { burntTotal, grantsOf } from '../credit/grants';
import { type BilledOrg, type BillingPeriod, billedOrg, openPeriods } from '../periods';
import { defaultPolicy } from '../policy';
import { ENGINE_VERSION } from '../rating/canonical';
import { promoCuts } from '../rating/credits';
import { statementOf } from '../rating/statement';
import { rateSpan } from '../usage/rate-span';
import { composeLines } from './compose';
import { correctEarlierPeriods } from './corrections';
import { buyerOf, type Seller, sellerOf } from './parties';
import type { InvoiceLine, InvoiceSummary, InvoiceView } from './view';

/** Above every batch of usage there will ever be: everything that has arrived may be read. */
const EVERY_BATCH = 2n ** 62n;

/** A period that is not final: the running one, or one that has ended and waits for late usage until its grace is over. */
export interface OpenPeriod extends BillingPeriod {
  /** "draft" for the running period, "closing-<its first second>" for one that has ended. */
  id: string;
  status: 'open';
  isRunning: boolean;
  /** When it becomes final, in billing time. */
  finalS: number;
}

/** The periods of an organisation that are not final, the newest (the running one) first. */
export async function openInvoicePeriods(sql: Sql, org: BilledOrg): Promise<OpenPeriod[]> {
  const periods = (await openPeriods(sql, org)).toReversed();
  return periods.map((period, index) => ({
    ...period,
    status: 'open',
    id: index === 0 ? 'draft' : `closing-${period.fromS}`,
    isRunning: index === 0,
    finalS: period.toS + defaultPolicy.graceS,
  }));
}

interface RatedOpen {
  org: BilledOrg;
  seller: Seller;
  lines: () => Promise<InvoiceLine[]>;
  head: Pick<InvoiceView, 'subtotalMinor' | 'promoMinor' | 'taxMinor' | 'totalMinor'>;
  isEmpty: boolean;
}

/** Rates an open period with everything that has arrived. A closing one takes the corrections of earlier periods with it. */
async function rateOpen(sql: Sql, org: BilledOrg, period: OpenPeriod): Promise<RatedOpen> {
  const untilS = Math.min(org.nowS, period.toS);
  const credits = await grantsOf(sql, org.orgId, org.currency);
  const ratedSpan = await rateSpan(sql, org, period, {
    untilS,
    cutsS: promoCuts(credits, period),
    asInvoice: true,
  });
  const cutoff = { batchSeq: EVERY_BATCH, arrivedS: period.finalS };
  const closing = { orgId: org.orgId, currency: org.currency, fromS: period.fromS, cutoff };
  const [corrections = []] = period.isRunning ? [] : await correctEarlierPeriods(sql, [closing], defaultPolicy);
  const adjustments = corrections.flatMap((correction) => correction.adjustments);
  const seller = await sellerOf(sql, org);
  const { subtotalMinor, adjustmentsMinor, promo, taxMinor, totalMinor } = statementOf({
    rated: ratedSpan.rated,
    credits,
    tax: seller.tax,
    adjustmentsMinor: adjustments.reduce((total, line) => total + line.amountMinor, 0n),
    finalizedS: period.finalS,
  });
  return {
    org,
    seller,
    lines: async () => [...(await composeLines(sql, org.orgId, ratedSpan, { untilS })), ...adjustments],
    head: { subtotalMinor: subtotalMinor + adjustmentsMinor, promoMinor: burntTotal(promo), taxMinor, totalMinor },
    isEmpty: ratedSpan.rated.lines.length + adjustments.length === 0,
  };
}

function summaryOf(period: OpenPeriod, { org, head }: RatedOpen): InvoiceSummary {
  const { id, fromS, toS, timeZone, finalS } = period;
  return {
    id,
    number: null,
    status: period.isRunning ? 'draft' : 'closing',
    fromS,
    toS,
    timeZone,
    currency: org.currency,
    totalMinor: head.totalMinor,
    paidMinor: 0n,
    dueMinor: head.totalMinor,
    issuedS: null,
    finalS,
  };
}

/**
 * Heads and totals of the periods that are not final, the newest first: rated now, without looking at usage blocks where
 * all seconds cost the same. The running one is always there, ended ones only when there is something to bill.
 */
export async function openSummaries(sql: Sql, orgId: string): Promise<InvoiceSummary[]> {
  const org = await billedOrg(sql, orgId);
  const found: InvoiceSummary[] = [];
  for (const period of await openInvoicePeriods(sql, org)) {
    const rated = await rateOpen(sql, org, period);
    if (period.isRunning || !rated.isEmpty) found.push(summaryOf(period, rated));
  }
  return found;
}

/**
 * What the invoice of an open period would be if nothing more arrived: the running one's ("draft") as if it ended now. Computed,
 * never stored. Null when no open period has this id.
 */
export async function openInvoice(sql: Sql, orgId: string, id: string): Promise<InvoiceView | null> {
  const org = await billedOrg(sql, orgId);
  const period = (await openInvoicePeriods(sql, org)).find((open) => open.id === id);
  if (!period) return null;
  const rated = await rateOpen(sql, org, period);
  return {
    ...summaryOf(period, rated),
    ...rated.head,
    taxRatePpm: Number(rated.seller.tax.ratePpm),
    creditedMinor: 0n,
    seller: rated.seller.party,
    buyer: await buyerOf(sql, orgId),
    digest: null,
    previousDigest: null,
    engineVersion: ENGINE_VERSION,
    lines: await rated.lines(),
  };
}
