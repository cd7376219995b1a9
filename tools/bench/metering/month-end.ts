import type { Db } from '@suanxiang/db/client';
import { singleSql } from '@suanxiang/db/tenant';
import { finalizeDuePeriods } from '@suanxiang/metering/invoices/finalize';
import { MONTH_END_S, MONTH_S, seedHours, seedLeases } from './seed-hours';

const GOAL_S = 120;
const FULL = 10_000;
const MIB = 1024 * 1024;

/**
 * The month end of many organisations with two leases each over 30 days: every open month becomes a numbered invoice with its journal,
 * is paid from the wallet as far as that goes, audited, and the next period opens. `met` at 10,000 organisations under 120 s.
 */
export async function measureMonthEnd(db: Db, databaseUrl: string, organizations: number): Promise<object> {
  const seedFrom = performance.now();
  await seedLeases(db, { organizations, perOrg: 2, gpus: 8, mode: 'allocated', slug: 'month-end-' });
  const hours = await seedHours(databaseUrl, (MONTH_END_S - MONTH_S) / 3600);
  const seedS = (performance.now() - seedFrom) / 1000;
  const memory: number[] = [];
  const look = () => memory.push(Math.round(process.memoryUsage.rss() / MIB));
  look();
  const timer = setInterval(look, 250);
  const from = performance.now();
  const { finalized, failed } = await finalizeDuePeriods(db, (MONTH_END_S + 86_400) * 1000);
  const seconds = (performance.now() - from) / 1000;
  clearInterval(timer);
  look();
  if (failed.length > 0) throw failed[0]!.error;
  const [counts] = await singleSql(db)<Record<'invoices' | 'numbers' | 'journals' | 'gaps' | 'blocks', string>>`
    SELECT count(*)::text AS invoices, count(DISTINCT i.number)::text AS numbers,
      (SELECT count(*) FROM journal WHERE kind IN ('invoice', 'invoice_payment'))::text AS journals,
      (max(right(i.number, 6)::int) - min(right(i.number, 6)::int) + 1 - count(*))::text AS gaps,
      (SELECT sum(block_count) FROM invoice_line)::text AS blocks
    FROM invoice i WHERE i.from_s = ${MONTH_S}::bigint`;
  if (Number(counts!.invoices) < organizations) throw new Error(`${counts!.invoices} of ${organizations} were closed`);
  const step = Math.max(1, Math.floor(memory.length / 12));
  const steady = memory.slice(Math.floor(memory.length / 3));
  // Every accelerator in a node of eight, a lease to each node, two leases to an organisation.
  const projected = (accelerators: number) => Math.round((seconds / organizations) * (accelerators / 16));
  return {
    organizations,
    leases: organizations * 2,
    hour_rows: hours,
    closed: finalized.length,
    ...counts,
    seed_s: Math.round(seedS),
    seconds: Math.round(seconds * 10) / 10,
    organizations_per_s: Math.round(organizations / seconds),
    goal_s: GOAL_S,
    ratio: Math.round((seconds / GOAL_S) * (FULL / organizations) * 100) / 100,
    met: (seconds * FULL) / organizations < GOAL_S,
    rss_mib: memory.filter((_, at) => at % step === 0 || at === memory.length - 1),
    // What it grew by in the last two thirds, after the code was warm.
    rss_growth_mib: Math.max(...steady) - steady[0]!,
    projected_s: { '100000_accelerators': projected(100_000), '1000000_accelerators': projected(1_000_000) },
  };
}
