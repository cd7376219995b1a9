import type { Db } from '@suanxiang/db/client';
import { withSql } from '@suanxiang/db/tenant';
import type { Journal } from '@suanxiang/metering/ledger/post-journal';
import { postJournals } from '@suanxiang/metering/ledger/post-journals';

/** Journals a second, booked in batches, two under way at a time; `met` at 5,000. */
export async function measureJournals(
  db: Db,
  orgId: string,
  options: { journals: number; batch: number },
): Promise<object> {
  const entries = [
    { account: 'cash' as const, currency: 'USD', micro: 1n },
    { account: 'wallet' as const, currency: 'USD', micro: -1n },
  ];
  const all = Array.from({ length: options.journals }, (_, i): Journal => {
    return { orgId, idemKey: `bench-batch:${i}`, kind: 'top_up', memo: '', bookedS: i, entries };
  });
  let next = 0;
  const book = async () => {
    while (next < all.length) {
      const part = all.slice(next, next + options.batch);
      next += options.batch;
      const booked = await withSql(db, (sql) => postJournals(sql, part, 0));
      if (booked !== part.length) throw new Error(`only ${booked} of ${part.length} journals were booked`);
    }
  };
  const from = performance.now();
  await Promise.all([book(), book()]);
  const perSecond = (options.journals / (performance.now() - from)) * 1000;
  // One accrual journal a lease and hour, every accelerator leased alone.
  const seconds = (accelerators: number) => Math.round(accelerators / perSecond);
  return {
    ...options,
    journals_per_s: Math.round(perSecond),
    met: perSecond >= 5_000,
    seconds_of_each_hour: { '100000_accelerators': seconds(100_000), '1000000_accelerators': seconds(1_000_000) },
  };
}
