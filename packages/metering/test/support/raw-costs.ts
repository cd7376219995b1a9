import type { Sql } from '@suanxiang/db/sql';
import { samplesOf } from './independent-bill';
import type { Exact } from './season-books';

interface LeaseRow {
  id: string;
  sku: string;
  gpus: number;
  mode: string;
  start: string;
  end: string;
}

/**
 * What each lease of an organisation costs in a span, second by second from the raw rows: prices, undelivered stretches, and
 * for leases billed by utilization the blocks that had arrived. `exponent`: digits of the currency's minor unit.
 */
export async function rawCosts(
  sql: Sql,
  org: { orgId: string; currency: string; exponent: number },
  fromS: number,
  toS: number,
  arrivedByS: number,
): Promise<Map<string, Exact>> {
  const leases = await sql<LeaseRow>`
    SELECT id, sku, gpus, mode, start_s::text AS start, end_s::text AS "end" FROM allocation
    WHERE org_id = ${org.orgId} AND start_s < ${toS}::bigint AND end_s > ${fromS}::bigint`;
  const den = 1_000_000n * 3600n * 10n ** BigInt(6 - org.exponent);
  const found = new Map<string, Exact>();
  for (const lease of leases) {
    const rows = await sql<{ at: string; micro: string; least: number }>`
      SELECT greatest(from_s, published_s)::text AS at, micro_per_gpu_hour::text AS micro, min_seconds AS least FROM price_row
      WHERE sku = ${lease.sku} AND currency = ${org.currency} ORDER BY greatest(from_s, published_s)`;
    const prices = rows.map(({ at, micro, least }) => ({ at: Number(at), micro: BigInt(micro), least }));
    const gaps = await sql<{ a: number; b: number }>`
      SELECT from_s::float8 AS a, to_s::float8 AS b FROM undelivered WHERE allocation_id = ${lease.id}`;
    const isGap = (second: number) => gaps.some(({ a, b }) => a <= second && second < b);
    const priceAt = (second: number) => prices.filter(({ at }) => at <= second).at(-1)!;
    const samples = lease.mode === 'utilization' ? await samplesOf(sql, lease.id, arrivedByS) : null;
    const [start, end, gpus] = [Number(lease.start), Number(lease.end), BigInt(lease.gpus)];
    const bySecond = new Map<number, bigint>();
    for (let second = Math.max(start, fromS); second < Math.min(end, toS); second += 1) {
      const weight = isGap(second) ? 0n : samples ? BigInt(samples.get(second)?.ppm ?? 0) : 1_000_000n;
      bySecond.set(second, gpus * weight * priceAt(second).micro);
    }
    if (!samples && start >= fromS && start < toS) {
      let delivered = 0;
      for (let second = start; second < end; second += 1) if (!isGap(second)) delivered += 1;
      const lacking = delivered > 0 ? Math.max(0, priceAt(start).least - delivered) : 0;
      bySecond.set(start, bySecond.get(start)! + gpus * BigInt(lacking) * 1_000_000n * priceAt(start).micro);
    }
    found.set(lease.id, { num: [...bySecond.values()].reduce((a, b) => a + b, 0n), den, bySecond });
  }
  return found;
}
