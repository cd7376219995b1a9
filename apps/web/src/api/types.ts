import type { CallOutput } from '@suanxiang/contract/client';
import type { OperationId } from '@suanxiang/contract/routes';

/** Names for the contract's answers, so that components read well. */
export type Output<Id extends OperationId> = CallOutput<Id>;
type Item<Id extends OperationId> = CallOutput<Id> extends { items: (infer T)[] } ? T : never;

export type Me = Output<'getMe'>;
export type MeOrganization = Me['organizations'][number];
export type Organization = Output<'getOrganization'>;
export type Project = Item<'listProjects'>;
export type SshKey = Item<'listSshKeys'>;
export type ApiKey = Item<'listApiKeys'>;
export type Quota = Item<'listQuotas'>;
export type AuditEvent = Item<'listAuditEvents'>;
export type Region = Item<'listRegions'>;
export type Offer = Item<'listOffers'>;
export type Accelerator = Item<'listAccelerators'>;
export type Instance = Output<'getInstance'>;
export type Cluster = Output<'getCluster'>;
export type Workload = Instance | Cluster;
export type Operation = Output<'getOperation'>;
export type StateChange = Item<'listInstanceEvents'>;
export type Metrics = Output<'getInstanceMetrics'>;
export type Cost = Output<'getInstanceCost'>;
export type UsageReport = Output<'getUsage'>;
export type UsageRow = UsageReport['rows'][number];
export type EvidenceBlock = Item<'listInvoiceEvidence'>;
export type Balance = Output<'getBalance'>;
export type Payment = Item<'listPayments'>;
export type LedgerLine = Item<'listLedger'>;
export type InvoiceSummary = Item<'listInvoices'>;
export type Invoice = Output<'getInvoice'>;
export type InvoiceLine = Invoice['lines'][number];
export type FleetZone = Output<'operatorFleet'>['zones'][number];
export type FleetNode = Item<'operatorNodes'>;
export type OperatorOperation = Item<'operatorOperations'>;
export type OperatorPayment = Item<'operatorPayments'>;
