import type { CallOutput, Client } from '@suanxiang/contract/client';
import { type Currency, formatDecimal } from '@suanxiang/domain/money';
import { sha256Hex } from '@suanxiang/domain/usage-digest';
import { evidenceKeys, type OtherInvoice, type ProofBlock, type Verdict } from '@suanxiang/metering/rating/proof-types';
import { verifyProof } from '@suanxiang/metering/rating/verify-proof';
import { OperationFailed } from '../exit-codes';
import type { Context } from '../session';

const PAGE = 100;

type ProofAnswer = CallOutput<'getInvoiceProof'>;

const toCutoff = ({ batch_seq, arrived_s: arrivedS }: ProofAnswer['cutoff']) => {
  return { batchSeq: BigInt(batch_seq), arrivedS };
};

function toInvoice(invoiceId: string, answer: ProofAnswer): OtherInvoice {
  const { digest, document, prices, terms, corrections, is_void: isVoid } = answer;
  const creditNotes = answer.credit_notes.map((note) => {
    return { ...note, correction: note.correction || null, cutoff: toCutoff(note.cutoff) };
  });
  const { hand_notes: handNotes, evidence_from_s: evidenceFromS } = answer;
  const inputs = { prices, terms, corrections, cutoff: toCutoff(answer.cutoff), evidenceFromS };
  return { invoiceId, isVoid, proof: { digest, document, ...inputs, creditNotes, handNotes } };
}

const proofOf = (client: Client, invoiceId: string) =>
  client.call('getInvoiceProof', { params: { invoice_id: invoiceId } });

/** Every block behind one line, with all its values. */
async function blocksOf(client: Client, invoiceId: string, key: string): Promise<ProofBlock[]> {
  const blocks: ProofBlock[] = [];
  let cursor: string | null = null;
  do {
    const query: { key: string; limit: number; cursor?: string } = { key, limit: PAGE, ...(cursor ? { cursor } : {}) };
    const page: CallOutput<'listInvoiceEvidence'> = await client.call('listInvoiceEvidence', {
      params: { invoice_id: invoiceId },
      query,
    });
    for (const item of page.items) {
      const { allocation_id: allocationId, win_start_s: winStartS, rev, values_ppm: valuesPpm, digest } = item;
      blocks.push({ allocationId, winStartS, rev, valuesPpm, digest });
    }
    cursor = page.next_cursor;
  } while (cursor !== null);
  return blocks;
}

/** True when the invoice before, as the API shows it, is the one that was sealed. */
async function isChained(client: Client, answer: ProofAnswer, previous: string | null): Promise<boolean> {
  if (previous === null) return true;
  if (answer.previous_invoice_id === null) return false;
  const before = await proofOf(client, answer.previous_invoice_id);
  return sha256Hex(before.document) === previous;
}

function report({ io, say }: Context, verdict: Verdict, chained: boolean): void {
  const { number, derived, checked, notes, handNotes, blocks, findings, expired, totalMinor, currency } = verdict;
  const total = `${formatDecimal(totalMinor, currency as Currency)} ${currency}`;
  for (const { code, line, detail } of findings) io.err(`${code}  ${line ?? number}  ${detail}\n`);
  for (const { line, kept, blocks: of, derived: isDerived } of expired) {
    io.err(`evidence_expired  ${line}  ${say(isDerived ? 'evidenceExpired' : 'evidenceExpiredLost', { kept, of })}\n`);
  }
  if (!chained) io.err(`chain_broken  ${number}  ${say('chainBroken')}\n`);
  if (findings.length === 0 && chained) {
    const counts = { derived, checked, notes, byHand: handNotes, blocks };
    const lost = expired.filter((one) => !one.derived).length;
    io.out(`${say(lost > 0 ? 'invoiceHoldsInPart' : 'invoiceHolds', { number, ...counts, lost, total })}\n`);
  }
}

/**
 * Downloads what an invoice was made of and derives it again here, with the rater that made it: every digest, every line with
 * the adjustments and the credit notes over it, the totals, and the seal on the invoice before. Throws OperationFailed when anything differs.
 */
export async function verifyInvoice(context: Context, invoiceId: string): Promise<void> {
  const { io, say, options } = context;
  const client = await context.client('org');
  const answer = await proofOf(client, invoiceId);
  const stated = await client.call('getInvoice', { params: { invoice_id: invoiceId } });
  const own = toInvoice(invoiceId, { ...answer, digest: stated.digest ?? answer.digest });
  const evidence = new Map<string, ProofBlock[]>();
  for (const key of evidenceKeys(own.proof)) evidence.set(key, await blocksOf(client, invoiceId, key));
  const others: OtherInvoice[] = [];
  for (const id of answer.related_invoice_ids) others.push(toInvoice(id, await proofOf(client, id)));
  const verdict = verifyProof(own, evidence, others);
  const chained = await isChained(client, answer, verdict.previous);
  if (options.json) {
    const { totalMinor, ...rest } = verdict;
    io.out(`${JSON.stringify({ ...rest, total_minor: totalMinor.toString(), chained }, null, 2)}\n`);
  } else report(context, verdict, chained);
  const count = verdict.findings.length + (chained ? 0 : 1);
  if (count > 0) throw new OperationFailed(say('invoiceDiffers', { number: verdict.number, count }));
}
