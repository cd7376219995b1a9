import { auditEach } from '@suanxiang/db/audit';
import type { Sql } from '@suanxiang/db/sql';
import { settleAccruals } from '../accrual/hourly';
import { type Grant, grantsOfEach } from '../credit/grants';
import type { Cutoff } from '../ingest/cutoff';
import { lockLedgers } from '../ledger/post-journal';
import { type BilledOrg, billedOrgs, ensurePeriods } from '../periods';
import { type BillingPolicy, defaultPolicy } from '../policy';
import { promoCuts } from '../rating/credits';
import { statementOf } from '../rating/statement';
import { type RatedSpan, rateSpans } from '../usage/rate-span';
import { composeLinesOf } from './compose';
import { correctEarlierPeriods, type PeriodCorrections } from './corrections';
import { issueCreditNote } from './credit-notes';
import { mailInvoices } from './mail-invoice';
import { buyersOf, type Seller, sellerOf } from './parties';
import { payFromWallets } from './pay-from-wallet';
import { insertRuns, type RunRecord, recordOf } from './run-record';
import { type NewInvoice, storeInvoices } from './store-invoice';
import type { InvoiceLine } from './view';

export interface PeriodKey {
  orgId: string;
  fromS: number;
}

export interface FinalizedPeriod extends PeriodKey {
  /** null: the period had no usage and nothing was adjusted, so there is nothing to invoice. */
  invoice: { id: string; number: string } | null;
  creditNotes: string[];
}

export interface FinalizeOptions {
  nowMs: number;
  /** Last batch of usage blocks that may be read, from takeCutoff. */
  batchSeq: bigint;
  policy?: BillingPolicy;
  /** Where the console stands, for the link in the mail about the invoice; without it nobody is written to. */
  webUrl?: string | undefined;
}

/** A period that is this transaction's to close, and its organisation. */
interface Closing extends PeriodKey {
  toS: number;
  /** The period's own, which the organisation may have left since. */
  timeZone: string;
  org: BilledOrg;
  currency: string;
  issuedS: number;
  cutoff: Cutoff;
}

/** Takes the periods for this transaction; without those that are final, or have an earlier one that is still open. */
async function lockPeriods(sql: Sql, keys: readonly PeriodKey[]) {
  return sql<{ org_id: string; from_s: string; to_s: string; time_zone: string }>`
    SELECT p.org_id, p.from_s::text, p.to_s::text, p.time_zone
    FROM unnest(${keys.map((key) => key.orgId)}::text[], ${keys.map((key) => String(key.fromS))}::bigint[]) AS k(org_id, from_s)
    JOIN billing_period p ON p.org_id = k.org_id AND p.from_s = k.from_s
    WHERE p.status = 'open' AND NOT EXISTS (SELECT 1 FROM billing_period e
      WHERE e.org_id = p.org_id AND e.from_s < p.from_s AND e.status = 'open')
    ORDER BY p.org_id FOR UPDATE OF p`;
}

/** Locks what is to be closed: periods, then ledgers. Reads whose it is. */
async function takeClosings(sql: Sql, keys: readonly PeriodKey[], options: FinalizeOptions): Promise<Closing[]> {
  const { nowMs, batchSeq, policy = defaultPolicy } = options;
  const rows = await lockPeriods(sql, keys);
  if (rows.length === 0) return [];
  const orgIds = rows.map((row) => row.org_id);
  await lockLedgers(sql, orgIds);
  const orgs = await billedOrgs(sql, orgIds);
  return rows.map((row, place) => {
    const [fromS, toS, org] = [Number(row.from_s), Number(row.to_s), orgs[place]!];
    const issuedS = Math.floor(nowMs / 1000) + org.clockOffsetS;
    const cutoff = { batchSeq, arrivedS: toS + policy.graceS };
    const { orgId, currency } = org;
    return { orgId, fromS, toS, timeZone: row.time_zone, org, currency, issuedS, cutoff };
  });
}

/** What a closing comes to: all that is written of it. */
interface Rated {
  closing: Closing;
  lines: InvoiceLine[];
  corrections: PeriodCorrections[];
  run: RunRecord;
  statement: NewInvoice['statement'];
}

function ratedOf(
  closing: Closing,
  read: { credits: Grant[]; ratedSpan: RatedSpan; usageLines: InvoiceLine[]; corrections: PeriodCorrections[] },
  seller: Seller,
  nowMs: number,
): Rated {
  const { orgId, currency, cutoff } = closing;
  const { credits, ratedSpan, corrections } = read;
  const adjustments = corrections.flatMap((correction) => correction.adjustments);
  const lines = [...read.usageLines, ...adjustments];
  const statement = statementOf({
    rated: ratedSpan.rated,
    credits,
    tax: seller.tax,
    adjustmentsMinor: adjustments.reduce((total, line) => total + line.amountMinor, 0n),
    finalizedS: cutoff.arrivedS,
  });
  const records = corrections.map((correction) => correction.record);
  const cutsS = promoCuts(credits, closing);
  const run = recordOf({ orgId, currency, ratedSpan, lines, cutoff, cutsS, corrections: records }, nowMs);
  return { closing, lines, corrections, run, statement };
}

/** Reads and rates the periods, and the earlier ones that may have changed, with what had arrived by each one's cutoff. */
async function rateClosings(
  sql: Sql,
  closings: readonly Closing[],
  seller: Seller,
  { nowMs, policy = defaultPolicy }: FinalizeOptions,
): Promise<Rated[]> {
  const credits = await grantsOfEach(sql, closings);
  const spans = await rateSpans(
    sql,
    closings.map(({ orgId, currency, fromS, toS, cutoff }, place) => {
      const cutsS = promoCuts(credits[place]!, { fromS, toS });
      return { orgId, currency, fromS, toS, cutoff, asOfS: cutoff.arrivedS, cutsS, asInvoice: true };
    }),
  );
  const composed = await composeLinesOf(
    sql,
    closings.map(({ orgId, cutoff }, place) => ({ orgId, cutoff, ratedSpan: spans[place]! })),
  );
  const corrections = await correctEarlierPeriods(sql, closings, policy);
  return closings.map((closing, place) => {
    const read = { credits: credits[place]!, ratedSpan: spans[place]!, usageLines: composed[place]! };
    return ratedOf(closing, { ...read, corrections: corrections[place]! }, seller, nowMs);
  });
}

/** Issues the credit notes of a closing. Returns their numbers. */
async function issueNotes(sql: Sql, { closing, corrections, run }: Rated, seller: Seller, nowMs: number) {
  const { orgId, currency, timeZone, issuedS } = closing;
  const context = { orgId, currency, timeZone, seller, runId: run.id, issuedS };
  const numbers: string[] = [];
  for (const correction of corrections.filter(({ reductions }) => reductions.length > 0)) {
    const number = await issueCreditNote(sql, context, correction, nowMs);
    if (number !== null) numbers.push(number);
  }
  return numbers;
}

/** Marks the periods final and opens the next ones, whatever came of them. */
async function closePeriods(sql: Sql, closings: readonly Closing[]): Promise<void> {
  await sql`
    UPDATE billing_period p SET status = 'final'
    FROM unnest(${closings.map((one) => one.orgId)}::text[], ${closings.map((one) => String(one.fromS))}::bigint[])
      AS k(org_id, from_s) WHERE p.org_id = k.org_id AND p.from_s = k.from_s`;
  await ensurePeriods(
    sql,
    closings.map(({ orgId, org, fromS, toS, issuedS }) => {
      return { orgId, timeZone: org.timeZone, firstS: fromS, nowS: Math.max(issuedS, toS) };
    }),
  );
}

/** Numbers, seals and books the invoices, pays them, and tells of them. */
async function issueInvoices(
  sql: Sql,
  rated: readonly Rated[],
  seller: Seller,
  { nowMs, webUrl }: FinalizeOptions,
): Promise<Map<string, { id: string; number: string }>> {
  const billed = rated.filter(({ lines }) => lines.length > 0);
  if (billed.length === 0) return new Map();
  const closings = billed.map(({ closing }) => closing);
  const buyers = await buyersOf(
    sql,
    closings.map(({ orgId }) => orgId),
  );
  const invoices = billed.map(({ closing, run, statement, lines }, place): NewInvoice => {
    const { orgId, currency, timeZone, fromS, toS, issuedS } = closing;
    const head = { orgId, currency, timeZone, fromS, toS, issuedS, seller, buyer: buyers[place]! };
    return { ...head, runId: run.id, run: run.digests, statement, lines };
  });
  const stored = await storeInvoices(sql, invoices, nowMs);
  await payFromWallets(
    sql,
    closings.map(({ orgId, currency, issuedS }) => ({ orgId, currency, bookedS: issuedS })),
    nowMs,
  );
  await auditEach(
    sql,
    closings.map(({ orgId }, place) => ({
      orgId,
      actor: 'system:billing',
      authMethod: 'system',
      action: 'invoice.issue',
      resource: stored[place]!.id,
      result: 'success',
      detail: { number: stored[place]!.number },
      nowMs,
    })),
  );
  if (webUrl !== undefined) {
    const issued = closings.map(({ orgId }, place) => ({ orgId, invoiceId: stored[place]!.id }));
    await mailInvoices(sql, issued, webUrl, nowMs);
  }
  return new Map(closings.map(({ orgId }, place) => [orgId, stored[place]!]));
}

/**
 * Closes periods of organisations that one company invoices, of each organisation one, in the caller's transaction (role
 * app_worker): rates each with what had arrived by its end plus grace, numbers, seals and books the invoice, pays it from the
 * wallet, and corrects earlier periods (S14). The row lock on a period makes it happen once; whoever comes second does not find
 * it in the result. Whether a period is due is the caller's question.
 */
export async function finalizePeriods(
  sql: Sql,
  keys: readonly PeriodKey[],
  options: FinalizeOptions,
): Promise<FinalizedPeriod[]> {
  const { nowMs } = options;
  const closings = await takeClosings(sql, keys, options);
  const [first] = closings;
  if (!first) return [];
  const settled = closings.map(({ orgId, fromS, issuedS }) => ({ orgId, fromS, bookedS: issuedS }));
  await settleAccruals(sql, settled, nowMs);
  const seller = await sellerOf(sql, first.org);
  const rated = await rateClosings(sql, closings, seller, options);
  await insertRuns(
    sql,
    rated.map(({ run }) => run),
  );
  await closePeriods(sql, closings);
  // The seller's row, which every number is taken from, stays locked from here to the end of the transaction.
  const notes = new Map<string, string[]>();
  for (const one of rated) notes.set(one.closing.orgId, await issueNotes(sql, one, seller, nowMs));
  const invoices = await issueInvoices(sql, rated, seller, options);
  return closings.map(({ orgId, fromS }) => {
    return { orgId, fromS, invoice: invoices.get(orgId) ?? null, creditNotes: notes.get(orgId)! };
  });
}

/** The same for one period; null when it is not this caller's to close. */
export async function finalizePeriod(
  sql: Sql,
  key: PeriodKey,
  options: FinalizeOptions,
): Promise<FinalizedPeriod | null> {
  return (await finalizePeriods(sql, [key], options))[0] ?? null;
}
