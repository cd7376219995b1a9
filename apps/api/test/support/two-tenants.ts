import { withSql } from '@suanxiang/db/tenant';
import { type IdKind, mintId } from '@suanxiang/domain/ids';
import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import { finalizeDuePeriods } from '@suanxiang/metering/invoices/finalize';
import type pg from 'pg';
import { lease, minutes, ZONE } from '../../../../packages/metering/test/support/billing-db';
import type { Api } from './api';
import { sshPublicKey, type Tenant } from './tenant';

/** In every text of A that A may choose: no answer to B may hold it. */
export const CANARY = 'kanarienvogel';

/** One of each resource by kind, and the key of an invoice's line. */
export type Ids = Partial<Record<IdKind, string>> & { line: string };

const DAY = 86_400;
const nowS = Math.floor(Date.now() / 1000);

/** Gives an organisation a run of ten minutes forty days ago, and the invoice for it. Answers the allocation. */
export async function billLastMonth(api: Api, admin: pg.Client, tenant: Tenant): Promise<string> {
  const { worker } = api.plane.db;
  const startS = nowS - 40 * DAY;
  await admin.query(`UPDATE organization SET created_at = now() - interval '70 days' WHERE id = $1`, [tenant.orgId]);
  const org = { orgId: tenant.orgId, projectId: tenant.projectId, currency: 'USD', mode: 'sandbox' as const };
  const { allocationId } = await lease(worker, org, { startS, endS: startS + 600, name: `${CANARY}-run` });
  const blocks = minutes(allocationId, startS, startS + 600, () => 500_000);
  await withSql(worker, (sql) => ingestBlocks(sql, ZONE, blocks, (startS + 660) * 1000));
  await finalizeDuePeriods(worker, nowS * 1000, { orgId: tenant.orgId });
  return allocationId;
}

/** A credit note on an issued invoice, as a later closing would leave it. */
async function addCreditNote(admin: pg.Client, invoiceId: string, lineKey: string): Promise<string> {
  const id = mintId('creditNote', Date.now());
  await admin.query(
    `INSERT INTO credit_note (id, org_id, invoice_id, legal_entity_id, number, run_id, currency, net_minor, tax_minor,
       total_minor, settled_minor, lines, digest, issued_at)
     SELECT $1, org_id, id, legal_entity_id, $2, run_id, currency, 1, 0, 1, 0, $3, $2, now() FROM invoice WHERE id = $4`,
    [id, `${CANARY}-${id}`, JSON.stringify([{ key: lineKey, amount_minor: '1' }]), invoiceId],
  );
  return id;
}

/** A request for a fapiao, as a company in China would make it. */
async function addFapiao(admin: pg.Client, invoiceId: string): Promise<string> {
  const id = mintId('fapiaoRequest', Date.now());
  await admin.query(
    `INSERT INTO fapiao_request (id, org_id, invoice_id, amount_minor, kind, title, tax_id, address, phone, bank_name,
       bank_account, email, requested_by)
     SELECT $1, org_id, id, 1, 'ordinary', $2, $2, $2, $2, $2, $2, $2, 'user:x' FROM invoice WHERE id = $3`,
    [id, CANARY, invoiceId],
  );
  return id;
}

/** What a placement round and an operator would have left: a place in the queue, and a share to divide. */
async function addQueueAndShare(admin: pg.Client, tenant: Tenant, operationId: string): Promise<void> {
  const reason = JSON.stringify({ code: 'waiting.capacity', en: CANARY, zh: CANARY });
  await admin.query(
    `INSERT INTO queue_entry (operation_id, org_id, project_id, workload_id, region_id, model_id, place, binding, reason,
       waiting_since, refreshed_at)
     SELECT o.id, o.org_id, w.project_id, w.id, w.region_id, w.model_id, 1, 'capacity', $2, now(), now()
     FROM operation o JOIN workload w ON w.id = o.workload_id WHERE o.id = $1`,
    [operationId, reason],
  );
  await admin.query(`INSERT INTO share_setting (node_id, org_id, updated_by) VALUES ($1, $1, 'operator:test')`, [
    tenant.orgId,
  ]);
  await admin.query(
    `INSERT INTO share_amount (node_id, org_id, kind, region_id, model_id, devices)
     VALUES ($1, $1, 'guaranteed', 'cn-north', 'nvidia-h100-80g', 8)`,
    [tenant.orgId],
  );
}

/** A saved card, as the payment provider's page would leave it. */
export async function addCard(admin: pg.Client, orgId: string): Promise<string> {
  const id = mintId('paymentMethod', Date.now());
  await admin.query(
    `INSERT INTO payment_method (id, org_id, provider, status, provider_ref, return_url, brand, last4, is_default)
     VALUES ($1, $2, 'stripe', 'active', $1, $3, $3, '4242', true)`,
    [id, orgId, CANARY],
  );
  return id;
}

/** A second member, a viewer of the first project. Answers the membership. */
export async function addMember(admin: pg.Client, tenant: Tenant, role = 'member'): Promise<string> {
  const [membership, user] = [mintId('membership', Date.now()), mintId('user', Date.now())];
  await admin.query(
    `INSERT INTO auth_user (id, name, email, "emailVerified", "updatedAt") VALUES ($1, $2, $1 || '@example.com', true, now())`,
    [user, CANARY],
  );
  await admin.query(`INSERT INTO membership (id, org_id, user_id, role) VALUES ($1, $2, $3, $4)`, [
    membership,
    tenant.orgId,
    user,
    role,
  ]);
  await admin.query(`INSERT INTO project_member (org_id, project_id, user_id, role) VALUES ($1, $2, $3, 'viewer')`, [
    tenant.orgId,
    tenant.projectId,
    user,
  ]);
  return membership;
}

/** An operator who waits for consent. */
async function addImpersonation(admin: pg.Client, tenant: Tenant): Promise<string> {
  const id = mintId('impersonation', Date.now());
  await admin.query(
    `INSERT INTO impersonation (id, org_id, operator_id, operator_name, subject_user_id, ticket, reason, duration_s,
       token_hash, consent_required) VALUES ($1, $2, 'oper_x', $3, $4, $3, $3, 600, $1, true)`,
    [id, tenant.orgId, CANARY, tenant.userId],
  );
  return id;
}

/** A passkey, as a browser would leave it. */
async function addPasskeyRow(admin: pg.Client, userId: string): Promise<string> {
  const id = mintId('passkey', Date.now());
  await admin.query(
    `INSERT INTO auth_passkey (id, user_id, name, credential_id, public_key) VALUES ($1, $2, $3, $1, '\\x00')`,
    [id, userId, CANARY],
  );
  return id;
}

/** Makes one of each resource for a tenant. A new kind of id in the contract needs its line here. */
export async function populate(api: Api, admin: pg.Client, tenant: Tenant): Promise<Ids> {
  const { owner } = tenant;
  const ssh = (await api.call('createSshKey', { body: { name: CANARY, public_key: sshPublicKey(9, CANARY) } }, owner))
    .json;
  const where = { region_id: 'cn-north', accelerator_id: 'nvidia-h100-80g' };
  const launch = { ...where, name: CANARY, labels: { x: CANARY }, ssh_key_ids: [ssh.id] };
  const instance = (await api.call('createInstance', { body: launch }, owner)).json;
  await addQueueAndShare(admin, tenant, instance.operation.id);
  const gang = { ...where, name: `${CANARY}-c`, node_count: 1 };
  const cluster = (await api.call('createCluster', { body: gang }, owner)).json;
  const key = (await api.call('createApiKey', { body: { name: CANARY, scopes: ['all:read'] } }, owner)).json;
  const payment = (await api.call('createTopUp', { body: { amount: '5.00' }, idempotencyKey: CANARY }, owner)).json;
  await api.call('createProject', { body: { name: CANARY } }, owner);
  const budget = (await api.call('createBudget', { body: { name: CANARY, amount: '5.00' } }, owner)).json;
  const more = { metric: 'api_keys', wanted: 60, reason: CANARY };
  const quotaRequest = (await api.call('createQuotaRequest', { body: more }, owner)).json;
  const invite = { email: `${CANARY}-${tenant.orgId}@example.com` };
  const invitation = (await api.call('createInvitation', { body: invite }, owner)).json;
  const hook = (await api.call('createWebhook', { body: { url: `https://example.com/${CANARY}` } }, owner)).json;
  const delivery = (await api.call('probeWebhook', { params: { webhook_id: hook.webhook.id } }, owner)).json;
  const allocation = await billLastMonth(api, admin, tenant);
  const invoices = (await api.call('listInvoices', {}, owner)).json.items as { id: string; status: string }[];
  const final = invoices.find(({ status }) => status === 'final')!;
  const issued = (await api.call('getInvoice', { params: { invoice_id: final.id } }, owner)).json;
  await api.call('signIn', { body: { email: tenant.email, password: tenant.password } });
  const sessions = (await api.call('listSessions', {}, owner)).json.items as { id: string; current: boolean }[];
  return {
    organization: tenant.orgId,
    project: tenant.projectId,
    membership: await addMember(admin, tenant),
    sshKey: ssh.id,
    apiKey: key.api_key.id,
    workloadInstance: instance.id,
    workloadCluster: cluster.id,
    operation: instance.operation.id,
    allocation,
    invoice: final.id,
    creditNote: await addCreditNote(admin, final.id, issued.lines[0].key),
    fapiaoRequest: await addFapiao(admin, final.id),
    payment: payment.id,
    // Operators' alone: a tenant's call is refused before anybody looks.
    nodeDrain: mintId('nodeDrain', Date.now()),
    priceBook: mintId('priceBook', Date.now()),
    coupon: mintId('coupon', Date.now()),
    contract: mintId('contract', Date.now()),
    quarantine: mintId('quarantine', Date.now()),
    creditProposal: mintId('creditProposal', Date.now()),
    whatIf: mintId('whatIf', Date.now()),
    mail: mintId('mail', Date.now()),
    paymentMethod: await addCard(admin, tenant.orgId),
    budget: budget.id,
    session: sessions.find(({ current }) => !current)!.id,
    passkey: await addPasskeyRow(admin, tenant.userId),
    quotaRequest: quotaRequest.id,
    invitation: invitation.id,
    impersonation: await addImpersonation(admin, tenant),
    webhook: hook.webhook.id,
    webhookDelivery: delivery.id,
    line: issued.lines[0].key,
  };
}

/** Ids of the same kinds that nobody has. */
export function randomIds(ids: Ids): Ids {
  const random = Object.fromEntries(
    Object.keys(ids)
      .filter((kind) => kind !== 'line')
      .map((kind) => [kind, mintId(kind as IdKind, Date.now())]),
  ) as Partial<Record<IdKind, string>>;
  return { ...random, line: `usage:${random.allocation}` };
}
