import { singleSql } from '@suanxiang/db/tenant';
import type { Provisioner } from './context';

/** What an operator watches of the provisioner. */
export interface Figures {
  /** Operations waiting for devices, and under way. */
  unplaced: number;
  active: number;
  /** Under way past their deadline. */
  overdue: number;
  /** Doorbells not carried to the queue yet. */
  outboxUnsent: number;
  openLeases: number;
  devicesHeld: number;
  devices: number;
}

/** Counts over what is open now, in one statement. */
export async function readFigures(ctx: Provisioner): Promise<Figures> {
  const [row] = await singleSql(ctx.db)<Figures>`
    SELECT
      count(*) FILTER (WHERE status = 'pending' AND step = 'place')::int AS unplaced,
      count(*) FILTER (WHERE step <> 'place')::int AS active,
      count(*) FILTER (WHERE deadline_at < now())::int AS overdue,
      (SELECT count(*)::int FROM outbox WHERE sent_at IS NULL) AS "outboxUnsent",
      (SELECT count(*)::int FROM allocation WHERE state = 'running') AS "openLeases",
      (SELECT count(*)::int FROM device WHERE held_by IS NOT NULL) AS "devicesHeld",
      (SELECT count(*)::int FROM device) AS devices
    FROM operation WHERE status IN ('pending', 'running')`;
  if (!row) throw new Error('no figures');
  return row;
}
