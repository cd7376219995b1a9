import type { Sql } from '@suanxiang/db/sql';
import { mintId } from '@suanxiang/domain/ids';
import { atMost, type Currency, minorToMicro } from '@suanxiang/domain/money';
import { sha256Hex } from '@suanxiang/domain/usage-digest';
import { grantCredit } from '../credit/grants';
import { postJournal } from '../ledger/post-journal';
import { canonicalJson, ENGINE_VERSION, blocksDigest as emptyDigest } from '../rating/canonical';
import { type TaxRule, taxOf } from '../rating/tax';
import type { Reduction } from './corrections';
import { takeNoteNumber } from './numbers';
import type { Seller } from './parties';

/** Net and tax of what is left of an invoice after the credit notes so far. */
export interface Remaining {
  netMinor: bigint;
  taxMinor: bigint;
}

/**
 * Net and tax of a credit note over an amount of lines: round(net x rate), and the note that exhausts the net takes the tax
 * that is left, so that all notes together give back exactly the tax of the invoice. Throws RangeError for more than is left.
 */
export function noteAmounts(linesMinor: bigint, tax: TaxRule, remaining: Remaining): Remaining {
  const { netMinor, taxMinor } = taxOf(linesMinor, tax);
  if (netMinor > remaining.netMinor) {
    throw new RangeError(`a credit note of ${netMinor} is above the remaining net of ${remaining.netMinor}`);
  }
  if (netMinor === remaining.netMinor) return remaining;
  return { netMinor, taxMinor: atMost(taxMinor, remaining.taxMinor) };
}

type Amounts = Record<'subtotal' | 'promo' | 'total' | 'tax' | 'rate', string>;

/**
 * How an invoice was taxed when it was issued, whatever its seller does now. The mode is told by the amounts; without any tax
 * it makes no difference.
 */
function taxRuleOf({ subtotal, promo, total, tax, rate }: Amounts): TaxRule {
  const isInclusive = tax !== '0' && BigInt(total) === BigInt(subtotal) - BigInt(promo);
  return { mode: isInclusive ? 'inclusive' : 'exclusive', ratePpm: BigInt(rate) };
}

interface Rest extends Remaining {
  dueMinor: bigint;
  promoMinor: bigint;
  /** Whether an operator gave something back. */
  byHand: boolean;
  tax: TaxRule;
}

/**
 * What credit notes may still give back: the invoice and the adjustments that later invoices added for its period, less the
 * notes so far; void invoices have added nothing. Locks the invoice.
 */
async function remainingOf(sql: Sql, orgId: string, invoiceId: string): Promise<Rest> {
  const [row] = await sql<Amounts & { due: string }>`
    SELECT subtotal_minor::text AS subtotal, total_minor::text AS total, tax_minor::text AS tax, due_minor::text AS due,
      promo_minor::text AS promo, tax_rate_ppm::text AS rate FROM invoice
    WHERE org_id = ${orgId} AND id = ${invoiceId} AND status = 'final' FOR UPDATE`;
  if (!row) throw new RangeError(`the invoice ${invoiceId} is void, so nothing of it is left to give back`);
  const [later] = await sql<Record<'added' | 'net' | 'tax' | 'promo', string> & { by_hand: boolean }>`
    SELECT coalesce((SELECT sum(l.amount_minor) FROM invoice_line l
        JOIN invoice i ON i.org_id = l.org_id AND i.id = l.invoice_id AND i.status = 'final'
        WHERE l.org_id = ${orgId} AND l.corrects_invoice_id = ${invoiceId}), 0)::text AS added,
      coalesce(sum(net_minor), 0)::text AS net, coalesce(sum(tax_minor), 0)::text AS tax,
      coalesce(sum(promo_minor), 0)::text AS promo, coalesce(bool_or(run_id IS NULL), false) AS by_hand
    FROM credit_note WHERE org_id = ${orgId} AND invoice_id = ${invoiceId}`;
  const tax = taxRuleOf(row);
  const added = taxOf(BigInt(later!.added), tax);
  const taxMinor = BigInt(row.tax);
  return {
    netMinor: BigInt(row.total) - taxMinor + added.netMinor - BigInt(later!.net),
    taxMinor: taxMinor + added.taxMinor - BigInt(later!.tax),
    dueMinor: BigInt(row.due),
    promoMinor: BigInt(row.promo) - BigInt(later!.promo),
    byHand: later!.by_hand,
    tax,
  };
}

/** What of the lines of an invoice may still be given back, in the terms of its lines: money, and credit that was burnt. */
function linesLeft(remaining: Rest): bigint {
  const money = remaining.netMinor + (remaining.tax.mode === 'inclusive' ? remaining.taxMinor : 0n);
  return money + remaining.promoMinor;
}

/** What of an issued invoice may still be given back, before tax where tax is added. Null for one that is void or unknown. */
export async function creditable(sql: Sql, orgId: string, invoiceId: string): Promise<bigint | null> {
  const found = await sql`
    SELECT 1 AS one FROM invoice WHERE org_id = ${orgId} AND id = ${invoiceId} AND status = 'final'`;
  return found.length === 0 ? null : linesLeft(await remainingOf(sql, orgId, invoiceId));
}

const sumOf = (reductions: readonly Reduction[]) =>
  reductions.reduce((total, { amountMinor }) => total + amountMinor, 0n);

/** The same reductions where they are at most so much together, else cut down to it; the last ones give way. */
function cappedTo(reductions: readonly Reduction[], mostMinor: bigint): readonly Reduction[] {
  if (sumOf(reductions) <= mostMinor) return reductions;
  let left = mostMinor;
  return reductions.flatMap((reduction) => {
    const amountMinor = atMost(reduction.amountMinor, left);
    left -= amountMinor;
    return amountMinor > 0n ? [{ ...reduction, amountMinor }] : [];
  });
}

/**
 * The part of a reduction that promotional credit had paid: what is above the rest of the invoice's own money, as far as
 * such credit was burnt on it. Money is given back first.
 */
function promoPart(linesMinor: bigint, remaining: Rest): bigint {
  const money = linesLeft(remaining) - remaining.promoMinor;
  return linesMinor > money ? atMost(linesMinor - money, remaining.promoMinor) : 0n;
}

/** Promotional credit that comes back is good for a year. */
const RETURNED_CREDIT_S = 365 * 86_400;

export interface NoteContext {
  orgId: string;
  currency: string;
  timeZone: string;
  seller: Seller;
  /** The closing that found it; null: an operator issues it. */
  runId: string | null;
  issuedS: number;
}

/** What promotional credit had paid comes back as promotional credit, good for as long as such credit is granted for. */
async function grantBack(sql: Sql, context: NoteContext, number: string, minor: bigint, nowMs: number): Promise<void> {
  const { orgId, currency, issuedS } = context;
  const span = { effectiveS: issuedS, expiresS: issuedS + RETURNED_CREDIT_S, grantedS: issuedS };
  const grant = {
    orgId,
    currency,
    amountMinor: minor,
    priority: 0,
    ...span,
    reason: number,
    grantedBy: 'system:billing',
  };
  await grantCredit(sql, grant, nowMs);
}

/** A line of a note as it is sealed: what is given back, and the corrected line that this follows from. */
function sealedLine({ key, amountMinor, line }: Reduction): string {
  const { qty, exactMinor, blockCount, blocksDigest } = line ?? NOTHING;
  return canonicalJson({ key, amountMinor, qty, exactMinor, blockCount, blocksDigest });
}

const NOTHING = { qty: '0/1', exactMinor: '0/1', blockCount: 0, blocksDigest: emptyDigest([]) };

/** What a credit note states in its one canonical form; its SHA-256 is the note's digest. */
function noteText(facts: object): string {
  return canonicalJson({ format: 'credit-note/2', engine: ENGINE_VERSION, ...facts });
}

interface Noted {
  invoice: { invoiceId: string; number: string };
  reductions: readonly Reduction[];
  /** What it follows from, in canonical form; empty where an operator gives something back. */
  record: string;
  /** What an operator says to it; printed. */
  reason?: string;
}

/**
 * Issues a credit note for what a later finalization found billed too much on an invoice (S14), or an operator gives back. It
 * lowers what is still due there; the rest goes to the tenant's balance. What operators gave back by hand is not given back a
 * second time. Returns its number; null when nothing is left to give back.
 */
export async function issueCreditNote(
  sql: Sql,
  context: NoteContext,
  { invoice, reductions: wanted, record, reason }: Noted,
  nowMs: number,
): Promise<string | null> {
  const { orgId, currency, timeZone, seller, runId, issuedS } = context;
  const remaining = await remainingOf(sql, orgId, invoice.invoiceId);
  const reductions = remaining.byHand ? cappedTo(wanted, linesLeft(remaining)) : wanted;
  const linesMinor = sumOf(reductions);
  if (linesMinor === 0n) return null;
  const promoMinor = promoPart(linesMinor, remaining);
  const { netMinor, taxMinor } = noteAmounts(linesMinor - promoMinor, remaining.tax, remaining);
  const totalMinor = netMinor + taxMinor;
  const settledMinor = atMost(totalMinor, remaining.dueMinor);
  const number = await takeNoteNumber(sql, seller, issuedS, timeZone);
  const lines = reductions.map(({ key, amountMinor, line }) => ({
    key,
    amount_minor: amountMinor.toString(),
    from_s: line?.fromS ?? 0,
    to_s: line?.toS ?? 0,
  }));
  const id = mintId('creditNote', nowMs);
  const amounts = { netMinor, taxMinor, totalMinor, promoMinor: promoMinor === 0n ? undefined : promoMinor };
  const facts = { number, corrects: invoice.number, currency, ...amounts, issuedS, reason };
  const document = noteText({ ...facts, correction: sha256Hex(record), lines: reductions.map(sealedLine) });
  // A note that gives back less than its record derives cannot prove itself, so it does not claim to.
  const kept = reductions === wanted ? record : null;
  await sql`
    INSERT INTO credit_note (id, org_id, invoice_id, legal_entity_id, number, run_id, currency, net_minor, tax_minor,
      total_minor, settled_minor, promo_minor, lines, reason, digest, document, correction, issued_at)
    SELECT ${id}, ${orgId}, ${invoice.invoiceId}, ${seller.legalEntityId}, ${number}, ${runId}, ${currency},
      ${netMinor}::bigint, ${taxMinor}::bigint, ${totalMinor}::bigint, ${settledMinor}::bigint, ${promoMinor}::bigint,
      (${{ lines }}::jsonb)->'lines', ${reason ?? null}::text, ${sha256Hex(document)}, ${document}, ${kept}::text,
      to_timestamp(${issuedS}::bigint)`;
  await sql`
    UPDATE invoice SET due_minor = due_minor - ${settledMinor}::bigint
    WHERE org_id = ${orgId} AND id = ${invoice.invoiceId}`;
  const micro = (minor: bigint) => minorToMicro(minor, currency as Currency);
  await postJournal(
    sql,
    {
      orgId,
      idemKey: `credit_note:${id}`,
      kind: 'credit_note',
      memo: number,
      bookedS: issuedS,
      entries: [
        { account: 'revenue', currency, micro: micro(netMinor + promoMinor) },
        { account: 'promotional', currency, micro: -micro(promoMinor) },
        { account: 'tax_payable', currency, micro: micro(taxMinor) },
        { account: 'receivable', currency, micro: -micro(settledMinor) },
        { account: 'wallet', currency, micro: -micro(totalMinor - settledMinor) },
      ],
    },
    nowMs,
  );
  if (promoMinor > 0n) await grantBack(sql, context, number, promoMinor, nowMs);
  return number;
}
