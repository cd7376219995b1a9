import { formatFraction, rational, sub, ZERO } from '@suanxiang/domain/rational';
import { sha256Hex } from '@suanxiang/domain/usage-digest';
import { type EngineVersion, isKnownEngine } from './canonical';
import { differencesOf } from './compare-line';
import { type CorrectionRecord, parseCorrection, rateCorrectedLine } from './correction-record';
import type { Evidence, Finding, NoteProof, OtherInvoice, Proof, ProofCutoff } from './proof-types';
import { noteEvidenceKey } from './proof-types';
import { taxOf } from './tax';
import type { RatedLine } from './types';
import { checkEvidence, usageOfTerm } from './verify-evidence';

// biome-ignore lint/suspicious/noExplicitAny: sealed documents, whose digests are checked beside
type Json = any;

const linesOf = (document: string): Json[] => JSON.parse(document).lines.map((line: string) => JSON.parse(line));

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
function checkBilled(
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

function rateAgain(
  record: CorrectionRecord,
  key: string,
  evidenceKey: string,
  evidence: Evidence,
): RatedLine | undefined {
  const term = record.terms.allocations.find(({ id }) => `usage:${id}` === key);
  const usage = term && usageOfTerm(term, record.terms.period, evidence.get(evidenceKey) ?? []);
  return rateCorrectedLine(record, key, usage);
}

/** Derives the adjustment lines of an invoice again. `derived` counts them; without records there is nothing to derive from. */
export function checkAdjustments(
  proof: Proof,
  evidence: Evidence,
  others: readonly OtherInvoice[],
): { findings: Finding[]; derived: number } {
  const findings: Finding[] = [];
  const records = proof.corrections.map(parseCorrection);
  const adjustments = linesOf(proof.document).filter((line) => line.kind === 'adjustment');
  if (JSON.parse(proof.document).run.corrections === undefined) return { findings, derived: 0 };
  for (const line of adjustments) {
    const record = records.find(({ invoiceId }) => invoiceId === line.correctsInvoiceId);
    const key = line.key.slice(`adjustment:${line.correctsInvoiceId}:`.length);
    const rated = record && rateAgain(record, key, line.key, evidence);
    if (!record || !rated) {
      findings.push({
        code: 'line_differs',
        line: line.key,
        detail: 'no lease of a corrected period stands behind it',
      });
      continue;
    }
    const before = record.billedMinor.get(key) ?? 0n;
    const exact = formatFraction(sub(rated.exact, rational(before)));
    const amount = String(rated.amountMinor - before);
    for (const detail of differencesOf(line, rated, { exact, amount })) {
      findings.push({ code: 'line_differs', line: line.key, detail });
    }
    findings.push(...checkBilled(record, key, line.key, proof.cutoff, others));
  }
  return { findings, derived: adjustments.length };
}

function noteTotals(
  note: NoteProof,
  sealed: Json,
  lines: Json[],
  rate: { ratePpm: bigint; isInclusive: boolean },
  isLast: boolean,
): Finding[] {
  const [net, tax, total, promo] = [sealed.netMinor, sealed.taxMinor, sealed.totalMinor, sealed.promoMinor ?? '0'].map(
    BigInt,
  ) as [bigint, bigint, bigint, bigint];
  const sum = lines.reduce((all, line) => all + BigInt(line.amountMinor), 0n);
  const findings: Finding[] = [];
  const differs = (detail: string) => findings.push({ code: 'totals_differ', line: note.number, detail });
  if (net + tax !== total) differs(`${net} net and ${tax} tax are not ${total}`);
  const money = rate.isInclusive ? total : net;
  // A note that exhausts what is left takes the rest of the tax; only the last one can.
  if (money + promo !== sum && !(isLast && rate.isInclusive))
    differs(`the lines add up to ${sum}, not to ${money + promo}`);
  const expected = taxOf(sum - promo, { mode: rate.isInclusive ? 'inclusive' : 'exclusive', ratePpm: rate.ratePpm });
  if (tax !== expected.taxMinor && !isLast) differs(`a tax of ${tax} is not ${rate.ratePpm} ppm of ${net}`);
  return findings;
}

/**
 * Derives the credit notes over an invoice again: seals, evidence, each line as what had been billed less what the lease now
 * costs, and the totals.
 */
export function checkCreditNotes(
  own: OtherInvoice,
  evidence: Evidence,
  others: readonly OtherInvoice[],
): { findings: Finding[]; derived: number; notes: number } {
  const findings: Finding[] = [];
  const { proof } = own;
  const { head } = JSON.parse(proof.document);
  const isInclusive =
    BigInt(head.totalMinor) === BigInt(head.subtotalMinor) - BigInt(head.promoMinor ?? 0) && head.taxMinor !== '0';
  const rate = { ratePpm: BigInt(head.taxRatePpm), isInclusive };
  let derived = 0;
  for (const [index, note] of proof.creditNotes.entries()) {
    const sealed = JSON.parse(note.document);
    const lines = linesOf(note.document);
    const altered = (holds: boolean, detail: string) => {
      if (!holds) findings.push({ code: 'credit_note_altered', line: note.number, detail });
    };
    altered(sha256Hex(note.document) === note.digest, 'the document has another digest');
    findings.push(...noteTotals(note, sealed, lines, rate, index === proof.creditNotes.length - 1));
    if (note.correction === null) continue;
    altered(sha256Hex(note.correction) === sealed.correction, 'the record of the corrected period has another digest');
    const engine: EngineVersion = isKnownEngine(sealed.engine) ? sealed.engine : 'rating/2';
    const named = lines.map((line) => ({ ...line, key: noteEvidenceKey(note.id, line.key) }));
    findings.push(...checkEvidence(named, evidence, engine));
    const record = parseCorrection(note.correction);
    altered(record.invoiceId === own.invoiceId, 'the record is about another invoice');
    for (const line of lines) {
      const rated = rateAgain(record, line.key, noteEvidenceKey(note.id, line.key), evidence);
      const before = record.billedMinor.get(line.key) ?? 0n;
      const facts: [name: string, stated: string, found: string][] = [
        ['amount', line.amountMinor, String(before - (rated?.amountMinor ?? 0n))],
        ['quantity', line.qty, formatFraction(rated?.qty ?? ZERO)],
        ['exact amount', line.exactMinor, formatFraction(rated?.exact ?? ZERO)],
      ];
      const key = `${note.number} ${line.key}`;
      for (const [name, stated, found] of facts) {
        if (stated === found) continue;
        findings.push({ code: 'line_differs', line: key, detail: `${name}: ${stated} stated, ${found} derived` });
      }
      findings.push(...checkBilled(record, line.key, key, note.cutoff, [own, ...others]));
      derived += 1;
    }
  }
  return { findings, derived, notes: proof.creditNotes.length };
}
