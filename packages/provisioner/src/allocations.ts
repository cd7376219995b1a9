import type { Sql } from '@suanxiang/db/sql';

/** A running part of a workload and where it is reached (null: it has no shell). */
export interface Running {
  allocationId: string;
  ssh: { host: string; port: number; user: string } | null;
}

/** Starts the meter of prepared allocations: the lease bills from this second of billing time on. */
export async function openMeters(sql: Sql, running: readonly Running[]): Promise<void> {
  await sql`
    UPDATE allocation a SET state = 'running', start_s = suan_billing_now_s(a.clock_offset_s),
      ssh_host = r.ssh->>'host', ssh_port = (r.ssh->>'port')::int, ssh_user = r.ssh->>'user'
    FROM jsonb_to_recordset((${{ running }}::jsonb)->'running') AS r("allocationId" text, ssh jsonb)
    WHERE a.id = r."allocationId" AND a.id = ANY (${running.map((one) => one.allocationId)}::text[])
      AND a.state = 'prepared'`;
}

/** When a meter ends: a second of the wall clock, or of the allocation's billing time. */
export type MeterEnd = { reason: string } & ({ wallS: number } | { billingS: number });

/**
 * Ends the meter of a workload's running allocations, never before it started nor after now; allocations that never ran
 * become failed.
 */
export async function closeMeters(
  sql: Sql,
  workload: { orgId: string; workloadId: string },
  end: MeterEnd,
): Promise<void> {
  const isWall = 'wallS' in end;
  const atS = isWall ? end.wallS : end.billingS;
  await sql`
    UPDATE allocation a SET state = CASE WHEN a.state = 'running' THEN 'ended' ELSE 'failed' END,
      end_s = CASE WHEN a.state = 'running' THEN greatest(a.start_s, least(suan_billing_now_s(a.clock_offset_s),
        ${atS}::bigint + CASE WHEN ${isWall}::boolean THEN a.clock_offset_s ELSE 0 END)) END,
      end_reason = ${end.reason}
    WHERE a.org_id = ${workload.orgId} AND a.workload_id = ${workload.workloadId} AND a.state IN ('prepared', 'running')`;
}

/**
 * Gives the devices of allocations back to the fleet and rings when somebody waits for devices (who begins to wait at this
 * moment is found by the sweep). Only allocations whose meter is not running are released; repeating changes nothing.
 */
export async function releaseAllocations(
  sql: Sql,
  allocationIds: readonly string[],
  regionId: string,
  options: { unscrubbedDeviceIds?: readonly string[] } = {},
): Promise<void> {
  const unscrubbed = options.unscrubbedDeviceIds ?? [];
  const released = await sql`
    WITH gone AS (
      UPDATE allocation SET released_at = clock_timestamp(),
        state = CASE WHEN state = 'prepared' THEN 'failed' ELSE state END
      WHERE id = ANY (${allocationIds}::text[]) AND released_at IS NULL AND state <> 'running' RETURNING id
    ), freed AS (
      UPDATE allocation_device d SET span = tstzrange(lower(d.span), clock_timestamp())
      FROM gone WHERE d.allocation_id = gone.id AND upper_inf(d.span) RETURNING d.device_id, d.allocation_id
    )
    UPDATE device SET held_by = NULL,
      health = CASE WHEN device.id = ANY (${unscrubbed}::text[]) AND device.health = 'ok' THEN 'unknown' ELSE device.health END
    FROM freed WHERE device.id = freed.device_id AND device.held_by = freed.allocation_id RETURNING 1 AS one`;
  if (released.length === 0) return;
  await sql`
    INSERT INTO outbox (topic, key) SELECT 'placement', ${regionId}
    WHERE EXISTS (SELECT 1 FROM operation WHERE status = 'pending' AND step = 'place')`;
}
