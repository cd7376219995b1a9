import type { Sql } from '@suanxiang/db/sql';
import { mintId } from '@suanxiang/domain/ids';
import { type Currency, minorToMicro } from '@suanxiang/domain/money';
import { issueCreditNote } from '../invoices/credit-notes';
import type { Seller } from '../invoices/parties';
import { storeInvoice } from '../invoices/store-invoice';
import { postJournal } from '../ledger/post-journal';
import { digestOf, ENGINE_VERSION } from '../rating/canonical';
import { taxOf } from '../rating/tax';
import type { FlowCase } from './read-flow';

/** An organisation and a seller of their own, so that a flow meets nobody else's money or numbers. */
export interface FlowBooks {
  orgId: string;
  currency: Currency;
  seller: Seller;
}

const MONTH_S = 30 * 86_400;
const NOWHERE = { name: 'Flow', address: '', taxId: '' };

/** Founds the organisation of a case with its seller, its balance and its automatic top-up. */
export async function openBooks(sql: Sql, item: FlowCase, startS: number): Promise<FlowBooks> {
  const nowMs = startS * 1000;
  const { currency, autoTopUp, walletMinor } = item;
  const orgId = mintId('organization', nowMs);
  const series = `FLOW-${orgId.slice(-8).toUpperCase()}`;
  await sql`
    INSERT INTO organization (id, slug, name, mode, currency, country, time_zone, legal_name, created_at)
    VALUES (${orgId}, ${orgId}, ${item.id}, 'live', ${currency}, 'SG', 'UTC', ${item.id}, to_timestamp(${startS}::bigint))`;
  await sql`
    INSERT INTO legal_entity (id, name, address, tax_id, series, next_number)
    VALUES (${series}, 'Flow', '', '', ${series}, ${item.nextNumber ?? 1}::int)`;
  if (autoTopUp) {
    await sql`
      INSERT INTO billing_settings (org_id, auto_enabled, auto_threshold_minor, auto_amount_minor, auto_cool_off_s,
        auto_daily_max_minor)
      VALUES (${orgId}, true, ${autoTopUp.thresholdMinor}::bigint, ${autoTopUp.amountMinor}::bigint, ${autoTopUp.coolOffS}::int,
        ${autoTopUp.dailyMaxMinor}::bigint)`;
  }
  const micro = minorToMicro(walletMinor, currency);
  const entries = [
    { account: 'cash' as const, currency, micro },
    { account: 'wallet' as const, currency, micro: -micro },
  ];
  const head = { orgId, idemKey: `start:${orgId}`, kind: 'top_up' as const, memo: 'start', bookedS: startS };
  await postJournal(sql, { ...head, entries }, nowMs);
  const tax = { mode: 'exclusive' as const, ratePpm: 0n };
  return { orgId, currency, seller: { legalEntityId: series, series, party: NOWHERE, tax } };
}

async function insertRun(sql: Sql, orgId: string, fromS: number, nowMs: number): Promise<string> {
  const id = mintId('ratingRun', nowMs);
  const digest = digestOf({ flow: id });
  await sql`
    INSERT INTO rating_run (id, org_id, from_s, to_s, cutoff_s, cutoff_seq, engine_version, price_digest, terms_digest,
      input_digest, output_digest)
    VALUES (${id}, ${orgId}, ${fromS}::bigint, ${fromS + MONTH_S}::bigint, ${fromS + MONTH_S}::bigint, 0, ${ENGINE_VERSION},
      ${digest}, ${digest}, ${digest}, ${digest})`;
  return id;
}

/** The one line of an invoice that a case describes by its amount alone. */
function lineOf(netMinor: bigint, fromS: number) {
  return {
    key: 'usage:flow',
    kind: 'usage' as const,
    correctsInvoiceId: null,
    description: { en: 'Usage', zh: '用量' },
    allocationId: null,
    workloadId: null,
    projectId: null,
    sku: null,
    gpus: 0,
    fromS,
    toS: fromS + MONTH_S,
    billedSeconds: 0,
    measuredSeconds: 0,
    undeliveredSeconds: 0,
    minimumSeconds: 0,
    undelivered: [],
    qty: '0/1',
    exactMinor: `${netMinor}/1`,
    amountMinor: netMinor,
    segments: [],
    blockCount: 0,
    blocksDigest: '',
  };
}

/** Opens the period of the n-th invoice of a case; the state of the period makes its closing happen once. */
export async function openPeriod(sql: Sql, { orgId }: FlowBooks, n: number, startS: number): Promise<number> {
  const fromS = startS + n * MONTH_S;
  await sql`
    INSERT INTO billing_period (org_id, from_s, to_s, time_zone, tzdb)
    VALUES (${orgId}, ${fromS}::bigint, ${fromS + MONTH_S}::bigint, 'UTC', 'none')`;
  return fromS;
}

/** Closes a period into an invoice of a stated net amount; null when it is closed already. */
export async function issue(
  sql: Sql,
  books: FlowBooks,
  invoice: { fromS: number; netMinor: bigint },
  nowMs: number,
): Promise<{ id: string; number: string } | null> {
  const { orgId, currency, seller } = books;
  const { fromS, netMinor } = invoice;
  const closed = await sql`
    UPDATE billing_period SET status = 'final'
    WHERE org_id = ${orgId} AND from_s = ${fromS}::bigint AND status = 'open' RETURNING org_id`;
  if (closed.length === 0) return null;
  const taxed = taxOf(netMinor, seller.tax);
  const digest = digestOf({ flow: orgId, fromS });
  const statement = {
    subtotalMinor: netMinor,
    promo: new Map(),
    adjustmentsMinor: 0n,
    netMinor: taxed.netMinor,
    taxMinor: taxed.taxMinor,
    totalMinor: taxed.grossMinor,
    paid: new Map(),
    dueMinor: taxed.grossMinor,
  };
  const runId = await insertRun(sql, orgId, fromS, nowMs);
  const issuedS = Math.floor(nowMs / 1000);
  const head = {
    orgId,
    currency,
    timeZone: 'UTC',
    fromS,
    toS: fromS + MONTH_S,
    issuedS,
    runId,
    seller,
    buyer: NOWHERE,
  };
  const run = { prices: digest, terms: digest, input: digest, output: digest };
  return storeInvoice(sql, { ...head, run, statement, lines: [lineOf(netMinor, fromS)] }, nowMs);
}

/** Issues a credit note over a net amount of an invoice. Throws RangeError when that is more than is left of it. */
export async function giveBack(
  sql: Sql,
  books: FlowBooks,
  invoice: { invoiceId: string; number: string; fromS: number },
  netMinor: bigint,
  nowMs: number,
): Promise<string> {
  const { orgId, currency, seller } = books;
  const runId = await insertRun(sql, orgId, invoice.fromS, nowMs);
  const context = { orgId, currency, timeZone: 'UTC', seller, runId, issuedS: Math.floor(nowMs / 1000) };
  const reductions = [{ key: 'usage:flow', amountMinor: netMinor, line: null }];
  return (await issueCreditNote(sql, context, { invoice, reductions, record: '' }, nowMs))!;
}
