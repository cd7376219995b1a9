import type { Span } from '@suanxiang/domain/calendar';
import type { Bilingual } from '@suanxiang/domain/locale';
import { sha256Hex } from '@suanxiang/domain/usage-digest';
import { canonicalJson, ENGINE_VERSION } from '../rating/canonical';
import type { Undelivered } from '../rating/types';

/** A stretch of a line with one price. */
export interface InvoiceSegment extends Span {
  /** minimum: seconds added at the start to reach the least billed time (empty span). */
  kind: 'usage' | 'minimum';
  /** Whose seconds they are, and in which band, counted from 0: only on a tiered line. */
  allocationId?: string;
  band?: number;
  /** GPUs that cost, as a fraction. */
  gpus: string;
  /** null: no price was in force. */
  microPerGpuHour: bigint | null;
  /** GPU x ppm x seconds, as a fraction. */
  qty: string;
  /** Minor units, as a fraction. */
  exactMinor: string;
  billedSeconds: number;
}

export interface InvoiceLine extends Span {
  /** usage:<allocation>, tiered:<sku>, commitment, or adjustment:<invoice>:<its line's key>. */
  key: string;
  /** tiered: all leases of a SKU together; commitment: what lacks to the least spend. */
  kind: 'usage' | 'tiered' | 'commitment' | 'adjustment';
  correctsInvoiceId: string | null;
  description: Bilingual;
  /** null: an amount that no lease stands behind, or several do. */
  allocationId: string | null;
  workloadId: string | null;
  projectId: string | null;
  sku: string | null;
  gpus: number;
  billedSeconds: number;
  /** Delivered seconds for which a sample exists. */
  measuredSeconds: number;
  undeliveredSeconds: number;
  minimumSeconds: number;
  undelivered: Undelivered[];
  qty: string;
  exactMinor: string;
  amountMinor: bigint;
  segments: InvoiceSegment[];
  blockCount: number;
  /** Digest of the usage blocks the line was made of. */
  blocksDigest: string;
}

export interface Party {
  name: string;
  address: string;
  taxId: string;
}

export interface InvoiceSummary extends Span {
  /** inv_..., "draft" for the running period, or "closing-<first second>" for one that has ended and is not final. */
  id: string;
  number: string | null;
  status: 'draft' | 'closing' | 'final' | 'void';
  timeZone: string;
  currency: string;
  totalMinor: bigint;
  paidMinor: bigint;
  dueMinor: bigint;
  /** Billing time (Unix seconds); null until it is issued. */
  issuedS: number | null;
  /** When what is not issued yet becomes final, in billing time; null once issued. */
  finalS: number | null;
}

/** An invoice, or the draft of the running period, with everything that is printed on it. */
export interface InvoiceView extends InvoiceSummary {
  /** Sum of the lines. */
  subtotalMinor: bigint;
  /** Paid with promotional credit, before tax. */
  promoMinor: bigint;
  taxRatePpm: number;
  taxMinor: bigint;
  /** Given back by credit notes since. */
  creditedMinor: bigint;
  seller: Party;
  buyer: Party;
  digest: string | null;
  /** Digest of the invoice before; null for the first, and for what is not issued. */
  previousDigest: string | null;
  engineVersion: string;
  lines: InvoiceLine[];
}

/** Digests of a rating run: what went in, what came out. */
export interface RunDigests {
  prices: string;
  terms: string;
  input: string;
  output: string;
  /** Of the records of corrected periods; undefined when nothing was corrected. */
  corrections?: string | undefined;
}

/** The facts of an invoice that its digest seals; what was paid later is not one of them. */
export type SealedInvoice = Pick<
  InvoiceView,
  | 'number'
  | 'fromS'
  | 'toS'
  | 'timeZone'
  | 'currency'
  | 'subtotalMinor'
  | 'promoMinor'
  | 'taxRatePpm'
  | 'taxMinor'
  | 'totalMinor'
  | 'issuedS'
  | 'seller'
  | 'buyer'
  | 'lines'
  | 'previousDigest'
>;

/**
 * Everything the invoice states in its one canonical form, bound to its rating run, through each line's blocksDigest to
 * every usage block, and through the digest of the invoice before to all of them. Its SHA-256 is the invoice's digest.
 */
export function invoiceText(invoice: SealedInvoice, run: RunDigests, engineVersion: string = ENGINE_VERSION): string {
  const { number, fromS, toS, timeZone, currency, subtotalMinor, taxRatePpm, taxMinor, totalMinor, issuedS } = invoice;
  // Left out where there is none, so that invoices from before there was such a thing keep their digest.
  const promoMinor = invoice.promoMinor === 0n ? undefined : invoice.promoMinor;
  const previous = invoice.previousDigest ?? undefined;
  const amounts = { subtotalMinor, promoMinor, taxRatePpm, taxMinor, totalMinor };
  const head = { number, fromS, toS, timeZone, currency, ...amounts, issuedS, previous };
  const { seller, buyer } = invoice;
  const lines = invoice.lines.map((line) => canonicalJson(line));
  return canonicalJson({ format: 'invoice/1', engine: engineVersion, head, seller, buyer, run, lines });
}

/** SHA-256 of an invoice's canonical form: one altered sample changes it. */
export function invoiceDigest(invoice: SealedInvoice, run: RunDigests, engineVersion: string = ENGINE_VERSION): string {
  return sha256Hex(invoiceText(invoice, run, engineVersion));
}
