import { audit } from '@suanxiang/db/audit';
import type { Db } from '@suanxiang/db/client';
import type { Sql } from '@suanxiang/db/sql';
import { withSql } from '@suanxiang/db/tenant';
import { mintId } from '@suanxiang/domain/ids';
import { CURRENCY_EXPONENTS, type Currency } from '@suanxiang/domain/money';
import { settleAccruals } from '../accrual/hourly';
import { cutAtCaps } from '../caps/cut-at-caps';
import { grantsOf } from '../credit/grants';
import { type Cutoff, takeCutoff } from '../ingest/cutoff';
import { lockLedger } from '../ledger/post-journal';
import { type BilledOrg, billedOrg, ensurePeriods } from '../periods';
import { type BillingPolicy, defaultPolicy } from '../policy';
import {
  canonicalJson,
  digestOfTexts,
  ENGINE_VERSION,
  inputDigest,
  outputDigest,
  priceDigest,
  termsDigest,
  termsText,
} from '../rating/canonical';
import { promoCuts } from '../rating/credits';
import { statementOf } from '../rating/statement';
import { type RatedSpan, rateSpan } from '../usage/rate-span';
import { noteHours } from '../usage/usage-hours';
import { attemptClosing } from './attempts';
import { composeLines } from './compose';
import { correctEarlierPeriods } from './corrections';
import { issueCreditNote } from './credit-notes';
import { duePeriods, openMissingPeriods, orgAt } from './due-periods';
import { mailInvoice } from './mail-invoice';
import { buyerOf, sellerOf } from './parties';
import { payFromWallet } from './pay-from-wallet';
import { storeInvoice } from './store-invoice';
import type { InvoiceLine, RunDigests } from './view';

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

/** Takes the period for this transaction; null when it is final, or an earlier one is still open. */
async function lockPeriod(sql: Sql, key: PeriodKey): Promise<{ toS: number; timeZone: string } | null> {
  const [row] = await sql<{ to_s: string; time_zone: string }>`
    SELECT to_s::text, time_zone FROM billing_period p
    WHERE org_id = ${key.orgId} AND from_s = ${key.fromS}::bigint AND status = 'open'
      AND NOT EXISTS (SELECT 1 FROM billing_period e
        WHERE e.org_id = p.org_id AND e.from_s < p.from_s AND e.status = 'open')
    FOR UPDATE`;
  return row ? { toS: Number(row.to_s), timeZone: row.time_zone } : null;
}

/** What a run read, as it is kept, and the digests of it. */
interface RunRecord {
  digests: RunDigests;
  prices: string[];
  terms: string;
  /** Records of the earlier periods that were rated again. */
  corrections: string[];
}

function recordOf(
  ratedSpan: RatedSpan,
  lines: InvoiceLine[],
  cutoff: Cutoff,
  currency: string,
  cutsS: number[],
  corrections: string[],
): RunRecord {
  const { rated, leases, prices } = ratedSpan;
  const exponent = CURRENCY_EXPONENTS[currency as Currency];
  const terms = { period: rated.period, exponent, allocations: leases.map((lease) => lease.term), cutsS };
  return {
    digests: {
      prices: priceDigest(prices),
      terms: termsDigest(terms),
      input: inputDigest(cutoff, lines),
      output: outputDigest(rated),
      corrections: corrections.length > 0 ? digestOfTexts(corrections) : undefined,
    },
    prices: prices.map((row) => canonicalJson(row)),
    terms: termsText(terms),
    corrections,
  };
}

async function insertRun(
  sql: Sql,
  period: PeriodKey & { toS: number },
  cutoff: Cutoff,
  { digests: run, prices, terms, corrections }: RunRecord,
  nowMs: number,
): Promise<string> {
  const id = mintId('ratingRun', nowMs);
  await sql`
    INSERT INTO rating_run (id, org_id, from_s, to_s, cutoff_s, cutoff_seq, engine_version, price_digest, terms_digest,
      input_digest, output_digest, corrections_digest)
    VALUES (${id}, ${period.orgId}, ${period.fromS}::bigint, ${period.toS}::bigint, ${cutoff.arrivedS}::bigint,
      ${cutoff.batchSeq}::bigint, ${ENGINE_VERSION}, ${run.prices}, ${run.terms}, ${run.input}, ${run.output},
      ${run.corrections ?? null})`;
  await sql`
    INSERT INTO rating_input (run_id, org_id, prices, terms, corrections)
    VALUES (${id}, ${period.orgId}, ${prices}::text[], ${terms}, ${corrections}::text[])`;
  return id;
}

/** Marks the period final and opens the next one, whatever came of it. */
async function closePeriod(sql: Sql, key: PeriodKey, org: BilledOrg, nowS: number): Promise<void> {
  await sql`
    UPDATE billing_period SET status = 'final' WHERE org_id = ${key.orgId} AND from_s = ${key.fromS}::bigint`;
  await ensurePeriods(sql, { orgId: org.orgId, timeZone: org.timeZone, firstS: key.fromS }, nowS);
}

/**
 * Closes one period in the caller's transaction (role app_worker): rates it with what had arrived by its end plus grace,
 * numbers, seals and books the invoice, pays it from the wallet, and corrects earlier periods (S14). The row lock on
 * the period makes it happen once; another caller gets null. Whether it is due is the caller's question.
 */
export async function finalizePeriod(
  sql: Sql,
  key: PeriodKey,
  options: FinalizeOptions,
): Promise<FinalizedPeriod | null> {
  const { nowMs, batchSeq, policy = defaultPolicy, webUrl } = options;
  const locked = await lockPeriod(sql, key);
  if (!locked) return null;
  await lockLedger(sql, key.orgId);
  const org = await billedOrg(sql, key.orgId);
  const { orgId, currency } = org;
  const period = { ...key, ...locked };
  const issuedS = Math.floor(nowMs / 1000) + org.clockOffsetS;
  await settleAccruals(sql, orgId, period, issuedS, nowMs);
  const cutoff: Cutoff = { batchSeq, arrivedS: period.toS + policy.graceS };
  const span = { fromS: period.fromS, toS: period.toS };
  const credits = await grantsOf(sql, orgId, currency);
  const cutsS = promoCuts(credits, span);
  const ratedSpan = await rateSpan(sql, org, span, { cutoff, asOfS: cutoff.arrivedS, cutsS });
  const usageLines = await composeLines(sql, orgId, ratedSpan, { cutoff });
  const corrections = await correctEarlierPeriods(sql, org, period, cutoff, policy);
  const adjustments = corrections.flatMap((correction) => correction.adjustments);
  const lines = [...usageLines, ...adjustments];
  const seller = await sellerOf(sql, org);
  const statement = statementOf({
    rated: ratedSpan.rated,
    credits,
    tax: seller.tax,
    adjustmentsMinor: adjustments.reduce((total, line) => total + line.amountMinor, 0n),
    finalizedS: cutoff.arrivedS,
  });
  const records = corrections.map((correction) => correction.record);
  const record = recordOf(ratedSpan, lines, cutoff, currency, cutsS, records);
  const runId = await insertRun(sql, period, cutoff, record, nowMs);
  const context = { orgId, currency, timeZone: period.timeZone, seller, runId, issuedS };
  const creditNotes: string[] = [];
  for (const correction of corrections.filter(({ reductions }) => reductions.length > 0)) {
    const number = await issueCreditNote(sql, context, correction, nowMs);
    if (number !== null) creditNotes.push(number);
  }
  // Before the number, whose row stays locked to the end of the transaction.
  await closePeriod(sql, key, org, Math.max(issuedS, period.toS));
  let invoice: FinalizedPeriod['invoice'] = null;
  if (lines.length > 0) {
    const buyer = await buyerOf(sql, orgId);
    invoice = await storeInvoice(sql, { ...period, ...context, run: record.digests, buyer, statement, lines }, nowMs);
    await payFromWallet(sql, org, issuedS, nowMs);
    await auditIssue(sql, orgId, invoice, nowMs);
    if (webUrl !== undefined) await mailInvoice(sql, { orgId, invoiceId: invoice.id, webUrl, nowMs });
  }
  return { ...key, invoice, creditNotes };
}

async function auditIssue(
  sql: Sql,
  orgId: string,
  invoice: { id: string; number: string },
  nowMs: number,
): Promise<void> {
  await audit(sql, {
    orgId,
    actor: 'system:billing',
    authMethod: 'system',
    action: 'invoice.issue',
    resource: invoice.id,
    result: 'success',
    detail: { number: invoice.number },
    nowMs,
  });
}

/** Organisations closed side by side: one waits for the disk while another is rated. */
const LANES = 3;

export interface FinalizeResult {
  finalized: FinalizedPeriod[];
  /** Periods that could not be closed; the others were. They are due again next time. */
  failed: (PeriodKey & { error: unknown })[];
}

/** Closes one period that is due, and says what came of it. */
async function closeDue(
  db: Db,
  key: PeriodKey,
  options: FinalizeOptions & { capped: boolean },
  result: FinalizeResult,
): Promise<void> {
  const { nowMs, capped } = options;
  try {
    if (capped) {
      await withSql(db, async (sql) => cutAtCaps(sql, await orgAt(sql, key.orgId, Math.floor(nowMs / 1000)), nowMs));
    }
    const done = await attemptClosing(db, key, (sql) => finalizePeriod(sql, key, options));
    if (done) result.finalized.push(done);
  } catch (error) {
    result.failed.push({ ...key, error });
  }
}

/**
 * Opens the periods that have begun and closes every one that is due: its end plus grace has passed on the wall clock plus
 * the organisation's applied test clock. Each period is one transaction and happens once, however many processes call
 * this at the same time. `orgId` limits it to one organisation. Role app_worker.
 */
export async function finalizeDuePeriods(
  db: Db,
  nowMs: number,
  options: { orgId?: string; policy?: BillingPolicy; webUrl?: string } = {},
): Promise<FinalizeResult> {
  const { orgId = null, policy = defaultPolicy, webUrl } = options;
  const nowS = Math.floor(nowMs / 1000);
  await openMissingPeriods(db, nowS, orgId);
  const result: FinalizeResult = { finalized: [], failed: [] };
  for (let after = ''; ; ) {
    const due = await duePeriods(db, nowS, after, orgId, policy);
    if (due.length === 0) return result;
    after = due.at(-1)!.orgId;
    // Read after the due periods: usage that made a test clock count as applied lies before this cutoff.
    const batchSeq = await takeCutoff(db);
    await noteHours(db, batchSeq);
    const closing = { nowMs, batchSeq, policy, webUrl };
    const lane = async () => {
      for (let org = due.shift(); org; org = due.shift()) {
        const { orgId: id, capped } = org;
        for (const fromS of org.fromS) await closeDue(db, { orgId: id, fromS }, { ...closing, capped }, result);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  }
}
