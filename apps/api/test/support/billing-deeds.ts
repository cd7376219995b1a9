import type { OperationId } from '@suanxiang/contract/routes';
import { addMonths, monthAt } from '@suanxiang/domain/calendar';
import { mintId } from '@suanxiang/domain/ids';
import type pg from 'pg';
import type { Api, Sender } from './api';
import { addOperator } from './operators';
import type { Doing } from './tenancy-deeds';
import { addTenant, type Tenant } from './tenant';
import { billLastMonth } from './two-tenants';

const BOOK = {
  name: 'Autumn',
  prices: [{ sku: 'gpu.nvidia-h100-80g.ap-southeast', currency: 'USD' as const, price: '3.10' }],
};

/** How to do each change of the operator's billing work, and the redeeming of a code, with success. */
export function billingDeeds(api: Api, admin: pg.Client): Partial<Record<OperationId, Doing>> {
  let codes = 0;
  const coupon = (amount = '5.00') => {
    codes += 1;
    return {
      coupon_code: `DEED-${codes}`,
      currency: 'USD' as const,
      amount,
      reason: 'test',
      most_redemptions: 100,
      redeem_until: new Date(Date.now() + 86_400_000).toISOString(),
    };
  };
  const made = async (operation: 'operatorCreateCoupon' | 'operatorCreatePriceBook', body: object, as: Sender) =>
    (await api.call(operation, { body: body as never }, as)).json.id as string;
  const onBook = async (verb = '', body?: object) => {
    const sender = await addOperator(api, admin);
    const id = await made('operatorCreatePriceBook', BOOK, sender);
    return { url: `/v1/operator/price-books/${id}${verb}`, sender, ...(body ? { body } : {}) };
  };
  const live = () => addTenant(api, { mode: 'live' });
  const proposal = async (verb: string, body?: object) => {
    const tenant = await live();
    const input = { params: { organization_id: tenant.orgId }, body: { amount: '9000', reason: 'test' } };
    const { id } = (await api.call('operatorProposeCredit', input, await addOperator(api, admin))).json;
    const sender = await addOperator(api, admin);
    return { url: `/v1/operator/credit-proposals/${id}/${verb}`, sender, ...(body ? { body } : {}) };
  };
  const terms = () => ({
    name: 'Framework',
    from_month: addMonths(monthAt(Math.floor(Date.now() / 1000), 'UTC'), 2),
    commitment: '100',
    prices: [{ sku: null, model: 'discount' as const, discount_percent: '10' }],
  });
  const onContract = async (verb = '', body?: object) => {
    const sender = await addOperator(api, admin);
    const input = { params: { organization_id: (await live()).orgId }, body: terms() };
    const { id } = (await api.call('operatorCreateContract', input as never, sender)).json;
    return { url: `/v1/operator/contracts/${id}${verb}`, sender, ...(body ? { body } : {}) };
  };
  /** Evidence of a lease that nobody has. */
  const onQuarantine = async (verb: string) => {
    const id = `quar_${mintId('request', Date.now()).slice(4)}`;
    await admin.query(
      `INSERT INTO usage_quarantine (zone_id, reason, raw, fingerprint, group_id) VALUES ('cn-north-a', 'unknown_lease',
        '{"seq":1,"allocation_id":"alloc_none","win_start_s":1760000040,"rev":0,"digest":"","agent_id":"a","bytes":0,"bytes_hex":""}',
        $1, $1)`,
      [id],
    );
    const url = `/v1/operator/quarantined-evidence/${id}/${verb}`;
    return { url, body: { reason: 'looked at it' }, sender: await addOperator(api, admin) };
  };
  const invoiceOf = async (tenant: Tenant) => {
    await billLastMonth(api, admin, tenant);
    const { rows } = await admin.query('SELECT id FROM invoice WHERE org_id = $1', [tenant.orgId]);
    return rows[0].id as string;
  };
  return {
    redeemCoupon: async () => {
      const body = coupon();
      await made('operatorCreateCoupon', body, await addOperator(api, admin));
      const url = '/v1/billing/coupon-redemptions';
      return { url, body: { coupon_code: body.coupon_code }, sender: (await live()).owner };
    },
    operatorCreateCoupon: async () => ({
      url: '/v1/operator/coupons',
      body: coupon(),
      sender: await addOperator(api, admin),
    }),
    operatorApproveCoupon: async () => {
      const id = await made('operatorCreateCoupon', coupon('500'), await addOperator(api, admin));
      return { url: `/v1/operator/coupons/${id}/approve`, sender: await addOperator(api, admin) };
    },
    operatorEndCoupon: async () => {
      const sender = await addOperator(api, admin);
      return { url: `/v1/operator/coupons/${await made('operatorCreateCoupon', coupon(), sender)}/end`, sender };
    },
    operatorProposeCredit: async () => ({
      url: `/v1/operator/organizations/${(await live()).orgId}/credit-proposals`,
      body: { amount: '9000', reason: 'test' },
      sender: await addOperator(api, admin),
    }),
    operatorApproveCredit: () => proposal('approve'),
    operatorDenyCredit: () => proposal('deny', { reason: 'no' }),
    operatorCreatePriceBook: async () => ({
      url: '/v1/operator/price-books',
      body: BOOK,
      sender: await addOperator(api, admin),
    }),
    operatorUpdatePriceBook: () => onBook('', { note: 'Other' }),
    operatorDiscardPriceBook: () => onBook(),
    operatorApprovePriceBook: () => onBook('/approve'),
    operatorCreateContract: async () => ({
      url: `/v1/operator/organizations/${(await live()).orgId}/contracts`,
      body: terms(),
      sender: await addOperator(api, admin),
    }),
    operatorUpdateContract: () => onContract('', { note: 'Other' }),
    operatorDiscardContract: () => onContract(),
    operatorApproveContract: () => onContract('/approve'),
    operatorReadmitEvidence: () => onQuarantine('readmit'),
    operatorRejectEvidence: () => onQuarantine('reject'),
    operatorRetryBillingRun: async () => {
      const tenant = await live();
      await admin.query(
        `INSERT INTO billing_period (org_id, from_s, to_s, time_zone, tzdb) VALUES ($1, 1600000000, 1602592000, 'UTC', 'x')`,
        [tenant.orgId],
      );
      const body = { organization_id: tenant.orgId };
      return { url: '/v1/operator/billing-runs/retry', body, sender: await addOperator(api, admin) };
    },
    operatorCreditInvoice: async () => {
      const url = `/v1/operator/invoices/${await invoiceOf(await live())}/credit-notes`;
      return { url, body: { amount: '0.01', reason: 'test' }, sender: await addOperator(api, admin) };
    },
    operatorRefundPayment: async () => {
      const tenant = await live();
      const key = mintId('request', Date.now());
      const topUp = { body: { amount: '5.00' }, idempotencyKey: key };
      const { id } = (await api.call('createTopUp', topUp, tenant.owner)).json;
      const sender = await addOperator(api, admin);
      await api.call('operatorConfirmPayment', { params: { payment_id: id } }, sender);
      return { url: `/v1/operator/payments/${id}/refund`, body: { amount: '1.00', reason: 'test' }, sender };
    },
  };
}
