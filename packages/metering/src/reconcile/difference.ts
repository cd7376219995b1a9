import type { Span } from '@suanxiang/domain/calendar';

/** What two records that must agree can disagree about. */
export const DIFFERENCE_CODES = [
  /** A lease ran for minutes and not one block of evidence exists. */
  'lease_without_evidence',
  /** Evidence names no lease, or minutes far outside of its lease. */
  'evidence_without_lease',
  /** A lease overlaps a closed period and no line bills it. */
  'lease_not_billed',
  /** A line's billed and undelivered seconds are not those of its lease. */
  'seconds_differ',
  /** The lines of an invoice do not add up to its subtotal. */
  'invoice_lines_differ',
  /** Nothing is booked for an invoice that asks for money. */
  'invoice_not_in_ledger',
  /** The receivable or tax that is booked for an invoice is not what it says. */
  'invoice_differs_from_ledger',
  /** What is marked as paid or due on an invoice does not follow from the books. */
  'invoice_paid_differs',
  /** A voided invoice is not booked back completely. */
  'void_not_reversed',
  'credit_note_differs_from_ledger',
  /** A journal names an invoice, credit note or payment that does not exist. */
  'journal_without_document',
  /** A payment succeeded here and its money is not booked. */
  'payment_not_in_ledger',
  /** The booked money of a payment is not its amount, or it did not succeed and is booked. */
  'payment_differs_from_ledger',
  'refund_differs_from_ledger',
  /** A balance is not the sum of its entries. */
  'balance_differs',
  /** The provider speaks of a payment that does not exist here. */
  'provider_payment_unknown',
  /** The provider says that a payment succeeded, and here it did not. */
  'provider_payment_unsettled',
] as const;
export type DifferenceCode = (typeof DIFFERENCE_CODES)[number];

export interface Difference {
  code: DifferenceCode;
  /** null: it belongs to no organisation. */
  orgId: string | null;
  /** Start of the billing period, Unix seconds; null when it belongs to none. */
  fromS: number | null;
  /** The id that is at fault: of a lease, invoice, credit note, journal, payment, or the provider's. */
  subject: string;
  /** A second id or a name: the line's key, the number, the account. */
  related: string | null;
  /** What it should be, and what it is; seconds, or micro-units of the currency. */
  expected: string | null;
  found: string | null;
}

/** A closed period of one organisation. */
export interface ClosedPeriod extends Span {
  orgId: string;
}

/** A row of a check, as the database gives it. */
export interface DifferenceRow {
  org_id: string | null;
  from_s: string | null;
  subject: string;
  related: string | null;
  expected: string | null;
  found: string | null;
}

export const toDifference =
  (code: DifferenceCode) =>
  ({ org_id: orgId, from_s, ...row }: DifferenceRow): Difference => ({
    code,
    orgId,
    fromS: from_s === null ? null : Number(from_s),
    ...row,
  });

/** Periods as the columns that a statement unnests. */
export function columnsOf(periods: readonly ClosedPeriod[]): { orgs: string[]; froms: string[]; tos: string[] } {
  return {
    orgs: periods.map((period) => period.orgId),
    froms: periods.map((period) => String(period.fromS)),
    tos: periods.map((period) => String(period.toS)),
  };
}
