import type { SecondPpm } from '@suanxiang/domain/usage-block';

/** Up to where a rating run had read. */
export interface ProofCutoff {
  batchSeq: bigint;
  arrivedS: number;
}

/** A credit note over an invoice, and what it was made of. Its evidence goes by `credit_note:<id>:<key of the line>`. */
export interface NoteProof {
  id: string;
  number: string;
  /** The digest that stands on the note. */
  digest: string;
  /** What was sealed: its SHA-256 is the digest. */
  document: string;
  /**
   * The record of the corrected period (correctionText), whose digest the document seals; null: it gives back less than that,
   * because an operator had given back some already.
   */
  correction: string | null;
  cutoff: ProofCutoff;
}

/** A credit note that an operator made by hand: no usage stands behind it, so that only what it says of itself can be checked. */
export type HandNote = Pick<NoteProof, 'id' | 'number' | 'digest' | 'document'>;

/** Everything an issued invoice was made of besides its usage blocks. */
export interface Proof {
  /** The digest that stands on the invoice. */
  digest: string;
  /** What was sealed: its SHA-256 is the digest. */
  document: string;
  /** Price rows and terms in canonical form. */
  prices: readonly string[];
  terms: string;
  cutoff: ProofCutoff;
  /** Records of the earlier periods that were rated again for it; none on invoices from before they were kept. */
  corrections: readonly string[];
  /** Credit notes over this invoice that closings made since, the oldest first; without those from before their inputs were kept. */
  creditNotes: readonly NoteProof[];
  /** Credit notes over this invoice that operators made by hand, the oldest first. */
  handNotes: readonly HandNote[];
  /** Blocks of seconds before this one are no longer kept: their retention is over. 0: all are there. */
  evidenceFromS: number;
}

/** Another invoice of the same account that this one's corrections build on. */
export interface OtherInvoice {
  invoiceId: string;
  isVoid: boolean;
  proof: Proof;
}

/** A usage block with all its values. */
export interface ProofBlock {
  allocationId: string;
  winStartS: number;
  rev: number;
  valuesPpm: readonly SecondPpm[];
  digest: string;
}

/** Blocks by the key of the line that was made of them. */
export type Evidence = ReadonlyMap<string, readonly ProofBlock[]>;

/** What does not hold. */
export interface Finding {
  code:
    | 'invoice_altered'
    | 'prices_altered'
    | 'terms_altered'
    | 'corrections_altered'
    | 'credit_note_altered'
    | 'block_altered'
    | 'evidence_incomplete'
    | 'input_altered'
    | 'line_differs'
    | 'billed_differs'
    | 'output_differs'
    | 'totals_differ'
    | 'engine_unknown';
  /** Key of the line, or number of the credit note; null: the whole invoice. */
  line: string | null;
  detail: string;
}

/** Evidence whose retention is over: it cannot be looked at any more, which is no difference. */
export interface Expired {
  /** Key of the line, or of the line of a credit note (noteEvidenceKey). */
  line: string;
  blocks: number;
  /** Blocks of it that are still kept, and were checked. */
  kept: number;
  /** Whether the line could be derived without it: time is billed whatever was measured. */
  derived: boolean;
}

export interface Verdict {
  findings: Finding[];
  expired: Expired[];
  /** Lines that were rated again from their evidence: usage, adjustments, and those of credit notes. */
  derived: number;
  /** Adjustments from before the inputs of corrections were kept: only their evidence and sums were checked. */
  checked: number;
  /** Credit notes that were derived again. */
  notes: number;
  /** Credit notes made by hand, whose seals and sums were checked. */
  handNotes: number;
  blocks: number;
  seconds: number;
  totalMinor: bigint;
  currency: string;
  number: string;
  /** Digest of the invoice before, as this one seals it. */
  previous: string | null;
}

/** Key under which the evidence of a credit note's line is kept. */
export function noteEvidenceKey(noteId: string, key: string): string {
  return `credit_note:${noteId}:${key}`;
}

const lineKeys = (document: string) =>
  (JSON.parse(document) as { lines: string[] }).lines.map((line) => (JSON.parse(line) as { key: string }).key);

/** Keys of all evidence that an invoice and the credit notes over it were made of. */
export function evidenceKeys({ document, creditNotes }: Pick<Proof, 'document' | 'creditNotes'>): string[] {
  const ofNotes = creditNotes.flatMap((note) => lineKeys(note.document).map((key) => noteEvidenceKey(note.id, key)));
  return [...lineKeys(document), ...ofNotes];
}
