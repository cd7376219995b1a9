import type { Sql } from '@suanxiang/db/sql';
import { type Rational, rational, sum } from '@suanxiang/domain/rational';
import { billedOrg, openPeriods } from '../periods';
import { currentPrices } from '../prices/price-lookup';
import { type Contract, highestMicro, negotiatedRows } from '../rating/contract';
import type { Lease } from './load-terms';
import { rateSpan } from './rate-span';

export interface WorkloadCost {
  currency: string;
  /** The running period so far. */
  fromS: number;
  toS: number;
  /** Cost in the span, in minor units, before any rounding. */
  exactMinor: Rational;
  /** The same, rounded once per lease as on an invoice. */
  amountMinor: bigint;
  /** Delivered seconds summed over the nodes. */
  billedSeconds: number;
  /** What it costs per hour now, in micro-units; 0 when nothing runs. */
  microPerHour: bigint;
  /** The same per second. */
  microPerSecond: Rational;
}

/** What the running ones of some leases cost per hour at the prices of a second, at most where tiers decide. */
export async function burnPerHour(
  sql: Sql,
  { leases, contracts }: { leases: readonly Lease[]; contracts: readonly Contract[] },
  currency: string,
  atS: number,
): Promise<bigint> {
  const running = leases.filter((lease) => lease.running);
  if (running.length === 0) return 0n;
  const prices = await currentPrices(sql, currency, atS);
  const microOf = (sku: string) => {
    const list = prices.get(sku);
    if (!list) return 0n;
    const pricing = { model: 'flat' as const, microPerGpuHour: list.microPerGpuHour };
    const row = { sku, fromS: atS, publishedS: null, minSeconds: 0, pricing };
    return highestMicro(negotiatedRows([row], contracts).find(({ fromS }) => fromS === atS)!.pricing);
  };
  return running.reduce((total, { gpus, term }) => total + BigInt(gpus) * microOf(term.sku), 0n);
}

/** Cost of one workload in the running period so far, and what it costs now. Zero for one that never ran. */
export async function workloadCost(sql: Sql, orgId: string, workloadId: string): Promise<WorkloadCost> {
  const org = await billedOrg(sql, orgId);
  const { fromS } = (await openPeriods(sql, org)).at(-1)!;
  const toS = Math.max(org.nowS, fromS + 1);
  // A lease that has just begun costs something now although none of its seconds is over: its first one may be the next.
  const found = await rateSpan(sql, org, { fromS, toS: toS + 2 }, { workloadId, untilS: toS });
  const { rated } = found;
  const microPerHour = await burnPerHour(sql, found, org.currency, org.nowS);
  const exactMinor = sum(rated.lines.map((line) => line.exact));
  return {
    currency: org.currency,
    fromS,
    toS,
    exactMinor,
    amountMinor: rated.subtotalMinor,
    billedSeconds: rated.lines.reduce((seconds, line) => seconds + line.billedSeconds, 0),
    microPerHour,
    microPerSecond: rational(microPerHour, 3600n),
  };
}
