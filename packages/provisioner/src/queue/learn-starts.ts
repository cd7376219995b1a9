import type { Sql } from '@suanxiang/db/sql';
import { emptyCalibration, learn } from '@suanxiang/scheduler/estimate/calibration';
import type { EstimateCalibration, StartEstimate } from '@suanxiang/scheduler/queue/types';

interface Started {
  basis: StartEstimate['basis'];
  /** Seconds from when the estimate was given. */
  estimated_s: number;
  real_s: number;
}

/**
 * Learns how far off the first estimates of these operations were, which are about to start. Before their entries in the
 * queue go. The row's lock lets rounds of several zones of a region learn at the same time.
 */
export async function learnStarts(sql: Sql, regionId: string, operationIds: readonly string[]): Promise<void> {
  if (operationIds.length === 0) return;
  const started = await sql<Started>`
    SELECT given_basis AS basis, extract(epoch FROM given_likely_at - given_at)::float8 AS estimated_s,
      extract(epoch FROM clock_timestamp() - given_at)::float8 AS real_s
    FROM queue_entry WHERE operation_id = ANY (${[...operationIds]}::text[]) AND given_basis IS NOT NULL
    ORDER BY operation_id`;
  if (started.length === 0) return;
  await sql`INSERT INTO queue_state (region_id, carried_over) VALUES (${regionId}, '{}') ON CONFLICT DO NOTHING`;
  const [row] = await sql<{ calibration: EstimateCalibration | null }>`
    SELECT calibration FROM queue_state WHERE region_id = ${regionId} FOR UPDATE`;
  const learned = started.reduce(
    (calibration, one) => learn(calibration, one.basis, one.estimated_s, one.real_s),
    row?.calibration ?? emptyCalibration(),
  );
  await sql`UPDATE queue_state SET calibration = ${learned}::jsonb WHERE region_id = ${regionId}`;
}
