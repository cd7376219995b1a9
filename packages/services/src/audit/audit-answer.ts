import type { auditEvent } from '@suanxiang/contract/schemas/identity';
import type { z } from 'zod';

export interface AuditRow {
  id: string;
  at: Date;
  actor: string;
  impersonator: string | null;
  auth_method: string;
  action: string;
  resource: string | null;
  result: 'success' | 'denied' | 'unknown';
  detail: Record<string, unknown> | null;
  request_id: string | null;
  ip: string | null;
  seq: string;
  prev_hash: string;
  hash: string;
}

/** An entry of the audit log as the API shows it. */
export function auditAnswer(row: AuditRow): z.input<typeof auditEvent> {
  return { ...row, at: row.at.toISOString(), seq: Number(row.seq) };
}
