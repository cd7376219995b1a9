import { afterAll, beforeAll, test } from 'vitest';
import { type BillingDb, openBillingDb } from './support/billing-db';
import { changePrices, playQuarters } from './support/quarter';

let db: BillingDb;
beforeAll(async () => {
  db = await openBillingDb();
  await changePrices(db);
});
afterAll(() => db?.close());

test('a quarter of 150 organizations: all documents together are the whole truth', () => playQuarters(db, 150));
