import type { operation } from '@suanxiang/contract/schemas/workload';
import type { StatusReason } from '@suanxiang/db/transition';
import type { OperationKind, OperationStatus } from '@suanxiang/domain/workload-state';
import type { z } from 'zod';

/** An operation with its steps as PostgreSQL's JSON functions write it: times are text with an offset. */
export interface OperationJson {
  id: string;
  kind: OperationKind;
  status: OperationStatus;
  resource_id: string;
  error: StatusReason | null;
  created_at: string;
  finished_at: string | null;
  steps:
    | {
        name: string;
        status: 'pending' | 'running' | 'done' | 'failed' | 'skipped';
        detail: { phase?: string } | null;
        started_at: string | null;
        finished_at: string | null;
      }[]
    | null;
}

const utc = (text: string) => new Date(text).toISOString();
const utcOrNull = (text: string | null) => (text === null ? null : utc(text));

/** An operation as the API shows it. */
export function operationAnswer(row: OperationJson): z.input<typeof operation> {
  return {
    id: row.id,
    kind: row.kind,
    status: row.status,
    resource_id: row.resource_id,
    steps: (row.steps ?? []).map((step) => ({
      name: step.name,
      status: step.status,
      phase: step.detail?.phase ?? null,
      started_at: utcOrNull(step.started_at),
      finished_at: utcOrNull(step.finished_at),
    })),
    error: row.error,
    created_at: utc(row.created_at),
    finished_at: utcOrNull(row.finished_at),
  };
}
