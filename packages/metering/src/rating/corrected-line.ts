import { type CorrectionRecord, leasesBehind, rateCorrectedLine } from './correction-record';
import type { MergedSeconds } from './merged-seconds';
import type { Evidence, Finding, OtherInvoice, ProofCutoff } from './proof-types';
import type { RatedLine } from './types';
import { usageOfTerm } from './verify-evidence';

// biome-ignore lint/suspicious/noExplicitAny: sealed documents, whose digests are checked beside
type Json = any;

/** The lines of a sealed document. */
export const linesOf = (document: string): Json[] => JSON.parse(document).lines.map((line: string) => JSON.parse(line));

const isBefore = (a: ProofCutoff, b: ProofCutoff, orSame: boolean) =>
  a.arrivedS !== b.arrivedS
    ? a.arrivedS < b.arrivedS
    : a.batchSeq < b.batchSeq || (orSame && a.batchSeq === b.batchSeq);

/**
 * Minor units that the documents at hand had billed for a line of an invoice before a run: the invoice's own line, later
 * adjustments of it, less its credit notes. `withVoid` counts adjustments on invoices that are void by now: they were not
 * when the run read them, or they were; the documents alone do not tell which.
 */
function billedByDocuments(
  invoiceId: string,
  key: string,
  before: ProofCutoff,
  documents: readonly OtherInvoice[],
  withVoid: boolean,
): bigint {
  let billed = 0n;
  for (const other of documents) {
    const { proof } = other;
    if (other.invoiceId === invoiceId) {
      for (const line of linesOf(proof.document)) if (line.key === key) billed += BigInt(line.amountMinor);
      for (const note of proof.creditNotes) {
        if (!isBefore(note.cutoff, before, false)) continue;
        for (const line of linesOf(note.document)) if (line.key === key) billed -= BigInt(line.amountMinor);
      }
    } else if (isBefore(proof.cutoff, before, false) && (withVoid || !other.isVoid)) {
      const adjustment = `adjustment:${invoiceId}:${key}`;
      for (const line of linesOf(proof.document)) if (line.key === adjustment) billed += BigInt(line.amountMinor);
    }
  }
  return billed;
}

/** What a record says was billed of a line, against the documents. Only where the corrected invoice is at hand. */
export function checkBilled(
  record: CorrectionRecord,
  key: string,
  line: string,
  before: ProofCutoff,
  documents: readonly OtherInvoice[],
): Finding[] {
  if (!documents.some(({ invoiceId }) => invoiceId === record.invoiceId)) return [];
  const stated = record.billedMinor.get(key) ?? 0n;
  const found = [false, true].map((withVoid) => billedByDocuments(record.invoiceId, key, before, documents, withVoid));
  if (found.includes(stated)) return [];
  const detail = `${stated} of ${record.number} stated as billed before, the documents say ${found[0]}`;
  return [{ code: 'billed_differs', line, detail }];
}

/** Rates one line of a corrected period again. */
export function rateAgain(
  record: CorrectionRecord,
  key: string,
  evidenceKey: string,
  evidence: Evidence,
): RatedLine | undefined {
  const usage = new Map<string, MergedSeconds>();
  for (const term of leasesBehind(record, key) ?? []) {
    const blocks = (evidence.get(evidenceKey) ?? []).filter((block) => block.allocationId === term.id);
    const merged = usageOfTerm(term, record.terms.period, blocks);
    if (merged) usage.set(term.id, merged);
  }
  return rateCorrectedLine(record, key, usage);
}
