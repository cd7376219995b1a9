import { formatFraction, ZERO } from '@suanxiang/domain/rational';
import { sha256Hex } from '@suanxiang/domain/usage-digest';
import { type EngineVersion, isKnownEngine } from './canonical';
import { checkBilled, linesOf, rateAgain } from './corrected-line';
import { leasesBehind, parseCorrection } from './correction-record';
import type { Evidence, Expired, Finding, HandNote, OtherInvoice, Proof } from './proof-types';
import { noteEvidenceKey } from './proof-types';
import { taxOf } from './tax';
import { checkEvidence } from './verify-evidence';

// biome-ignore lint/suspicious/noExplicitAny: sealed documents, whose digests are checked beside
type Json = any;

function noteTotals(
  note: HandNote,
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

/** What all notes over an invoice say of themselves, those made by hand included: seals, the invoice they name, and sums. */
function checkStatements(proof: Proof): Finding[] {
  const { head } = JSON.parse(proof.document);
  const isInclusive =
    BigInt(head.totalMinor) === BigInt(head.subtotalMinor) - BigInt(head.promoMinor ?? 0) && head.taxMinor !== '0';
  const rate = { ratePpm: BigInt(head.taxRatePpm), isInclusive };
  const notes = [...proof.creditNotes, ...proof.handNotes].map((note) => ({ note, sealed: JSON.parse(note.document) }));
  const lastS = Math.max(...notes.map(({ sealed }) => sealed.issuedS));
  return notes.flatMap(({ note, sealed }) => {
    const found: Finding[] = [];
    const altered = (holds: boolean, detail: string) => {
      if (!holds) found.push({ code: 'credit_note_altered', line: note.number, detail });
    };
    altered(sha256Hex(note.document) === note.digest, 'the document has another digest');
    altered(sealed.number === note.number, `the document is of ${sealed.number}`);
    altered(sealed.corrects === head.number, `it gives back of ${sealed.corrects}`);
    const totals = noteTotals(note, sealed, linesOf(note.document), rate, sealed.issuedS === lastS);
    return [...found, ...totals];
  });
}

/**
 * Derives the credit notes over an invoice again: seals, evidence, each line as what had been billed less what the lease now
 * costs, and the totals.
 */
export function checkCreditNotes(
  own: OtherInvoice,
  evidence: Evidence,
  others: readonly OtherInvoice[],
): { findings: Finding[]; expired: Expired[]; derived: number; notes: number } {
  const findings: Finding[] = [];
  const expired: Expired[] = [];
  const { proof } = own;
  findings.push(...checkStatements(proof));
  let derived = 0;
  for (const note of proof.creditNotes) {
    const sealed = JSON.parse(note.document);
    const lines = linesOf(note.document);
    const altered = (holds: boolean, detail: string) => {
      if (!holds) findings.push({ code: 'credit_note_altered', line: note.number, detail });
    };
    if (note.correction === null) continue;
    altered(sha256Hex(note.correction) === sealed.correction, 'the record of the corrected period has another digest');
    const engine: EngineVersion = isKnownEngine(sealed.engine) ? sealed.engine : 'rating/2';
    const record = parseCorrection(note.correction);
    const termsOf = (key: string) => leasesBehind(record, key) ?? [];
    const named = lines.map((line) => {
      const starts = termsOf(line.key).map(({ startS }) => Math.max(startS, record.terms.period.fromS));
      const fromS = starts.length > 0 ? Math.min(...starts) : null;
      return { ...line, key: noteEvidenceKey(note.id, line.key), fromS };
    });
    const seen = checkEvidence(named, evidence, engine, proof.evidenceFromS);
    findings.push(...seen.findings);
    const gone = new Map(seen.expired.map((one) => [one.line, one]));
    altered(record.invoiceId === own.invoiceId, 'the record is about another invoice');
    for (const line of lines) {
      const lacking = gone.get(noteEvidenceKey(note.id, line.key));
      const isLost = lacking !== undefined && termsOf(line.key).some(({ mode }) => mode === 'utilization');
      if (lacking) expired.push({ ...lacking, derived: !isLost });
      if (isLost) continue;
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
  return { findings, expired, derived, notes: proof.creditNotes.length };
}
