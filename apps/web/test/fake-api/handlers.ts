import type { CallInput, CallOutput } from '@suanxiang/contract/client';
import type { OperationId } from '@suanxiang/contract/routes';
import { mintId } from '@suanxiang/domain/ids';
import { WORKLOAD_STATE_FACTS } from '@suanxiang/domain/workload-state';
import { blocksOf, hex, makeInvoice, usageReport } from './billing';
import { ACCELERATORS, offers, REGIONS } from './catalogue';
import * as fleet from './fleet';
import * as state from './state';
import {
  type FakeCluster,
  type FakeInstance,
  history,
  iso,
  makeCluster,
  makeInstance,
  runOperation,
  utilizationAt,
} from './workloads';

/** A refusal, answered as a problem document. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly members: Record<string, unknown> = {},
  ) {
    super(detail);
  }
}

type Handler<Id extends OperationId> = (input: CallInput<Id>) => CallOutput<Id>;

const currency = 'CNY' as const;
const money = (amount: string) => ({ amount, currency });
const find = <T extends { id: string }>(items: T[], id: string): T => {
  const found = items.find((item) => item.id === id);
  if (!found) throw new Refusal(404, 'not_found', 'There is no such resource.');
  return found;
};
const pageOf = <T>(items: T[], query: { limit?: unknown; cursor?: string | undefined } | undefined) => {
  const start = Number(query?.cursor ?? 0);
  const limit = Number(query?.limit ?? 20);
  return {
    items: items.slice(start, start + limit),
    next_cursor: start + limit < items.length ? String(start + limit) : null,
  };
};
const listOf = <T extends FakeInstance | FakeCluster>(items: T[], query: Record<string, unknown> = {}) =>
  pageOf(
    items.filter(
      (item) =>
        (!query.state || item.state === query.state) &&
        (!query.q || item.name.includes(String(query.q))) &&
        (!query.project_id || item.project_id === query.project_id) &&
        (query.live !== 'true' || !WORKLOAD_STATE_FACTS[item.state].terminal),
    ),
    query as { limit?: unknown },
  );

function metricsOf(
  ranks: { allocation_id: string; rank: number }[],
  query: Record<string, unknown> = {},
): CallOutput<'getInstanceMetrics'> {
  const to_s = Math.floor(Date.now() / 1000);
  const from_s = Number(query.from_s ?? to_s - 300);
  const at_s = Array.from({ length: Math.max(0, to_s - from_s) }, (_, index) => from_s + index);
  return {
    from_s,
    to_s,
    series: ranks.map(({ allocation_id, rank }) => ({
      allocation_id,
      rank,
      at_s,
      utilization_ppm: at_s.map((second) => (second % 211 === 0 ? null : utilizationAt(second, rank))),
      memory_used_bytes: at_s.map((second) => 5.4e11 + 4e9 * Math.sin(second / 40)),
      power_milliwatt: at_s.map((second) => 2_600_000 + 2.2 * utilizationAt(second, rank)),
      temperature_milli_celsius: at_s.map((second) => 52_000 + utilizationAt(second - 12, rank) / 60),
      source: at_s.map(() => 'live' as const),
    })),
  };
}

function costOf(item: FakeInstance | FakeCluster): CallOutput<'getInstanceCost'> {
  const gpus = 'gpus' in item ? item.gpus : item.node_count * item.gpus_per_node;
  const seconds = item.running_since ? Math.floor((Date.now() - Date.parse(item.running_since)) / 1000) : 0;
  const microPerHour = BigInt(Math.round(Number(item.price_per_gpu_hour) * 1e6)) * BigInt(gpus);
  const micro = (microPerHour * BigInt(seconds)) / 3600n;
  return {
    so_far: money((Number(micro) / 1e6).toFixed(2)),
    exact: `${microPerHour * BigInt(seconds)}/36000000`,
    per_second: (Number(microPerHour) / 3.6e9).toFixed(8),
    per_hour: (Number(microPerHour) / 1e6).toFixed(2),
    billed_seconds: seconds,
    as_of: iso(Date.now()),
  };
}

function launchCheck(body: { accelerator_id: string; region_id: string; name: string }, gpus: number): void {
  const offer = offers(currency).find(
    (o) => o.accelerator.id === body.accelerator_id && o.region_id === body.region_id,
  );
  if (!offer) throw new Refusal(422, 'unprocessable', 'This model is not offered in this region.');
  if (offer.stock.largest_instance < gpus) {
    throw new Refusal(
      409,
      'capacity_unavailable',
      `No node with ${gpus} free ${body.accelerator_id} in ${body.region_id}.`,
      {
        alternatives: [{ region_id: 'ap-southeast', accelerator_id: 'nvidia-h100' }],
      },
    );
  }
  if (state.instances.some(({ name, state: s }) => name === body.name && !WORKLOAD_STATE_FACTS[s].terminal)) {
    throw new Refusal(409, 'name_taken', `${body.name} is already in use.`);
  }
}

const byId = {
  instance: (input: { params: { instance_id: string } }) => find(state.instances, input.params.instance_id),
  cluster: (input: { params: { cluster_id: string } }) => find(state.clusters, input.params.cluster_id),
};
const act = <T extends FakeInstance | FakeCluster>(item: T, kind: 'start' | 'stop' | 'terminate'): T => {
  runOperation(item, kind);
  return item;
};
const eventsOf = (id: string) => ({ items: [...(history.get(id) ?? [])].reverse() });
const invoices = () => [
  makeInvoice('draft', null, 0, currency, state.projects[0]!.id),
  makeInvoice(state.invoiceIds[0]!, 'SX-2026-000042', 1, currency, state.projects[0]!.id),
  makeInvoice(state.invoiceIds[1]!, 'SX-2026-000017', 2, currency, state.projects[0]!.id),
];

export const HANDLERS: { [Id in OperationId]?: Handler<Id> } = {
  getMe: () => state.me,
  createOrganization: (input) => {
    Object.assign(state.organization, { name: input.body.name, mode: input.body.mode ?? 'sandbox' });
    return { organization: state.organization, project: state.projects[0]! };
  },
  getOrganization: () => state.organization,
  updateOrganization: (input) => Object.assign(state.organization, input.body),
  advanceTestClock: (input) => {
    state.organization.clock_offset_s = Math.floor((Date.parse(input.body.to) - Date.now()) / 1000);
    state.organization.billing_now = input.body.to;
    return state.organization;
  },
  listProjects: (input) => pageOf(state.projects, input.query as never),
  createProject: (input) => {
    const project = {
      id: mintId('project', Date.now()),
      slug: input.body.name.toLowerCase(),
      name: input.body.name,
      created_at: iso(Date.now()),
    };
    state.projects.push(project);
    return project;
  },
  listSshKeys: (input) => pageOf(state.sshKeys, input.query as never),
  createSshKey: (input) => {
    if (!input.body.public_key.startsWith('ssh-')) {
      throw new Refusal(400, 'invalid_request', 'The key is not valid.', {
        errors: [{ pointer: '/body/public_key', code: 'invalid', detail: 'This is not an OpenSSH public key.' }],
      });
    }
    const key = {
      id: mintId('sshKey', Date.now()),
      fingerprint: `SHA256:${hex(input.body.public_key).slice(0, 43)}`,
      created_at: iso(Date.now()),
      ...input.body,
    };
    state.sshKeys.unshift(key);
    return key;
  },
  deleteSshKey: (input) =>
    void state.sshKeys.splice(state.sshKeys.indexOf(find(state.sshKeys, input.params.ssh_key_id)), 1),
  listApiKeys: (input) => pageOf(state.apiKeys, input.query as never),
  createApiKey: (input) => {
    const api_key = {
      ...state.apiKeys[0]!,
      id: mintId('apiKey', Date.now()),
      name: input.body.name,
      scopes: input.body.scopes,
      last_used_at: null,
    };
    state.apiKeys.unshift(api_key);
    return { api_key, secret: 'sx_sk_test_Ab3dE5gH7jK9s9f8a7s6d5f4g3h2j1k0l9z8x7c6v5b4n3m2Qx' };
  },
  revokeApiKey: (input) =>
    void Object.assign(find(state.apiKeys, input.params.api_key_id), { revoked_at: iso(Date.now()) }),
  listQuotas: () => ({
    items: [
      { project_id: null, metric: 'gpus', limit: 64, used: 45 },
      { project_id: null, metric: 'instances', limit: 50, used: 5 },
      { project_id: null, metric: 'clusters', limit: 5, used: 1 },
      { project_id: null, metric: 'ssh_keys', limit: 100, used: state.sshKeys.length },
      { project_id: null, metric: 'api_keys', limit: 50, used: state.apiKeys.length },
    ],
  }),
  listAuditEvents: (input) => pageOf(fleet.auditEvents(), input.query as never),
  listRegions: () => ({ items: REGIONS }),
  listAccelerators: () => ({ items: [...ACCELERATORS] }),
  listOffers: (input) => ({ items: offers(input.query?.currency ?? 'USD') }),
  createInstance: (input) => {
    const { body, query } = input;
    const gpus = body.gpus ?? 1;
    launchCheck(body, gpus);
    const item = makeInstance({
      name: body.name,
      accelerator_id: body.accelerator_id,
      region_id: body.region_id,
      state: 'queued',
      ageMs: 0,
      gpus,
      currency,
      project_id: body.project_id ?? state.projects[0]!.id,
    });
    if (query?.validate_only !== 'true') {
      state.instances.unshift(item);
      runOperation(item, 'launch');
    }
    return item;
  },
  listInstances: (input) => listOf(state.instances, input.query as never),
  getInstance: byId.instance,
  stopInstance: (input) => act(byId.instance(input), 'stop'),
  startInstance: (input) => act(byId.instance(input), 'start'),
  terminateInstance: (input) => act(byId.instance(input), 'terminate'),
  listInstanceEvents: (input) => eventsOf(input.params.instance_id),
  getInstanceMetrics: (input) => metricsOf([{ allocation_id: 'alloc_fake', rank: 0 }], input.query as never),
  getInstanceCost: (input) => costOf(byId.instance(input)),
  getInstanceLogs: () => ({ lines: fleet.logLines(), next_cursor: null }),
  getClusterLogs: () => ({ lines: fleet.logLines(), next_cursor: null }),
  createCluster: (input) => {
    const { body, query } = input;
    launchCheck(body, 8);
    const item = makeCluster({
      name: body.name,
      accelerator_id: body.accelerator_id,
      region_id: body.region_id,
      state: 'queued',
      ageMs: 0,
      node_count: body.node_count,
      currency,
      project_id: body.project_id ?? state.projects[0]!.id,
    });
    if (query?.validate_only !== 'true') {
      state.clusters.unshift(item);
      runOperation(item, 'launch');
    }
    return item;
  },
  listClusters: (input) => listOf(state.clusters, input.query as never),
  getCluster: byId.cluster,
  stopCluster: (input) => act(byId.cluster(input), 'stop'),
  startCluster: (input) => act(byId.cluster(input), 'start'),
  terminateCluster: (input) => act(byId.cluster(input), 'terminate'),
  listClusterEvents: (input) => eventsOf(input.params.cluster_id),
  getClusterMetrics: (input) => metricsOf(byId.cluster(input).nodes, input.query as never),
  getClusterCost: (input) => costOf(byId.cluster(input)),
  getUsage: (input) => usageReport(currency, input.query?.project_id ?? state.projects[0]!.id),
  listUsageBlocks: (input) => ({
    items: blocksOf(
      input.params.allocation_id,
      Date.now() / 1000 - 86_400,
      Number(input.query?.limit ?? 20),
      Number(input.query?.cursor ?? 0),
    ),
    next_cursor: String(Number(input.query?.cursor ?? 0) + Number(input.query?.limit ?? 20)),
  }),
  getBillingSettings: () => ({
    mode: 'prepaid',
    credit_limit: money('0.00'),
    auto_top_up: {
      enabled: false,
      threshold: money('0.00'),
      amount: money('0.00'),
      cool_off_seconds: 3600,
      daily_max: null,
    },
    stage: 'low_3d',
    stage_since: null,
    when_it_runs_out: [
      { stage: 'low_3d', after_seconds: 259_200, what: { en: 'First warning', zh: '首次提醒' } },
      { stage: 'grace', after_seconds: 0, what: { en: 'Everything goes on', zh: '继续运行' } },
      { stage: 'frozen', after_seconds: 86_400, what: { en: 'Everything is stopped', zh: '全部停止' } },
    ],
  }),
  listCreditGrants: () => ({ items: [] }),
  listPaymentMethods: () => ({ items: [], online: true }),
  getBalance: () => ({
    balance: money('8412.55'),
    promotional: money('0.00'),
    unbilled: money('3190.08'),
    owed: money('0.00'),
    available: money('5222.47'),
    credit_limit: money('0.00'),
    burn_per_hour: money('166.80'),
    runway_seconds: 112_715,
  }),
  createTopUp: (input) => {
    const payment = {
      ...state.payments[0]!,
      id: mintId('payment', Date.now()),
      amount: money(input.body.amount),
      created_at: iso(Date.now()),
    };
    state.payments.unshift(payment);
    return payment;
  },
  listPayments: (input) => pageOf(state.payments, input.query as never),
  listLedger: (input) =>
    pageOf(
      [
        {
          journal_id: mintId('journal', Date.now()),
          kind: 'invoice',
          memo: 'SX-2026-000042',
          booked_at: iso(Date.now() - 864e5),
          amount: money('-11587.45'),
        },
        {
          journal_id: mintId('journal', Date.now()),
          kind: 'top_up',
          memo: 'SX-4F8M-1ZTC',
          booked_at: iso(Date.now() - 38 * 864e5),
          amount: money('20000.00'),
        },
      ],
      input.query as never,
    ),
  listInvoices: (input) => pageOf(invoices(), input.query as never),
  getInvoice: (input) => find(invoices(), input.params.invoice_id),
  listCreditNotes: (input) => pageOf([], input.query as never),
  listFapiaoRequests: (input) => pageOf([], input.query as never),
  listInvoiceEvidence: (input) => ({
    items: blocksOf(
      input.query.key.split('|')[1] ?? '',
      Date.now() / 1000 - 864_000,
      Number(input.query.limit ?? 20),
      Number(input.query.cursor ?? 0),
    ),
    next_cursor: String(Number(input.query.cursor ?? 0) + Number(input.query.limit ?? 20)),
  }),
  operatorFleet: () => ({ zones: fleet.zones() }),
  operatorNodes: (input) => ({ items: fleet.nodes(input.query.zone_id) }),
  operatorOperations: () => ({ items: fleet.operations() }),
  operatorPayments: () => ({ items: fleet.payments() }),
  operatorConfirmPayment: (input) => fleet.confirm(input.params.payment_id),
};
