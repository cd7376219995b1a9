import type { Sql } from '@suanxiang/db/sql';
import { lockLedger, postJournal, reversalsOf } from '../ledger/post-journal';

/** Why an invoice cannot be voided. */
export type VoidRefusal = 'unknown' | 'has_credit_notes' | 'is_corrected';

export interface VoidRequest {
  orgId: string;
  invoiceId: string;
  /** Who voids it, and why; both are kept. */
  voidedBy: string;
  reason: string;
  /** True: its period opens again, and the next closing invoices it anew under a new number. */
  reissue: boolean;
  bookedS: number;
}

/** Why later documents keep an issued invoice from being voided; null when none does. */
export async function voidRefusalOf(
  sql: Sql,
  orgId: string,
  invoiceId: string,
): Promise<'has_credit_notes' | 'is_corrected' | null> {
  const [found] = await sql<{ notes: boolean; corrected: boolean }>`
    SELECT EXISTS (SELECT 1 FROM credit_note n WHERE n.org_id = ${orgId} AND n.invoice_id = ${invoiceId}) AS notes,
      EXISTS (SELECT 1 FROM invoice_line l JOIN invoice i ON i.org_id = l.org_id AND i.id = l.invoice_id
        AND i.status = 'final' WHERE l.org_id = ${orgId} AND l.corrects_invoice_id = ${invoiceId}) AS corrected`;
  if (found?.notes) return 'has_credit_notes';
  return found?.corrected ? 'is_corrected' : null;
}

/**
 * Voids an issued invoice: its number stays taken, everything booked for it is booked back, and what the wallet had paid on
 * it is in the wallet again. Happens once; a repetition changes nothing. An invoice that later documents build on is
 * refused. Returns whether this call voided it, or why it may not be.
 */
export async function voidInvoice(
  sql: Sql,
  request: VoidRequest,
  nowMs: number,
): Promise<{ voided: boolean; refused: VoidRefusal | null }> {
  const { orgId, invoiceId, voidedBy, reason, bookedS } = request;
  await lockLedger(sql, orgId);
  const [invoice] = await sql<{ status: string; number: string; from_s: string }>`
    SELECT status, number, from_s::text FROM invoice WHERE org_id = ${orgId} AND id = ${invoiceId} FOR UPDATE`;
  if (!invoice) return { voided: false, refused: 'unknown' };
  if (invoice.status === 'void') return { voided: false, refused: null };
  const refused = await voidRefusalOf(sql, orgId, invoiceId);
  if (refused) return { voided: false, refused };
  await sql`
    UPDATE invoice SET status = 'void', paid_minor = 0, due_minor = 0 WHERE org_id = ${orgId} AND id = ${invoiceId}`;
  await sql`
    INSERT INTO invoice_void (invoice_id, org_id, reason, voided_by, voided_at)
    VALUES (${invoiceId}, ${orgId}, ${reason}, ${voidedBy}, to_timestamp(${nowMs}::float8 / 1000))`;
  const [entries = []] = await reversalsOf(sql, [{ orgId, family: `invoice:${invoiceId}` }]);
  const head = { orgId, idemKey: `void:${invoiceId}`, kind: 'void' as const, memo: invoice.number, bookedS };
  await postJournal(sql, { ...head, entries }, nowMs);
  if (request.reissue) {
    await sql`
      UPDATE billing_period SET status = 'open' WHERE org_id = ${orgId} AND from_s = ${invoice.from_s}::bigint`;
  }
  return { voided: true, refused: null };
}
