import type { OperationId } from '@suanxiang/contract/routes';
import type pg from 'pg';
import type { Api, Sender } from './api';
import { addChineseInvoice, FAPIAO } from './fapiao';
import { addOperator } from './operators';
import { addPerson, addStranger, mailedToken } from './person';
import { addKey, addTenant, type Tenant } from './tenant';
import { addMember } from './two-tenants';

export type Doing = () => Promise<{ url: string; body?: object; sender?: Sender }>;

/** How to do each change of members, quotas and what operators decide of them, with success. */
export function tenancyDeeds(api: Api, admin: pg.Client, tenant: () => Tenant): Partial<Record<OperationId, Doing>> {
  const member = () => addMember(admin, tenant());
  const request = async (metric: string) => {
    const limit = await admin.query('SELECT "limit" FROM quota WHERE org_id = $1 AND metric = $2', [
      tenant().orgId,
      metric,
    ]);
    const body = { metric, wanted: limit.rows[0].limit + 1, reason: 'more' };
    return (await api.call('createQuotaRequest', { body }, tenant().owner)).json.id as string;
  };
  const ofOrganization = (orgId: string, verb: string) => `/v1/organizations/${orgId}/${verb}`;
  const waiting = async () => {
    const ops = await addOperator(api, admin);
    await admin.query('UPDATE organization SET impersonation_consent = true WHERE id = $1', [tenant().orgId]);
    const body = { ticket: 'CASE-1', reason: 'they asked' };
    const path = { organization_id: tenant().orgId };
    const { impersonation } = (await api.call('operatorImpersonate', { params: path, body }, ops)).json;
    return { ops, path: `impersonations/${impersonation.id}` };
  };
  let invited = 0;
  const invite = async () => {
    invited += 1;
    const body = { email: `deed-${invited}@example.com` };
    const { id } = (await api.call('createInvitation', { body }, tenant().owner)).json;
    await admin.query(`UPDATE invitation SET sent_at = now() - interval '1 hour' WHERE id = $1`, [id]);
    return `/v1/invitations/${id}`;
  };
  const decideFapiao = async (verb: 'issue' | 'reject', body: object) => {
    const { tenant: buyer, invoiceId } = await addChineseInvoice(api, admin);
    const request = { params: { invoice_id: invoiceId }, body: FAPIAO };
    const { id } = (await api.call('createFapiaoRequest', request, buyer.owner)).json;
    return { url: `/v1/operator/fapiao-requests/${id}/${verb}`, body, sender: await addOperator(api, admin) };
  };
  return {
    createFapiaoRequest: async () => {
      const { tenant: buyer, invoiceId } = await addChineseInvoice(api, admin);
      return { url: `/v1/invoices/${invoiceId}/fapiao-requests`, body: FAPIAO, sender: buyer.owner };
    },
    operatorIssueFapiao: () => decideFapiao('issue', { fapiao_number: '26112000000012345678' }),
    operatorRejectFapiao: () => decideFapiao('reject', { reason: 'no' }),
    reportLeakedKeys: async () => {
      const token = await addKey(api, tenant(), ['all:read']);
      return { url: '/v1/secret-scanning/report', body: { findings: [{ token }] }, sender: {} };
    },
    createInvitation: async () => ({ url: '/v1/invitations', body: { email: 'deed@example.com' } }),
    resendInvitation: async () => ({ url: `${await invite()}/resend` }),
    revokeInvitation: async () => ({ url: await invite() }),
    acceptInvitation: async () => {
      const { email, token } = await addStranger(api, admin);
      await api.call('createInvitation', { body: { email } }, tenant().owner);
      return { url: '/v1/invitations/accept', body: { token: await mailedToken(admin, email) }, sender: { token } };
    },
    consentToImpersonation: async () => ({ url: `/v1/${(await waiting()).path}/consent` }),
    endImpersonation: async () => ({ url: `/v1/${(await waiting()).path}/end` }),
    operatorImpersonate: async () => ({
      url: `/v1/operator/organizations/${tenant().orgId}/impersonations`,
      body: { ticket: 'CASE-2', reason: 'they asked' },
      sender: await addOperator(api, admin),
    }),
    operatorEndImpersonation: async () => {
      const { ops, path } = await waiting();
      return { url: `/v1/operator/${path}/end`, sender: ops };
    },
    updateMember: async () => ({ url: `/v1/members/${await member()}`, body: { role: 'auditor' } }),
    removeMember: async () => ({ url: `/v1/members/${await member()}` }),
    leaveOrganization: async () => {
      const { sender } = await addPerson(api, admin, tenant(), 'member');
      return { url: ofOrganization(tenant().orgId, 'leave'), sender: { token: sender.token! } };
    },
    transferOwnership: async () => {
      const { sender } = await addPerson(api, admin, tenant(), 'owner');
      const body = { membership_id: await member() };
      return { url: ofOrganization(tenant().orgId, 'transfer-ownership'), body, sender: { token: sender.token! } };
    },
    closeOrganization: async () => {
      const other = await addTenant(api);
      const body = { slug: other.organization.slug };
      return { url: ofOrganization(other.orgId, 'close'), body, sender: { token: other.session } };
    },
    setProjectMember: async () => ({
      url: `/v1/projects/${tenant().projectId}/members`,
      body: { membership_id: await member(), role: 'operator' },
    }),
    removeProjectMember: async () => ({ url: `/v1/projects/${tenant().projectId}/members/${await member()}` }),
    setProjectQuota: async () => ({
      url: `/v1/projects/${tenant().projectId}/quotas`,
      body: { metric: 'workloads', limit: 100 },
    }),
    createQuotaRequest: async () => ({
      url: '/v1/quota-requests',
      body: { metric: 'workloads', wanted: 300, reason: 'more' },
    }),
    withdrawQuotaRequest: async () => ({ url: `/v1/quota-requests/${await request('ssh_keys')}` }),
    operatorApproveQuota: async () => ({
      url: `/v1/operator/quota-requests/${await request('api_keys')}/approve`,
      body: {},
      sender: await addOperator(api, admin),
    }),
    operatorDenyQuota: async () => ({
      url: `/v1/operator/quota-requests/${await request('accelerators')}/deny`,
      body: { reason: 'no' },
      sender: await addOperator(api, admin),
    }),
  };
}
