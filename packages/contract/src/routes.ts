import { accountRoutes } from './routes/account';
import { billingRoutes } from './routes/billing';
import { catalogueRoutes } from './routes/catalogue';
import { clusterRoutes } from './routes/clusters';
import { contractRoutes } from './routes/contracts';
import { couponRoutes } from './routes/coupons';
import { creditNoteRoutes } from './routes/credit-notes';
import { eventRoutes } from './routes/events';
import { fapiaoRoutes } from './routes/fapiao';
import { identityRoutes } from './routes/identity';
import { impersonationRoutes } from './routes/impersonation';
import { instanceRoutes } from './routes/instances';
import { invitationRoutes } from './routes/invitations';
import { invoiceRoutes } from './routes/invoices';
import { keyRoutes } from './routes/keys';
import { memberRoutes } from './routes/members';
import { moneyRoutes } from './routes/money';
import { operationRoutes } from './routes/operations';
import { operatorRoutes } from './routes/operator';
import { operatorBillingRoutes } from './routes/operator-billing';
import { priceBookRoutes } from './routes/price-books';
import { queueRoutes } from './routes/queue';
import { quotaRoutes } from './routes/quotas';
import { reconciliationRoutes } from './routes/reconciliation';
import { schedulingRoutes } from './routes/scheduling';

/** Every operation of the public API, in the order of the reference. */
export const ROUTES = [
  ...catalogueRoutes,
  ...identityRoutes,
  ...accountRoutes,
  ...memberRoutes,
  ...invitationRoutes,
  ...quotaRoutes,
  ...fapiaoRoutes,
  ...impersonationRoutes,
  ...keyRoutes,
  ...instanceRoutes,
  ...clusterRoutes,
  ...operationRoutes,
  ...queueRoutes,
  ...eventRoutes,
  ...billingRoutes,
  ...invoiceRoutes,
  ...creditNoteRoutes,
  ...moneyRoutes,
  ...couponRoutes,
  ...priceBookRoutes,
  ...contractRoutes,
  ...operatorBillingRoutes,
  ...operatorRoutes,
  ...reconciliationRoutes,
  ...schedulingRoutes,
] as const;

export type OperationId = (typeof ROUTES)[number]['operationId'];
export type RouteOf<Id extends OperationId> = Extract<(typeof ROUTES)[number], { operationId: Id }>;

/** The route of an operation. */
export function routeOf<Id extends OperationId>(operationId: Id): RouteOf<Id> {
  return ROUTES.find((candidate) => candidate.operationId === operationId) as RouteOf<Id>;
}
