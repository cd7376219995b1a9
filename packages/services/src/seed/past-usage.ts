import type { Sql } from '@suanxiang/db/sql';
import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import { blockOf, type MeasuredRun } from './usage-profile';

const HOUR_S = 3_600;
const MINUTE_S = 60;
/** How long after its hour a batch came in. */
const DELAY_S = 4;

/** Delivers everything that was measured, hour by hour as agents do, through the same door. Returns the number of blocks. */
export async function deliverPastUsage(sql: Sql, runs: readonly MeasuredRun[]): Promise<number> {
  let seq = 0;
  for (const zoneId of new Set(runs.map((run) => run.zoneId))) {
    const own = runs.filter((run) => run.zoneId === zoneId).sort((a, b) => a.fromS - b.fromS);
    const hours = new Set<number>();
    for (const { fromS, toS } of own) {
      for (let hourS = fromS - (fromS % HOUR_S); hourS < toS; hourS += HOUR_S) hours.add(hourS);
    }
    for (const hourS of [...hours].sort((a, b) => a - b)) {
      const records = [];
      for (const run of own) {
        const fromS = Math.max(hourS, run.fromS - (run.fromS % MINUTE_S));
        for (let minuteS = fromS; minuteS < Math.min(hourS + HOUR_S, run.toS); minuteS += MINUTE_S) {
          seq += 1;
          records.push(blockOf(run, minuteS, seq));
        }
      }
      const { stored } = await ingestBlocks(sql, zoneId, records, (hourS + HOUR_S + DELAY_S) * 1000);
      if (stored !== records.length)
        throw new Error(`only ${stored} of ${records.length} past blocks of ${zoneId} were taken`);
    }
  }
  return seq;
}
