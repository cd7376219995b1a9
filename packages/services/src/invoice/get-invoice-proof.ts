import type { Sql } from '@suanxiang/db/sql';
import { withOrgSql } from '@suanxiang/db/tenant';
import { ProblemError } from '@suanxiang/domain/errors';
import { readProof } from '@suanxiang/metering/invoices/proof';
import { notFound } from '../problem';
import type { UseCase } from '../use-case';

/** Whether the invoice is issued, and the one whose digest it seals; null when there is no such invoice. */
async function placeOf(sql: Sql, orgId: string, invoiceId: string): Promise<{ previous: string | null } | null> {
  const [row] = await sql<{ previous: string | null }>`
    SELECT p.id AS previous FROM invoice i LEFT JOIN invoice p ON p.org_id = i.org_id AND p.digest = i.prev_digest
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
    const { digest, document, prices, terms, cutoff } = proof;
    return {
      digest,
      document,
      prices: [...prices],
      terms,
      cutoff: { batch_seq: cutoff.batchSeq.toString(), arrived_s: cutoff.arrivedS },
      previous_invoice_id: place.previous,
    };
  });
