import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BillingDb, openBillingDb } from './support/billing-db';
import { playSeason } from './support/season';

let db: BillingDb;
beforeAll(async () => {
  db = await openBillingDb();
});
afterAll(() => db?.close());

test('months with everything at random: every cent is that of the second books', async () => {
  // The same ones each time; the soak test plays new ones.
  const counts = await playSeason(db, { organizations: 6, months: 2, seed: 20_260_901 });
  expect(counts.invoices).toBeGreaterThan(8);
  expect(counts.notes + counts.adjustments).toBeGreaterThan(0);
}, 120_000);
