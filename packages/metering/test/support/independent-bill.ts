import type { Sql } from '@suanxiang/db/sql';

/**
 * What an organisation owes for a span, second by second, straight from the tables: no code of the product is used. For a
 * lease billed by time a delivered second costs gpus x price; one billed by utilization weighs it with the merged sample.
 * Returns exact amounts by allocation as [numerator, denominator] in minor units of a two-decimal currency.
 */
export async function billFromTables(
  sql: Sql,
  orgId: string,
  fromS: number,
  toS: number,
  arrivedByS: number,
): Promise<Map<string, [bigint, bigint]>> {
  const leases = await sql<{
    id: string;
    sku: string;
    currency: string;
    gpus: number;
    mode: string;
    start: string;
    end: string | null;
  }>`
    SELECT id, sku, currency, gpus, mode, start_s::text AS start, end_s::text AS "end" FROM allocation
    WHERE org_id = ${orgId} AND start_s < ${toS}::bigint AND (end_s IS NULL OR end_s > ${fromS}::bigint)`;
  const result = new Map<string, [bigint, bigint]>();
  for (const lease of leases) {
    const prices = await sql<{ at: string; micro: string; least: number }>`
      SELECT greatest(from_s, published_s)::text AS at, micro_per_gpu_hour::text AS micro, min_seconds AS least FROM price_row
      WHERE sku = ${lease.sku} AND currency = ${lease.currency} ORDER BY 1`;
    const gaps = await sql<{ a: string; b: string }>`
      SELECT from_s::text AS a, to_s::text AS b FROM undelivered WHERE allocation_id = ${lease.id}`;
    const samples = lease.mode === 'utilization' ? await samplesOf(sql, lease.id, arrivedByS) : null;
    let numerator = 0n;
    // The least billed time of a start: what the whole lease's delivered seconds lack to it, at the price of the start.
    const start = Number(lease.start);
    if (!samples && lease.end !== null && start >= fromS && start < toS) {
      let delivered = 0;
      for (let second = start; second < Number(lease.end); second += 1) {
        if (!gaps.some((gap) => Number(gap.a) <= second && second < Number(gap.b))) delivered += 1;
      }
      const first = prices.filter((row) => Number(row.at) <= start).at(-1);
      const lacking = delivered > 0 ? Math.max(0, (first?.least ?? 0) - delivered) : 0;
      numerator += BigInt(lease.gpus) * BigInt(lacking) * 1_000_000n * BigInt(first?.micro ?? '0');
    }
    for (
      let second = Math.max(fromS, Number(lease.start));
      second < Math.min(toS, Number(lease.end ?? toS));
      second += 1
    ) {
      if (gaps.some((gap) => Number(gap.a) <= second && second < Number(gap.b))) continue;
      const price = prices.filter((row) => Number(row.at) <= second).at(-1);
      const weight = samples ? BigInt(samples.get(second)?.ppm ?? 0) : 1_000_000n;
      numerator += BigInt(lease.gpus) * weight * BigInt(price?.micro ?? '0');
    }
    result.set(lease.id, [numerator, 1_000_000n * 3600n * 10_000n]);
  }
  return result;
}

export async function samplesOf(sql: Sql, allocationId: string, arrivedByS: number) {
  const blocks = await sql<{ win: string; rev: number; hex: string }>`
    SELECT win_start_s::text AS win, rev, encode(bytes, 'hex') AS hex FROM usage_block
    WHERE allocation_id = ${allocationId} AND arrived_s <= ${arrivedByS}::bigint`;
  const seconds = new Map<number, { ppm: number; rev: number }>();
  for (const { win, rev, hex } of blocks) {
    for (let i = 0; i < 60; i += 1) {
      const steps = Number.parseInt(hex.slice(i * 4, i * 4 + 4), 16);
      if (steps === 0xffff) continue;
      const known = seconds.get(Number(win) + i);
      const ppm = steps * 100;
      if (!known || rev > known.rev || (rev === known.rev && ppm < known.ppm))
        seconds.set(Number(win) + i, { ppm, rev });
    }
  }
  return seconds;
}

/** Nearest integer, exactly half away from zero; for amounts >= 0. */
export function halfUp([numerator, denominator]: [bigint, bigint]): bigint {
  return (2n * numerator + denominator) / (2n * denominator);
}
