import { singleSql } from '@suanxiang/db/tenant';
import type { UseCase } from '../use-case';

interface Row {
  id: string;
  org_id: string;
  workload_id: string;
  kind: string;
  status: string;
  step: string;
  attempt: number;
  created_at: Date;
  deadline_at: Date;
  overdue: boolean;
}

const MOST = 500;

/** Operations under way in all organisations, oldest first. */
export const operatorOperations: UseCase<'operatorOperations'> = async (ctx) => {
  const rows = await singleSql(ctx.ops)<Row>`
    SELECT id, org_id, workload_id, kind, status, step, attempt, created_at, deadline_at, deadline_at < now() AS overdue
    FROM operation WHERE status IN ('pending', 'running') ORDER BY created_at, id LIMIT ${MOST}`;
  return {
    items: rows.map((row) => ({
      ...row,
      created_at: row.created_at.toISOString(),
      deadline_at: row.deadline_at.toISOString(),
    })),
  };
};
