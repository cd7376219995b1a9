import type { Sql } from '@suanxiang/db/sql';
import { withOrgSql } from '@suanxiang/db/tenant';
import { ProblemError } from '@suanxiang/domain/errors';
import { readProof, relatedInvoices } from '@suanxiang/metering/invoices/proof';
import type { ProofCutoff } from '@suanxiang/metering/rating/proof-types';
import { notFound } from '../problem';
import type { UseCase } from '../use-case';

const cutoffAnswer = ({ batchSeq, arrivedS }: ProofCutoff) => ({ batch_seq: batchSeq.toString(), arrived_s: arrivedS });

/** Whether the invoice is issued, and the one whose digest it seals; null when there is no such invoice. */
async function placeOf(
  sql: Sql,
  orgId: string,
  invoiceId: string,
): Promise<{ previous: string | null; is_void: boolean } | null> {
  const [row] = await sql<{ previous: string | null; is_void: boolean }>`
    SELECT p.id AS previous, i.status = 'void' AS is_void FROM invoice i LEFT JOIN invoice p ON p.org_id = i.org_id AND p.digest = i.prev_digest
    WHERE i.org_id = ${orgId} AND i.id = ${invoiceId}`;
  return row ?? null;
}

/** What an issued invoice was made of, so that its owner can derive it again. */
export const getInvoiceProof: UseCase<'getInvoiceProof'> = (ctx, { orgId }, _meta, { params }) =>
  withOrgSql(ctx.api, orgId, async (sql) => {
    const { invoice_id: invoiceId } = params;
    if (!invoiceId.startsWith('inv_')) {
      throw new ProblemError('conflict', 'This invoice is not issued yet; there is nothing to prove.');
    }
    const place = await placeOf(sql, orgId, invoiceId);
    if (!place) throw notFound();
    const proof = await readProof(sql, orgId, invoiceId);
    if (!proof) throw new ProblemError('conflict', 'What this invoice was made of was not kept in canonical form.');
    const { digest, document, prices, terms, cutoff, corrections, creditNotes, handNotes, evidenceFromS } = proof;
    return {
      digest,
      document,
      prices: [...prices],
      terms,
      cutoff: cutoffAnswer(cutoff),
      previous_invoice_id: place.previous,
      is_void: place.is_void,
      corrections: [...corrections],
      credit_notes: creditNotes.map((note) => {
        const { correction, cutoff: readUpTo, ...stated } = note;
        return { ...stated, correction: correction ?? '', cutoff: cutoffAnswer(readUpTo) };
      }),
      hand_notes: [...handNotes],
      evidence_from_s: evidenceFromS,
      related_invoice_ids: await relatedInvoices(sql, orgId, invoiceId),
    };
  });
