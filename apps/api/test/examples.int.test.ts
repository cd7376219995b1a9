import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addNode } from '../../../packages/services/test/support/fleet';
import { type Api, openApi, type Sender } from './support/api';
import { attemptOf, documentedOperations, type Operation } from './support/matrix';
import { addTenant, type Tenant } from './support/tenant';
import { type Ids, populate } from './support/two-tenants';

let api: Api;
let admin: pg.Client;
let tenant: Tenant;
let own: Ids;
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
/** A fresh organisation for each example: what one changes is nothing to the next. */
beforeEach(async () => {
  await admin.query(`UPDATE operation SET status = 'superseded'; UPDATE workload SET state = 'terminated'`);
  await admin.query(`DELETE FROM auth_user WHERE email = 'li.lei@example.com'`);
  tenant = await addTenant(api);
  own = await populate(api, admin, tenant);
});

// Signing in as the person of the example, who is nobody here; acting on the operator plane needs an operator.
const operations = documentedOperations().filter(({ plane, id }) => plane !== 'operator' && !/[sS]ignIn$/.test(id));
/** What an example meets in a fresh organisation where that is not success. */
const MEETS: Record<string, { status: number; code: string }> = {
  // What was launched a moment ago is still on its way.
  stopInstance: { status: 409, code: 'conflict' },
  startInstance: { status: 409, code: 'conflict' },
  stopCluster: { status: 409, code: 'conflict' },
  startCluster: { status: 409, code: 'conflict' },
  openInstanceTerminal: { status: 409, code: 'conflict' },
  openClusterTerminal: { status: 409, code: 'conflict' },
  // The only owner; something lives; the slug of the example is another's.
  leaveOrganization: { status: 409, code: 'conflict' },
  closeOrganization: { status: 422, code: 'unprocessable' },
  // A token of nothing; one mail a minute.
  acceptInvitation: { status: 404, code: 'not_found' },
  resendInvitation: { status: 429, code: 'rate_limited' },
  // A sandbox, and no company in China.
  createFapiaoRequest: { status: 422, code: 'unprocessable' },
  // A sandbox pays with play money.
  redeemCoupon: { status: 422, code: 'unprocessable' },
  // Less than there is.
  createQuotaRequest: { status: 422, code: 'unprocessable' },
  // Who has no second factor cannot demand one of others.
  updateOrganization: { status: 403, code: 'mfa_required' },
  // Codes, tickets and tokens that nobody was given.
  completeSignIn: { status: 400, code: 'invalid_request' },
  resetPassword: { status: 410, code: 'link_expired' },
  verifyEmail: { status: 410, code: 'link_expired' },
  changePassword: { status: 403, code: 'proof_refused' },
  reauthenticate: { status: 400, code: 'invalid_request' },
  confirmTotp: { status: 403, code: 'proof_refused' },
  addPasskey: { status: 410, code: 'link_expired' },
  pollDeviceSignIn: { status: 410, code: 'link_expired' },
  lookUpDevice: { status: 404, code: 'not_found' },
  denyDevice: { status: 404, code: 'not_found' },
  approveDevice: { status: 404, code: 'not_found' },
  // This installation takes no online payments.
  payInvoice: { status: 409, code: 'conflict' },
  addPaymentMethod: { status: 409, code: 'conflict' },
};

describe('the example of every operation does what it says on a real server', () => {
  test.each(operations.map((operation) => [operation.id, operation] as const))(
    '%s',
    async (id, operation: Operation) => {
      const attempt = attemptOf(operation, own);
      const body = id === 'advanceTestClock' ? { to: new Date(Date.now() + 7_200_000).toISOString() } : attempt.body;
      const sender: Sender = operation.path.startsWith('/v1/organizations') ? { token: tenant.session } : tenant.owner;
      const headers = { 'idempotency-key': `example-${id}` };
      const reply = await api.send(operation.method, attempt.url, { ...sender, headers }, body);
      expect(operation.statuses).toContain(String(reply.status));
      const expected = MEETS[id];
      if (expected) expect(reply.json, reply.text).toMatchObject(expected);
      else expect(reply.status, reply.text).toBeLessThan(300);
    },
  );
});
