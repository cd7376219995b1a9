import type { Sql } from '@suanxiang/db/sql';
import { billedOrg, openPeriods } from '../periods';
import { ENGINE_VERSION } from '../rating/canonical';
import { taxOf } from '../rating/tax';
import { rateSpan } from '../usage/rate-span';
import { composeLines } from './compose';
import { buyerOf, sellerOf } from './parties';
import type { InvoiceSummary, InvoiceView } from './view';

async function rateDraft(sql: Sql, orgId: string) {
  const org = await billedOrg(sql, orgId);
  const period = (await openPeriods(sql, org)).at(-1)!;
  const ratedSpan = await rateSpan(sql, org, period, { untilS: org.nowS });
  const seller = await sellerOf(sql, org);
  const { taxMinor, grossMinor } = taxOf(ratedSpan.rated.subtotalMinor, seller.tax);
  const summary: InvoiceSummary = {
    id: 'draft',
    number: null,
    status: 'draft',
    fromS: period.fromS,
    toS: period.toS,
    timeZone: period.timeZone,
    currency: org.currency,
    totalMinor: grossMinor,
    paidMinor: 0n,
    dueMinor: grossMinor,
    issuedS: null,
  };
  return { org, ratedSpan, seller, taxMinor, summary };
}

/** Head and total of the running period's draft: rated now, without looking at any usage block. */
export async function draftSummary(sql: Sql, orgId: string): Promise<InvoiceSummary> {
  return (await rateDraft(sql, orgId)).summary;
}

/** What the running period's invoice would be if it ended now. Computed, never stored. */
export async function draftInvoice(sql: Sql, orgId: string): Promise<InvoiceView> {
  const { org, ratedSpan, seller, taxMinor, summary } = await rateDraft(sql, orgId);
  return {
    ...summary,
    subtotalMinor: ratedSpan.rated.subtotalMinor,
    taxRatePpm: Number(seller.tax.ratePpm),
    taxMinor,
    creditedMinor: 0n,
    seller: seller.party,
    buyer: await buyerOf(sql, orgId),
    digest: null,
    engineVersion: ENGINE_VERSION,
    lines: await composeLines(sql, orgId, ratedSpan, { untilS: org.nowS }),
  };
}
