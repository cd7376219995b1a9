import type { OperationId } from '@suanxiang/contract/routes';

/** An event as the stream tells it, as far as the console looks at it. */
export interface LiveEvent {
  id: string;
  type: string;
  at: string;
  project_id: string | null;
  resource: string | null;
  data: Record<string, unknown>;
}

const MONEY: readonly OperationId[] = ['getBalance', 'listLedger', 'listBillingEvents'];
const WORK: readonly OperationId[] = ['listQueue', 'getQueueEntry', 'getShares', 'listQuotas', 'getBalance'];
const INSTANCES: readonly OperationId[] = ['listInstances', 'getInstance', 'listInstanceEvents', 'getInstanceCost'];
const CLUSTERS: readonly OperationId[] = ['listClusters', 'getCluster', 'listClusterEvents', 'getClusterCost'];
const PAPERS: readonly OperationId[] = ['listInvoices', 'getInvoice', 'listPayments', 'getPayment', ...MONEY];

/** What must be read again when something happened to a kind of thing. The first part of an event's type names the kind. */
const CONCERNED: Record<string, readonly OperationId[]> = {
  instance: [...INSTANCES, ...WORK],
  cluster: [...CLUSTERS, ...WORK],
  operation: ['listOperations', 'getOperation', ...INSTANCES, ...CLUSTERS],
  share: ['getShares', 'listQueue', 'getQueueEntry'],
  quota: ['listQuotas'],
  quota_request: ['listQuotaRequests', 'getQuotaRequest', 'listQuotas'],
  invoice: [...PAPERS, 'listCreditNotes', 'listFapiaoRequests'],
  fapiao_request: ['listFapiaoRequests', 'getFapiaoRequest'],
  payment: [...PAPERS, 'listPaymentMethods'],
  payment_method: ['listPaymentMethods'],
  credit: ['listCreditGrants', ...MONEY],
  billing: ['getBillingSettings', 'listCreditGrants', 'listBudgets', ...PAPERS],
  budget: ['listBudgets', 'listBillingEvents', 'getCosts'],
  idle_policy: ['listIdlePolicies', 'listIdle'],
  api_key: ['listApiKeys', 'getApiKey', 'listQuotas'],
  ssh_key: ['listSshKeys', 'getSshKey'],
  member: ['listMembers', 'getMember', 'listProjectMembers', 'listInvitations'],
  invitation: ['listInvitations', 'getInvitation', 'listMembers'],
  project_member: ['listProjectMembers', 'listMembers', 'getMember'],
  project: ['listProjects', 'getProject'],
  organization: ['getOrganization', 'listMembers'],
  impersonation: ['listImpersonations'],
  webhook: ['listWebhooks', 'getWebhook', 'listWebhookDeliveries'],
  test_clock: ['getOrganization', 'getUsage', 'getCosts', 'listCreditNotes', 'listBudgets', ...PAPERS],
};
/** Grows with whatever happens. */
const ALWAYS: readonly OperationId[] = ['listEvents'];
/** Grows with what somebody did. */
const DONE: readonly OperationId[] = ['listAuditEvents'];

/** Everything of which events tell, for the time in which no stream does. */
export const TOLD: ReadonlySet<string> = new Set([...Object.values(CONCERNED).flat(), ...ALWAYS, ...DONE]);

/** Kinds that stand in the frame around pages, which the server renders. */
const FRAME = new Set(['organization', 'project', 'test_clock']);

/** True when the frame around the page may show something old. */
export function concernsFrame({ type }: LiveEvent): boolean {
  return FRAME.has(kindOf(type));
}

const kindOf = (type: string) => type.slice(0, type.indexOf('.'));

/** A key of the query cache: organisation, operation, path parameters and query (see `queryKeyOf`). */
export type QueryParts = readonly [unknown, unknown, unknown?, unknown?];

/**
 * True when what is cached under a key may look different after an event: its operation reads that kind of thing, and it is
 * not about another thing or another project than the event.
 */
export function isConcerned(event: LiveEvent, [, operation, params, query]: QueryParts): boolean {
  const kind = kindOf(event.type);
  const read = operation as OperationId;
  const told =
    CONCERNED[kind]?.includes(read) || ALWAYS.includes(read) || (DONE.includes(read) && 'audit_event_id' in event.data);
  if (!told) return false;
  const subjects = [event.resource, event.data.resource].filter((one): one is string => typeof one === 'string');
  const others = Object.values({ ...(params as object), ...(query as object) }).filter((id) => isAnother(id, subjects));
  const project = (query as { project_id?: string } | undefined)?.project_id;
  return others.length === 0 && (!project || !event.project_id || project === event.project_id);
}

/** True for an id of the same kind of thing as a subject, but of another thing. */
function isAnother(id: unknown, subjects: readonly string[]): boolean {
  if (typeof id !== 'string' || subjects.includes(id)) return false;
  const prefix = prefixOf(id);
  return prefix !== null && subjects.some((subject) => prefixOf(subject) === prefix);
}

const prefixOf = (id: string) => /^([a-z]+)_[0-9a-z]{26}$/.exec(id)?.[1] ?? null;
