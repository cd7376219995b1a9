import { afterAll, beforeAll, test } from 'vitest';
import { type BillingDb, openBillingDb } from './support/billing-db';
import { changePrices, playQuarters } from './support/quarter';

let db: BillingDb;
beforeAll(async () => {
  db = await openBillingDb();
  await changePrices(db);
});
afterAll(() => db?.close());

test('all documents together are the whole truth, rounded once per lease and period', () => playQuarters(db, 20));
