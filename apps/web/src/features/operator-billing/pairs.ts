/** The records that are laid side by side, in the order in which money is made of machines. */
export const PAIRS = ['evidence', 'rated', 'ledger', 'payments', 'provider'] as const;
export type Pair = (typeof PAIRS)[number];

const CODES = {
  lease_without_evidence: 'evidence',
  evidence_without_lease: 'evidence',
  refused_evidence: 'evidence',
  lease_not_billed: 'rated',
  seconds_differ: 'rated',
  invoice_lines_differ: 'rated',
  invoice_not_in_ledger: 'ledger',
  invoice_differs_from_ledger: 'ledger',
  invoice_paid_differs: 'ledger',
  void_not_reversed: 'ledger',
  credit_note_differs_from_ledger: 'ledger',
  journal_without_document: 'ledger',
  balance_differs: 'ledger',
  payment_not_in_ledger: 'payments',
  payment_differs_from_ledger: 'payments',
  refund_differs_from_ledger: 'payments',
  provider_payment_unknown: 'provider',
  provider_payment_unsettled: 'provider',
} as const satisfies Record<string, Pair>;
type Code = keyof typeof CODES;

/** A code that has its words here; a new one of the API is called another difference. */
export function codeOf(code: string): Code | 'other' {
  return Object.hasOwn(CODES, code) ? (code as Code) : 'other';
}

/** Which records a difference is between. */
export function pairOf(code: string): Pair {
  const known = codeOf(code);
  return known === 'other' ? 'ledger' : CODES[known];
}
