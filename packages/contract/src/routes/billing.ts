import { z } from 'zod';
import { created, ok, route } from '../route';
import * as billing from '../schemas/billing';
import { countedPage, idOf, page } from '../schemas/common';
import * as identity from '../schemas/identity';
import { pages, text, uncountedPages } from './shared';

/** Usage, balance, payments. */
export const billingRoutes = [
  route({
    operationId: 'getUsage',
    method: 'GET',
    path: '/v1/usage',
    tag: 'Usage',
    permission: 'usage.read',
    summary: text('Usage to the second, with cost', '精确到秒的用量与费用'),
    cli: 'usage',
    query: billing.usageQuery,
    response: ok(billing.usageReport),
  }),
  route({
    operationId: 'getCosts',
    method: 'GET',
    path: '/v1/usage/costs',
    tag: 'Usage',
    permission: 'usage.read',
    summary: text(
      'Cost by project, workload, SKU, day, creator or label',
      '按项目、资源、SKU、日期、创建者或标签汇总费用',
    ),
    cli: 'usage costs',
    query: billing.costsQuery,
    response: ok(billing.costReport),
  }),
  route({
    operationId: 'listUsageBlocks',
    method: 'GET',
    path: '/v1/allocations/{allocation_id}/blocks',
    tag: 'Usage',
    permission: 'usage.read',
    summary: text('The usage blocks of one allocation', '某次分配的用量区块'),
    cli: 'usage blocks',
    params: z.strictObject({ allocation_id: idOf('allocation') }),
    query: uncountedPages,
    response: ok(page(billing.evidenceBlock)),
  }),
  route({
    operationId: 'getBalance',
    method: 'GET',
    path: '/v1/billing/balance',
    tag: 'Billing',
    permission: 'billing.read',
    summary: text('Balance, unbilled usage and runway', '余额、未出账用量与可用时长'),
    cli: 'billing balance',
    response: ok(identity.balance),
  }),
  route({
    operationId: 'createTopUp',
    method: 'POST',
    path: '/v1/billing/top-ups',
    tag: 'Billing',
    permission: 'billing.modify',
    idempotency: 'required',
    summary: text(
      'Add to the balance: at once in a sandbox, else online or by bank transfer that the operator confirms',
      '充值：沙箱即时到账，其他为在线支付或银行转账待确认',
    ),
    cli: 'billing top-up',
    body: identity.topUpBody,
    response: created(identity.payment),
    errors: ['conflict'],
  }),
  route({
    operationId: 'listPayments',
    method: 'GET',
    path: '/v1/billing/payments',
    tag: 'Billing',
    permission: 'billing.read',
    summary: text('Payments, newest first', '付款记录（最新在前）'),
    cli: 'billing payments',
    query: pages,
    response: ok(countedPage(identity.payment)),
  }),
  route({
    operationId: 'listLedger',
    method: 'GET',
    path: '/v1/billing/ledger',
    tag: 'Billing',
    permission: 'billing.read',
    summary: text('What changed the balance, newest first', '余额变动明细（最新在前）'),
    cli: 'billing ledger',
    query: pages,
    response: ok(countedPage(identity.ledgerLine)),
  }),
] as const;
