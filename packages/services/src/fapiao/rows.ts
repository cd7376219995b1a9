import type { fapiaoRequest } from '@suanxiang/contract/schemas/fapiao';
import type { Sql } from '@suanxiang/db/sql';
import type { z } from 'zod';
import { minorMoney } from '../money';

export interface FapiaoRow {
  id: string;
  org_id: string;
  organization_name: string;
  invoice_id: string;
  invoice_number: string;
  amount: string;
  kind: 'ordinary' | 'special';
  buyer_title: string;
  tax_id: string;
  address: string;
  phone: string;
  bank_name: string;
  bank_account: string;
  email: string;
  status: 'requested' | 'issued' | 'rejected';
  fapiao_number: string | null;
  reason: string | null;
  requested_by: string;
  decided_by: string | null;
  created_at: Date;
  decided_at: Date | null;
}

/** A request as its organisation sees it: not who decided, but what. */
export function fapiaoAnswer(row: FapiaoRow): z.input<typeof fapiaoRequest> {
  const { org_id: _, organization_name: __, decided_by: ___, amount, created_at, decided_at, ...rest } = row;
  return {
    ...rest,
    amount: minorMoney(BigInt(amount), 'CNY'),
    created_at: created_at.toISOString(),
    decided_at: decided_at?.toISOString() ?? null,
  };
}

interface Where {
  /** null: of all organisations that the handle may see. */
  orgId: string | null;
  id?: string;
  invoiceId?: string | undefined;
  /** Only open ones, oldest first, or only decided ones. */
  open?: boolean;
  after?: readonly string[] | null;
  take: number;
}

/** Requests, newest first. */
export function readFapiao(sql: Sql, where: Where): Promise<FapiaoRow[]> {
  const { orgId, id = null, invoiceId = null, open = null, take } = where;
  const [at = null, afterId = null] = where.after ?? [];
  return sql<FapiaoRow & Record<string, unknown>>`
    SELECT f.id, f.org_id, o.name AS organization_name, f.invoice_id, i.number AS invoice_number,
      f.amount_minor::text AS amount, f.kind, f.title AS buyer_title, f.tax_id, f.address, f.phone, f.bank_name,
      f.bank_account, f.email, f.status, f.number AS fapiao_number, f.reason, f.requested_by, f.decided_by, f.created_at,
      f.decided_at
    FROM fapiao_request f JOIN organization o ON o.id = f.org_id JOIN invoice i ON i.org_id = f.org_id AND i.id = f.invoice_id
    WHERE (${orgId}::text IS NULL OR f.org_id = ${orgId}) AND (${id}::text IS NULL OR f.id = ${id})
      AND (${invoiceId}::text IS NULL OR f.invoice_id = ${invoiceId})
      AND (${open}::boolean IS NULL OR (f.decided_at IS NULL) = ${open})
      AND (${at}::timestamptz IS NULL OR (f.created_at, f.id) < (${at}::timestamptz, ${afterId}))
    ORDER BY CASE WHEN ${open}::boolean THEN f.created_at END, f.created_at DESC, f.id DESC LIMIT ${take}`;
}
