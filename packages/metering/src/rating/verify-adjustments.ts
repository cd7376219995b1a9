import { formatFraction, rational, sub } from '@suanxiang/domain/rational';
import { differencesOf } from './compare-line';
import { checkBilled, linesOf, rateAgain } from './corrected-line';
import { parseCorrection } from './correction-record';
import type { Evidence, Finding, OtherInvoice, Proof } from './proof-types';

/** Adjustments that cannot be derived: of leases that were billed by samples which are no longer kept. */
export function lostAdjustments(proof: Proof, expired: readonly { line: string }[]): string[] {
  const terms = proof.corrections
    .map(parseCorrection)
    .flatMap((record) =>
      record.terms.allocations.flatMap(({ id, sku, mode }) =>
        [`usage:${id}`, `tiered:${sku}`].map((key) => ({ key: `adjustment:${record.invoiceId}:${key}`, mode })),
      ),
    );
  const weighed = new Set(terms.filter(({ mode }) => mode === 'utilization').map(({ key }) => key));
  return expired.map(({ line }) => line).filter((key) => weighed.has(key));
}

/** Derives the adjustment lines of an invoice again. `derived` counts them, without those in `lost`; without records there is nothing to derive from. */
export function checkAdjustments(
  proof: Proof,
  evidence: Evidence,
  others: readonly OtherInvoice[],
  lost: ReadonlySet<string>,
): { findings: Finding[]; derived: number } {
  const findings: Finding[] = [];
  const records = proof.corrections.map(parseCorrection);
  const adjustments = linesOf(proof.document).filter((line) => line.kind === 'adjustment' && !lost.has(line.key));
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
