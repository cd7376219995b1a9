import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addNode } from '../../../packages/services/test/support/fleet';
import { type Api, openApi } from './support/api';
import { createFuzzer, fuzzedRequests } from './support/fuzz';
import { addTenant } from './support/tenant';
import { populate } from './support/two-tenants';

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

test('a thousand requests made from the OpenAPI document are answered as it says, none by a failure of ours', async () => {
  const tenant = await addTenant(api);
  const ids = await populate(api, admin, tenant);
  const { run, seen } = createFuzzer(api, tenant);
  await fc.assert(fc.asyncProperty(fuzzedRequests(ids), run), { numRuns: 1_000 });
  for (const status of [200, 201, 400, 401, 403, 404, 412, 422])
    expect(seen.get(status) ?? 0, String(status)).toBeGreaterThan(0);
  expect(seen.get(200)! + seen.get(201)!).toBeGreaterThan(1_000 / 10);
}, 240_000);
