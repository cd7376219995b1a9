import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect } from 'vitest';
import { addNode } from '../../../../packages/services/test/support/fleet';
import { type Api, openApi } from './api';
import { createFuzzer, fuzzedRequests } from './fuzz';
import { addTenant } from './tenant';
import { populate } from './two-tenants';

let api: Api;
let admin: pg.Client;
beforeAll(async () => {
  api = await openApi();
  admin = new pg.Client({ connectionString: api.plane.db.database.adminUrl });
  await admin.connect();
  for (const id of ['n1', 'n2', 'n3', 'n4']) await addNode(api.plane.sql, id);
});
afterAll(async () => {
  await admin?.end();
  await api?.close();
});

/** Sends so many requests made from the OpenAPI document and holds every answer against it. */
export async function fuzz(requests: number): Promise<void> {
  const tenant = await addTenant(api);
  const ids = await populate(api, admin, tenant);
  const { run, seen } = createFuzzer(api, tenant);
  await fc.assert(fc.asyncProperty(fuzzedRequests(ids), run), { numRuns: requests });
  for (const status of [200, 201, 400, 401, 403, 404, 412, 422])
    expect(seen.get(status) ?? 0, String(status)).toBeGreaterThan(0);
  expect(seen.get(200)! + seen.get(201)!).toBeGreaterThan(requests / 10);
}
