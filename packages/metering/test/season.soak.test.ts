import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BillingDb, openBillingDb } from './support/billing-db';
import { playSeason } from './support/season';

let db: BillingDb;
beforeAll(async () => {
  db = await openBillingDb();
});
afterAll(() => db?.close());

test('a quarter of 50 organizations with everything at random, and the month after: every cent is that of the second books', async () => {
  const seed = Number(process.env.SEED ?? Math.floor(Date.now() / 1000));
  console.info(`season with SEED=${seed}`);
  const counts = await playSeason(db, { organizations: 50, months: 4, seed });
  console.info(counts);
  for (const [kind, least] of Object.entries({ invoices: 150, notes: 10, adjustments: 20, voided: 10 })) {
    expect(counts[kind as keyof typeof counts], kind).toBeGreaterThan(least);
  }
}, 900_000);
