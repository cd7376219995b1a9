import { singleSql } from '@suanxiang/db/tenant';
import { ProblemError } from '@suanxiang/domain/errors';
import { mintId } from '@suanxiang/domain/ids';
import { notFound } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';
import { mutateAsOperator } from './mutate-as-operator';

type Record = AnswerOf<'operatorHealth'>['items'][number];

interface Row extends Omit<Record, 'at'> {
  at: Date;
}

/** Checks, faults and acts of a zone or of one of its nodes, newest first. */
export const operatorHealth: UseCase<'operatorHealth'> = async (ctx, _operator, _meta, { query }) => {
  const sql = singleSql(ctx.ops);
  const [zone] = await sql`SELECT id FROM zone WHERE id = ${query.zone_id}`;
  if (!zone) throw notFound();
  const nodeId = query.node_id ?? null;
  const rows = await sql<Row>`
    SELECT id, at, node_id, device_id, kind, code, severity, detail, operation_id FROM health_record
    WHERE zone_id = ${query.zone_id} AND (${nodeId}::text IS NULL OR node_id = ${nodeId}) ORDER BY at DESC, seq DESC
    LIMIT ${query.limit}`;
  return { items: rows.map((row) => ({ ...row, at: row.at.toISOString() })) };
};

interface Device {
  id: string;
  node_id: string;
  health: string;
  vendor_code: string | null;
  quarantined_at: Date | null;
}

/**
 * Ends the quarantine of a device, or what was noted of a degraded one. It is not offered before it was wiped with evidence,
 * which the worker does next. Throws `conflict` for one that is neither.
 */
export const operatorReleaseDevice: UseCase<'operatorReleaseDevice'> = (ctx, operator, meta, { params, body }) =>
  mutateAsOperator<AnswerOf<'operatorReleaseDevice'>>(ctx, operator, meta, 'device.release', async (sql) => {
    const [before] = await sql<Device & { zone_id: string }>`
      SELECT id, node_id, zone_id, health, vendor_code, quarantined_at FROM device WHERE id = ${params.device_id} FOR UPDATE`;
    if (!before) throw notFound();
    if (before.quarantined_at === null && before.health !== 'degraded') {
      throw new ProblemError('conflict', 'This device is not in quarantine.', {
        suggestion: 'GET /v1/operator/nodes shows which are.',
      });
    }
    await sql`
      UPDATE device SET quarantined_at = NULL, vendor_code = NULL, health = 'unknown' WHERE id = ${before.id}`;
    await sql`
      INSERT INTO health_record (id, zone_id, node_id, device_id, at, kind, code, detail)
      VALUES (${mintId('healthRecord', meta.nowMs)}, ${before.zone_id}, ${before.node_id}, ${before.id}, now(), 'released',
        ${before.vendor_code}, ${`${operator.actor}: ${body.reason}`})`;
    const { id, node_id } = before;
    const answer = { id, node_id, health: 'unknown', vendor_code: null, quarantined_at: null };
    return { answer, resource: id, detail: { reason: body.reason, code: before.vendor_code } };
  });
