import type { OperationId } from '@suanxiang/contract/routes';
import { createApiKey } from './api-key/create-api-key';
import { getApiKey } from './api-key/get-api-key';
import { listApiKeys } from './api-key/list-api-keys';
import { listDeprecatedCalls } from './api-key/list-deprecated-calls';
import { reportLeakedKeys } from './api-key/report-leak';
import { revokeApiKey } from './api-key/revoke-api-key';
import { rollApiKey } from './api-key/roll-api-key';
import { updateApiKey } from './api-key/update-api-key';
import { exportAuditEvents } from './audit/export-audit-events';
import { listAuditEvents } from './audit/list-audit-events';
import { verifyAuditChain } from './audit/verify-audit-chain';
import { createTopUp } from './billing/create-top-up';
import { getBalance } from './billing/get-balance';
import { getForecast } from './billing/get-forecast';
import { getBillingTerms } from './billing/get-terms';
import { listBillingEvents } from './billing/list-billing-events';
import { listCreditGrants } from './billing/list-credit-grants';
import { listLedger } from './billing/list-ledger';
import { listPayments } from './billing/list-payments';
import { addPaymentMethod, getPayment, listPaymentMethods, payInvoice, removePaymentMethod } from './billing/online';
import { redeemCoupon } from './billing/redeem-coupon';
import { getBillingSettings, updateBillingSettings } from './billing/settings';
import { createBudget, deleteBudget, listBudgets, updateBudget } from './budget/budgets';
import { listAccelerators } from './catalogue/list-accelerators';
import { listOffers } from './catalogue/list-offers';
import { listRegions } from './catalogue/list-regions';
import { getCreditNote } from './credit-note/get-credit-note';
import { getCreditNotePdf } from './credit-note/get-credit-note-pdf';
import { listCreditNotes } from './credit-note/list-credit-notes';
import { listEvents } from './event/list-events';
import { streamEvents } from './event/stream-events';
import { createFapiaoRequest, getFapiaoRequest, listFapiaoRequests } from './fapiao/requests';
import { approveDevice } from './identity/approve-device';
import { completeSignIn, startPasskeySignIn } from './identity/complete-sign-in';
import { denyDevice, lookUpDevice, pollDeviceSignIn, startDeviceSignIn } from './identity/devices';
import { getMe } from './identity/get-me';
import { changePassword, forgotPassword, resetPassword, sendVerification, verifyEmail } from './identity/passwords';
import { reauthenticate, startPasskeyProof } from './identity/reauthenticate';
import {
  addPasskey,
  confirmTotp,
  getAccountSecurity,
  removePasskey,
  removeTotp,
  renewRecoveryCodes,
  startPasskey,
  startTotp,
} from './identity/second-factors';
import { listSessions, revokeSession, signOutEverywhere } from './identity/sessions';
import { signIn } from './identity/sign-in';
import { signOut } from './identity/sign-out';
import { signUp } from './identity/sign-up';
import { consentToImpersonation, endImpersonation, listImpersonations } from './impersonation/of-organization';
import { acceptInvitation } from './invitation/accept-invitation';
import {
  createInvitation,
  getInvitation,
  listInvitations,
  resendInvitation,
  revokeInvitation,
} from './invitation/invitations';
import { exportInvoice } from './invoice/export-invoice';
import { getInvoice } from './invoice/get-invoice';
import { getInvoicePdf } from './invoice/get-invoice-pdf';
import { getInvoiceProof } from './invoice/get-invoice-proof';
import { listInvoiceEvidence } from './invoice/list-evidence';
import { listInvoices } from './invoice/list-invoices';
import {
  getMember,
  leaveOrganization,
  listMembers,
  removeMember,
  transferOwnership,
  updateMember,
} from './member/members';
import { listProjectMembers, removeProjectMember, setProjectMember } from './member/project-members';
import { getOperation } from './operation/get-operation';
import { listOperations } from './operation/list-operations';
import { operatorAccountBilling } from './operator/account-billing';
import { operatorGrantCredit, operatorSetTerms, operatorVoidInvoice } from './operator/account-money';
import { operatorAgents, operatorAllowAgent } from './operator/agents';
import { operatorBillingRuns, operatorRetryBillingRun } from './operator/billing-runs';
import { operatorCapacity } from './operator/capacity';
import { operatorConfirmPayment } from './operator/confirm-payment';
import {
  operatorApproveContract,
  operatorContract,
  operatorContracts,
  operatorCreateContract,
  operatorDiscardContract,
  operatorPreviewContract,
  operatorUpdateContract,
} from './operator/contracts';
import { operatorCordonNode, operatorUncordonNode } from './operator/cordon-node';
import { operatorApproveCoupon, operatorCoupons, operatorCreateCoupon, operatorEndCoupon } from './operator/coupons';
import {
  operatorApproveCredit,
  operatorCreditProposals,
  operatorDenyCredit,
  operatorProposeCredit,
} from './operator/credit-proposals';
import { operatorHealth, operatorReleaseDevice } from './operator/device-health';
import { operatorCancelDrain, operatorDrain, operatorDrainNode, operatorDrains } from './operator/drains';
import {
  operatorExportFapiao,
  operatorFapiaoRequests,
  operatorIssueFapiao,
  operatorRejectFapiao,
} from './operator/fapiao';
import { operatorFleet } from './operator/fleet';
import { operatorCreditInvoice, operatorRefundPayment } from './operator/give-back';
import { operatorEndImpersonation, operatorImpersonate, operatorImpersonations } from './operator/impersonate';
import { operatorMails, operatorRetryMail } from './operator/mails';
import { operatorNodes } from './operator/nodes';
import { operatorOperations } from './operator/operations';
import { operatorOrganization, operatorOrganizations } from './operator/organizations';
import { operatorPayments } from './operator/payments';
import {
  operatorApprovePriceBook,
  operatorCreatePriceBook,
  operatorDiscardPriceBook,
  operatorPreviewPriceBook,
  operatorPriceBook,
  operatorPriceBooks,
  operatorPrices,
  operatorUpdatePriceBook,
} from './operator/price-books';
import {
  operatorCreatePriorityClass,
  operatorDeletePriorityClass,
  operatorPriorityClasses,
  operatorUpdatePriorityClass,
} from './operator/priority-classes';
import {
  operatorQuarantine,
  operatorQuarantined,
  operatorReadmitEvidence,
  operatorRejectEvidence,
} from './operator/quarantine';
import { operatorQueue } from './operator/queue';
import { operatorQueuePolicy, operatorUpdateQueuePolicy } from './operator/queue-policy';
import { operatorApproveQuota, operatorDenyQuota, operatorQuotaRequests } from './operator/quota-requests';
import { operatorReconciliation } from './operator/reconciliation';
import { operatorRevenue } from './operator/revenue';
import { operatorShares, operatorUpdateShare } from './operator/shares';
import { operatorSignIn } from './operator/sign-in';
import { operatorAskWhatIf, operatorWhatIf, operatorWhatIfs } from './operator/what-ifs';
import { advanceTestClock } from './organization/advance-test-clock';
import { closeOrganization } from './organization/close-organization';
import { createOrganization } from './organization/create-organization';
import { getOrganization } from './organization/get-organization';
import { updateOrganization } from './organization/update-organization';
import { createProject } from './project/create-project';
import { getProject } from './project/get-project';
import { listProjects } from './project/list-projects';
import { getQueueEntry, listQueue } from './queue/list-queue';
import { listPriorityClasses } from './queue/priority-classes';
import { listQuotas } from './quota/list-quotas';
import { createQuotaRequest, getQuotaRequest, listQuotaRequests, withdrawQuotaRequest } from './quota/requests';
import { setProjectQuota } from './quota/set-project-quota';
import { getShares, updateProjectShare } from './share/shares';
import { createSshKey } from './ssh-key/create-ssh-key';
import { deleteSshKey } from './ssh-key/delete-ssh-key';
import { getSshKey } from './ssh-key/get-ssh-key';
import { listSshKeys } from './ssh-key/list-ssh-keys';
import { openTerminal } from './terminal/open-terminal';
import { getCosts } from './usage/get-costs';
import { getUsage } from './usage/get-usage';
import { listIdle, listIdlePolicies, setIdlePolicy } from './usage/idle';
import { listUsageBlocks } from './usage/list-usage-blocks';
import type { UseCase } from './use-case';
import { listWebhookDeliveries, probeWebhook, replayWebhookDelivery } from './webhook/deliveries';
import {
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  rotateWebhookSecret,
  updateWebhook,
} from './webhook/webhooks';
import { actOnWorkload } from './workload/act-on-workload';
import { getCost } from './workload/cost';
import { createCluster } from './workload/create-cluster';
import { createInstance } from './workload/create-instance';
import { getWorkload } from './workload/get-workload';
import { listEvents as listWorkloadEvents } from './workload/list-events';
import { listWorkloads } from './workload/list-workloads';
import { getLogs } from './workload/logs';
import { getMetrics } from './workload/metrics';
import { getRendezvous } from './workload/rendezvous';
import { streamLogs } from './workload/stream-logs';
import { updateWorkload } from './workload/update-workload';

/** The verb of every operation. An operation of the contract without one does not compile. */
export const USE_CASES: { readonly [Id in OperationId]: UseCase<Id> } = {
  listRegions,
  listAccelerators,
  listOffers,
  signUp,
  signIn,
  signOut,
  getMe,
  completeSignIn,
  startPasskeySignIn,
  forgotPassword,
  resetPassword,
  verifyEmail,
  sendVerification,
  getAccountSecurity,
  changePassword,
  reauthenticate,
  startTotp,
  confirmTotp,
  removeTotp,
  renewRecoveryCodes,
  startPasskey,
  addPasskey,
  removePasskey,
  startPasskeyProof,
  listSessions,
  revokeSession,
  signOutEverywhere,
  startDeviceSignIn,
  pollDeviceSignIn,
  lookUpDevice,
  denyDevice,
  approveDevice,
  createOrganization,
  getOrganization,
  updateOrganization,
  advanceTestClock,
  listProjects,
  createProject,
  getProject,
  listInvitations,
  createInvitation,
  getInvitation,
  resendInvitation,
  revokeInvitation,
  acceptInvitation,
  listMembers,
  getMember,
  updateMember,
  removeMember,
  leaveOrganization,
  transferOwnership,
  closeOrganization,
  listProjectMembers,
  setProjectMember,
  removeProjectMember,
  listQuotas,
  setProjectQuota,
  listQuotaRequests,
  createQuotaRequest,
  getQuotaRequest,
  withdrawQuotaRequest,
  listImpersonations,
  consentToImpersonation,
  endImpersonation,
  operatorOrganizations,
  operatorOrganization,
  operatorImpersonations,
  operatorImpersonate,
  operatorEndImpersonation,
  operatorQuotaRequests,
  createFapiaoRequest,
  listFapiaoRequests,
  getFapiaoRequest,
  operatorFapiaoRequests,
  operatorExportFapiao,
  operatorIssueFapiao,
  operatorRejectFapiao,
  operatorApproveQuota,
  operatorDenyQuota,
  listAuditEvents,
  exportAuditEvents,
  verifyAuditChain,
  listSshKeys,
  createSshKey,
  getSshKey,
  deleteSshKey,
  listApiKeys,
  listDeprecatedCalls,
  createApiKey,
  getApiKey,
  updateApiKey,
  rollApiKey,
  revokeApiKey,
  reportLeakedKeys,
  createInstance,
  listInstances: (ctx, who, _, { query }) => listWorkloads(ctx, who, 'instance', query),
  getInstance: (ctx, who, _, { params }) => getWorkload(ctx, who, 'instance', params.instance_id),
  updateInstance: (ctx, who, meta, { params, body }) =>
    updateWorkload(ctx, who, meta, 'instance', params.instance_id, body),
  stopInstance: (ctx, who, meta, { params }) => actOnWorkload(ctx, who, meta, 'instance', params.instance_id, 'stop'),
  startInstance: (ctx, who, meta, { params }) => actOnWorkload(ctx, who, meta, 'instance', params.instance_id, 'start'),
  terminateInstance: (ctx, who, meta, { params }) =>
    actOnWorkload(ctx, who, meta, 'instance', params.instance_id, 'terminate'),
  listInstanceEvents: (ctx, who, _, { params }) => listWorkloadEvents(ctx, who, 'instance', params.instance_id),
  getInstanceMetrics: (ctx, who, _, { params, query }) => getMetrics(ctx, who, 'instance', params.instance_id, query),
  getInstanceCost: (ctx, who, _, { params }) => getCost(ctx, who, 'instance', params.instance_id),
  getInstanceLogs: (ctx, who, _, { params, query }) => getLogs(ctx, who, 'instance', params.instance_id, query),
  streamInstanceLogs: (ctx, who, meta, { params, query }) =>
    streamLogs(ctx, who, meta, { kind: 'instance', id: params.instance_id, ...query }),
  getClusterLogs: (ctx, who, _, { params, query }) => getLogs(ctx, who, 'cluster', params.cluster_id, query),
  streamClusterLogs: (ctx, who, meta, { params, query }) =>
    streamLogs(ctx, who, meta, { kind: 'cluster', id: params.cluster_id, ...query }),
  openInstanceTerminal: (ctx, who, meta, { params, body }) =>
    openTerminal(ctx, who, meta, 'instance', params.instance_id, body),
  openClusterTerminal: (ctx, who, meta, { params, body }) =>
    openTerminal(ctx, who, meta, 'cluster', params.cluster_id, body),
  createCluster,
  listClusters: (ctx, who, _, { query }) => listWorkloads(ctx, who, 'cluster', query),
  getCluster: (ctx, who, _, { params }) => getWorkload(ctx, who, 'cluster', params.cluster_id),
  updateCluster: (ctx, who, meta, { params, body }) =>
    updateWorkload(ctx, who, meta, 'cluster', params.cluster_id, body),
  stopCluster: (ctx, who, meta, { params }) => actOnWorkload(ctx, who, meta, 'cluster', params.cluster_id, 'stop'),
  startCluster: (ctx, who, meta, { params }) => actOnWorkload(ctx, who, meta, 'cluster', params.cluster_id, 'start'),
  terminateCluster: (ctx, who, meta, { params }) =>
    actOnWorkload(ctx, who, meta, 'cluster', params.cluster_id, 'terminate'),
  listClusterEvents: (ctx, who, _, { params }) => listWorkloadEvents(ctx, who, 'cluster', params.cluster_id),
  getClusterMetrics: (ctx, who, _, { params, query }) => getMetrics(ctx, who, 'cluster', params.cluster_id, query),
  getClusterRendezvous: (ctx, who, _, { params }) => getRendezvous(ctx, who, params.cluster_id),
  getClusterCost: (ctx, who, _, { params }) => getCost(ctx, who, 'cluster', params.cluster_id),
  getOperation,
  listOperations,
  listQueue,
  getQueueEntry,
  listPriorityClasses,
  getShares,
  updateProjectShare,
  getUsage,
  getCosts,
  listIdle,
  listIdlePolicies,
  setIdlePolicy,
  listUsageBlocks,
  getBalance,
  createTopUp,
  listPayments,
  listLedger,
  listInvoices,
  getInvoice,
  listInvoiceEvidence,
  getInvoiceProof,
  exportInvoice,
  getInvoicePdf,
  listCreditNotes,
  getCreditNote,
  getCreditNotePdf,
  getPayment,
  payInvoice,
  listPaymentMethods,
  addPaymentMethod,
  removePaymentMethod,
  getBillingSettings,
  updateBillingSettings,
  listCreditGrants,
  listBillingEvents,
  listBudgets,
  createBudget,
  deleteBudget,
  updateBudget,
  operatorGrantCredit,
  operatorSetTerms,
  operatorVoidInvoice,
  operatorSignIn,
  operatorMails,
  operatorRetryMail,
  operatorFleet,
  operatorNodes,
  operatorAllowAgent,
  operatorAgents,
  operatorOperations,
  operatorPayments,
  operatorReconciliation,
  getForecast,
  redeemCoupon,
  operatorAccountBilling,
  operatorBillingRuns,
  operatorRetryBillingRun,
  operatorApproveCoupon,
  operatorCoupons,
  operatorCreateCoupon,
  operatorEndCoupon,
  operatorApproveCredit,
  operatorCreditProposals,
  operatorDenyCredit,
  operatorProposeCredit,
  operatorCreditInvoice,
  operatorRefundPayment,
  operatorApproveContract,
  operatorContract,
  operatorContracts,
  operatorCreateContract,
  operatorDiscardContract,
  operatorPreviewContract,
  operatorUpdateContract,
  operatorQuarantine,
  operatorQuarantined,
  operatorReadmitEvidence,
  operatorRejectEvidence,
  getBillingTerms,
  operatorApprovePriceBook,
  operatorCreatePriceBook,
  operatorDiscardPriceBook,
  operatorPreviewPriceBook,
  operatorPriceBook,
  operatorPriceBooks,
  operatorPrices,
  operatorUpdatePriceBook,
  operatorRevenue,
  operatorConfirmPayment,
  operatorQueue,
  operatorCapacity,
  operatorHealth,
  operatorReleaseDevice,
  operatorCordonNode,
  operatorUncordonNode,
  operatorDrainNode,
  operatorDrains,
  operatorDrain,
  operatorCancelDrain,
  operatorAskWhatIf,
  operatorWhatIf,
  operatorWhatIfs,
  operatorPriorityClasses,
  operatorCreatePriorityClass,
  operatorUpdatePriorityClass,
  operatorDeletePriorityClass,
  operatorQueuePolicy,
  operatorUpdateQueuePolicy,
  operatorShares,
  operatorUpdateShare,
  listEvents,
  streamEvents,
  listWebhooks,
  createWebhook,
  getWebhook,
  updateWebhook,
  deleteWebhook,
  rotateWebhookSecret,
  probeWebhook,
  listWebhookDeliveries,
  replayWebhookDelivery,
};
