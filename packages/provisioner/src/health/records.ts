import type { Sql } from '@suanxiang/db/sql';
import { singleSql } from '@suanxiang/db/tenant';
import { mintId } from '@suanxiang/domain/ids';
import type { HealthEvent } from '@suanxiang/hal/driver';
import type { Severity } from '@suanxiang/hal/faults/severity';
import type { Provisioner } from '../context';

export interface HealthRecord {
  zoneId: string;
  nodeId: string;
  deviceId: string | null;
  /** Wall clock, Unix milliseconds. */
  atMs: number;
  kind: 'check_passed' | 'check_failed' | 'quarantined' | 'cordoned' | Exclude<HealthEvent['kind'], 'workload_exited'>;
  code: string | null;
  severity: Severity | null;
  detail: string;
  operationId: string | null;
}

/** Adds to the history of nodes and devices. */
export async function addRecords(sql: Sql, records: readonly HealthRecord[]): Promise<void> {
  if (records.length === 0) return;
  const rows = records.map((record) => ({ ...record, id: mintId('healthRecord', record.atMs) }));
  await sql`
    INSERT INTO health_record (id, zone_id, node_id, device_id, at, kind, code, severity, detail, operation_id)
    SELECT r.id, r."zoneId", r."nodeId", r."deviceId", to_timestamp(r."atMs" / 1000), r.kind, r.code, r.severity, r.detail,
      r."operationId"
    FROM jsonb_to_recordset((${{ rows }}::jsonb)->'rows') AS r(id text, "zoneId" text, "nodeId" text, "deviceId" text,
      "atMs" float8, kind text, code text, severity text, detail text, "operationId" text)`;
}

const KEPT_DAYS = 90;

/** Removes what is older than 90 days. Takes no input. Returns how many records went. */
export async function pruneHealthRecords(ctx: Provisioner): Promise<number> {
  const gone = await singleSql(ctx.db)`
    DELETE FROM health_record WHERE at < clock_timestamp() - make_interval(days => ${KEPT_DAYS}::int) RETURNING 1 AS one`;
  return gone.length;
}
