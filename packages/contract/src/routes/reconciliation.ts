import { ok, route } from '../route';
import * as schemas from '../schemas/reconciliation';
import { text } from './shared';

/** What the operator asks of the books. */
export const reconciliationRoutes = [
  route({
    operationId: 'operatorReconciliation',
    method: 'GET',
    path: '/v1/operator/reconciliation',
    tag: 'Operator',
    auth: 'operator',
    operatorPermission: 'payment.read',
    summary: text(
      'Compare leases, evidence, invoices, ledger and payments of a month',
      '核对某月的租约、用量证据、账单、账本与付款',
    ),
    cli: 'operator reconciliation',
    query: schemas.reconciliationQuery,
    response: ok(schemas.reconciliation),
  }),
] as const;
