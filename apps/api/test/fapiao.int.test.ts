import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Api, openApi, type Sender } from './support/api';
import { addChineseInvoice, FAPIAO } from './support/fapiao';
import { addOperator } from './support/operators';
import { addTenant, type Tenant } from './support/tenant';

let api: Api;
let admin: pg.Client;
let ops: Sender & { id: string };
let tenant: Tenant;
let invoiceId: string;
beforeAll(async () => {
  api = await openApi();
  admin = new pg.Client({ connectionString: api.plane.db.database.adminUrl });
  await admin.connect();
  ops = await addOperator(api, admin);
});
afterAll(async () => {
  await admin?.end();
  await api?.close();
});
beforeEach(async () => {
  await api.plane.ctx.redis.flushdb();
  ({ tenant, invoiceId } = await addChineseInvoice(api, admin));
});

const ask = (over: object = {}, as: Sender = tenant.owner) =>
  api.call('createFapiaoRequest', { params: { invoice_id: invoiceId }, body: { ...FAPIAO, ...over } }, as);
const issue = (id: string, number: string) =>
  api.call('operatorIssueFapiao', { params: { fapiao_request_id: id }, body: { fapiao_number: number } }, ops);
const reject = (id: string, reason = 'The title is misspelt') =>
  api.call('operatorRejectFapiao', { params: { fapiao_request_id: id }, body: { reason } }, ops);
const pay = (part: string) =>
  admin.query(`UPDATE invoice SET paid_minor = ${part}, due_minor = total_minor - (${part}) WHERE id = $1`, [
    invoiceId,
  ]);
const paid = async () =>
  (await admin.query('SELECT paid_minor::int AS n FROM invoice WHERE id = $1', [invoiceId])).rows[0].n as number;
const minor = (reply: { json: { amount: { amount: string } } }) => Math.round(Number(reply.json.amount.amount) * 100);

test('is asked for over what was paid, issued with its number, and written into the audit log', async () => {
  const asked = await ask({ tax_id: FAPIAO.tax_id.toLowerCase(), bank_name: '交通银行' });
  expect(asked.status, asked.text).toBe(201);
  expect(asked.json).toMatchObject({ ...FAPIAO, bank_name: '交通银行', status: 'requested', fapiao_number: null });
  expect(minor(asked)).toBe(await paid());
  const open = (await api.call('operatorFapiaoRequests', {}, ops)).json.items;
  expect(open).toContainEqual(expect.objectContaining({ id: asked.json.id, org_id: tenant.orgId }));
  const number = '26112000000000000001';
  expect((await issue(asked.json.id, number)).json).toMatchObject({ status: 'issued', fapiao_number: number });
  expect((await reject(asked.json.id)).json).toMatchObject({ code: 'conflict', state: 'issued' });
  const shown = await api.call('getFapiaoRequest', { params: { fapiao_request_id: asked.json.id } }, tenant.owner);
  expect(shown.json).toMatchObject({ status: 'issued', fapiao_number: number });
  expect(shown.text).not.toContain(ops.id);
  const { rows } = await admin.query('SELECT action, actor FROM audit_event WHERE resource = $1 ORDER BY seq', [
    asked.json.id,
  ]);
  expect(rows).toEqual([
    { action: 'fapiao_request.create', actor: `user:${tenant.userId}` },
    { action: 'fapiao_request.issue', actor: `operator:${ops.id}` },
  ]);
});

describe('never more than was paid', () => {
  test('ten at once are one request', async () => {
    const replies = await Promise.all(Array.from({ length: 10 }, () => ask()));
    expect(replies.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(409)]);
  });

  test('a second one says only what was paid since', async () => {
    await pay('total_minor / 2');
    const half = await paid();
    const first = await ask();
    expect(minor(first)).toBe(half);
    await issue(first.json.id, '26112000000000000002');
    expect((await ask()).json.code).toBe('conflict');
    await pay('total_minor');
    expect(minor(await ask())).toBe((await paid()) - half);
  });

  test('one that was rejected may be asked for anew, and says why', async () => {
    const first = await ask();
    expect((await reject(first.json.id)).json).toMatchObject({ status: 'rejected', reason: 'The title is misspelt' });
    expect(minor(await ask())).toBe(await paid());
  });

  test('what was paid back meanwhile is not issued, nor one number twice', async () => {
    const first = await ask();
    await pay('0');
    expect((await issue(first.json.id, '26112000000000000003')).json.code).toBe('conflict');
    await pay('total_minor');
    expect((await issue(first.json.id, '26112000000000000003')).status).toBe(200);
    ({ tenant, invoiceId } = await addChineseInvoice(api, admin));
    const other = await ask();
    expect((await issue(other.json.id, '26112000000000000003')).json.code).toBe('conflict');
  });

  test('nothing is paid, the invoice is void, or the buyer is not in China', async () => {
    await pay('0');
    expect((await ask()).json.code).toBe('conflict');
    await admin.query(`UPDATE invoice SET status = 'void', paid_minor = 0, due_minor = 0 WHERE id = $1`, [invoiceId]);
    expect((await ask()).json.code).toBe('conflict');
    await admin.query(`UPDATE organization SET country = 'SG' WHERE id = $1`, [tenant.orgId]);
    expect((await ask()).json).toMatchObject({ code: 'unprocessable', errors: [{ code: 'not_chinese' }] });
  });
});

test('a wrong tax id is refused, and another organisation finds nothing', async () => {
  expect((await ask({ tax_id: '91350100M000100Y44' })).json).toMatchObject({
    code: 'invalid_request',
    errors: [{ pointer: '/body/tax_id' }],
  });
  const other = await addTenant(api);
  expect((await ask({}, other.owner)).json.code).toBe('not_found');
});

test('the export has the fields of the tax authority, and no formula of a spreadsheet', async () => {
  const asked = await ask({ buyer_title: '=HYPERLINK("http://x")', address: '福州市, 1 号' });
  const { text } = await api.call('operatorExportFapiao', {}, ops);
  const [head, ...rows] = text.split('\r\n');
  expect(head).toMatch(
    /^out_order_no,kind,title,tax_number,address,telephone,bank_name,bank_account,email,total_with_tax,/,
  );
  const row = rows.find((line) => line.startsWith(asked.json.id))!;
  expect(row).toContain(',91350100M000100Y43,"福州市, 1 号",');
  expect(row).toContain(`,${asked.json.amount.amount},CNY,`);
  expect(row).not.toMatch(/,"?=HYPER/);
});
