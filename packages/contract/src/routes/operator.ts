import { z } from 'zod';
import { ok, route } from '../route';
import { idOf } from '../schemas/common';
import * as fleet from '../schemas/fleet';
import { text } from './shared';

/** The operator plane: other people, other sessions. */
export const operatorRoutes = [
  route({
    operationId: 'operatorSignIn',
    method: 'POST',
    path: '/v1/operator/sign-in',
    tag: 'Operator',
    auth: 'public',
    idempotency: 'none',
    summary: text('Sign in to the operator plane', '登录运营平面'),
    cli: 'operator sign-in',
    body: fleet.operatorSignInBody,
    response: ok(fleet.operatorSession),
    errors: ['invalid_credentials', 'rate_limited'],
  }),
  route({
    operationId: 'operatorFleet',
    method: 'GET',
    path: '/v1/operator/fleet',
    tag: 'Operator',
    auth: 'operator',
    summary: text('The fleet by zone and model', '按可用区与型号查看机群'),
    cli: 'operator fleet',
    response: ok(z.object({ zones: z.array(fleet.fleetZone) })),
  }),
  route({
    operationId: 'operatorNodes',
    method: 'GET',
    path: '/v1/operator/nodes',
    tag: 'Operator',
    auth: 'operator',
    summary: text('Nodes and devices of a zone', '可用区内的节点与设备'),
    cli: 'operator nodes',
    query: z.strictObject({ zone_id: z.string().max(64) }),
    response: ok(z.object({ items: z.array(fleet.fleetNode) })),
  }),
  route({
    operationId: 'operatorOperations',
    method: 'GET',
    path: '/v1/operator/operations',
    tag: 'Operator',
    auth: 'operator',
    summary: text('Operations under way, oldest first', '进行中的操作（最早在前）'),
    cli: 'operator operations',
    response: ok(z.object({ items: z.array(fleet.operatorOperation) })),
  }),
  route({
    operationId: 'operatorPayments',
    method: 'GET',
    path: '/v1/operator/payments',
    tag: 'Operator',
    auth: 'operator',
    summary: text('Bank transfers waiting for confirmation', '待确认的银行转账'),
    cli: 'operator payments',
    response: ok(z.object({ items: z.array(fleet.operatorPayment) })),
  }),
  route({
    operationId: 'operatorConfirmPayment',
    method: 'POST',
    path: '/v1/operator/payments/{payment_id}/confirm',
    tag: 'Operator',
    auth: 'operator',
    summary: text('Confirm that a bank transfer has arrived', '确认银行转账到账'),
    cli: 'operator payments confirm',
    params: z.strictObject({ payment_id: idOf('payment') }),
    response: ok(fleet.operatorPayment),
    errors: ['conflict'],
  }),
] as const;
