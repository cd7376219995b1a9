import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Api, openApi } from '../../api/test/support/api';
import { addKey, addTenant, type Tenant } from '../../api/test/support/tenant';
import { billLastMonth } from '../../api/test/support/two-tenants';
import { EXIT } from '../src/exit-codes';
import { suanAgainst } from './against-api';

let api: Api;
let admin: Awaited<ReturnType<Api['plane']['db']['database']['connectAdmin']>>;
let tenant: Tenant;
let apiKey: string;
let invoiceId: string;
const folder = mkdtempSync(path.join(tmpdir(), 'suan-verify-'));
beforeAll(async () => {
  api = await openApi();
  admin = await api.plane.db.database.connectAdmin();
  tenant = await addTenant(api);
  await billLastMonth(api, admin, tenant);
  apiKey = await addKey(api, tenant, ['billing:read']);
  const { items } = (await api.call('listInvoices', {}, tenant.owner)).json;
  invoiceId = items.find((invoice: { status: string }) => invoice.status === 'final').id;
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await admin?.end();
  await api?.close();
});

const suan = (...words: string[]) => suanAgainst(api, apiKey, folder, words);

test('an invoice is derived again on the customer machine, over the public API, with a key that may only read bills', async () => {
  const { code, out, err } = await suan('invoice', 'verify', invoiceId);
  expect(err).toBe('');
  expect(out).toMatch(
    /^TEST-SXSG-\d{4}-\d{6}: 1 lines derived again \(0 credit notes among them\), 0 adjustments and 0 credit notes made by hand checked, from 1[01] usage blocks; everything holds\. Total \d+\.\d\d USD\.\n$/,
  );
  expect(code).toBe(0);
  const json = JSON.parse((await suan('invoices', 'verify', invoiceId, '--json')).out);
  expect(json).toMatchObject({ findings: [], derived: 1, chained: true, currency: 'USD' });
});

test('one altered sample is found and named, and the command fails', async () => {
  // As somebody would who owns the database: past the trigger that forbids it.
  await admin.query(`SET session_replication_role = 'replica'`);
  await admin.query(
    `UPDATE usage_block SET bytes = set_byte(bytes, 7, 1) WHERE org_id = $1
    AND win_start_s = (SELECT min(win_start_s) FROM usage_block WHERE org_id = $1)`,
    [tenant.orgId],
  );
  const { code, out, err } = await suan('invoices', 'verify', invoiceId);
  expect(code).toBe(1);
  expect(out).toBe('');
  expect(err).toMatch(
    /^block_altered {2}usage:alloc_\w+ {2}the block of alloc_\w+ at 20\S+ revision 0, has another digest: second 20\S+Z states \d+ ppm, \d+ ppm was sealed\nTEST-\S+ does not hold: 1 differences\.\n$/,
  );
});

test('the running period has no proof', async () => {
  const { code, err } = await suan('invoices', 'verify', 'draft');
  expect(code).toBe(EXIT.conflict);
  expect(err).toContain('not issued yet');
});
