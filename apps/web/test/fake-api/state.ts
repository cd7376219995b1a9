import type { CallOutput } from '@suanxiang/contract/client';
import { mintId } from '@suanxiang/domain/ids';
import { PERMISSIONS } from '@suanxiang/domain/permissions';
import { iso, makeCluster, makeInstance } from './workloads';

const DAY_MS = 86_400_000;
const ago = (days: number) => Date.now() - days * DAY_MS;
const projectId = mintId('project', ago(40));
const currency = 'CNY' as const;
const seed = (
  name: string,
  accelerator_id: string,
  state: Parameters<typeof makeInstance>[0]['state'],
  ageMs: number,
  gpus: number,
) => makeInstance({ name, accelerator_id, region_id: 'cn-north', state, ageMs, gpus, currency, project_id: projectId });

export const token = 'fake-session-token';
export const operatorToken = 'fake-operator-token';

export const organization: CallOutput<'getOrganization'> = {
  id: mintId('organization', ago(40)),
  slug: 'lantu',
  name: '澜图智能',
  mode: 'sandbox',
  currency,
  country: 'CN',
  time_zone: 'Asia/Shanghai',
  legal_name: '澜图智能科技有限公司',
  address: '上海市浦东新区张江路 88 号',
  tax_id: '91310115MA1TEST88X',
  billing_now: iso(Date.now()),
  clock_offset_s: 0,
  impersonation_consent: false,
  require_mfa: false,
  created_at: iso(ago(40)),
};

export const me: CallOutput<'getMe'> = {
  kind: 'user',
  impersonation: null,
  id: 'user_1',
  name: '林晓',
  email: 'lin@lantu.example',
  locale: 'zh-CN',
  organizations: [
    {
      id: organization.id,
      slug: 'lantu',
      name: organization.name,
      mode: 'sandbox',
      currency,
      role: 'owner',
      require_mfa: false,
      permissions: [...PERMISSIONS],
      project_roles: [],
    },
  ],
};

export const projects: CallOutput<'listProjects'>['items'] = [
  { id: projectId, slug: 'default', name: '默认项目', created_at: iso(ago(40)) },
  { id: mintId('project', ago(12)), slug: 'vision', name: 'Vision research', created_at: iso(ago(12)) },
];

export const instances = [
  seed('llama-finetune-01', 'nvidia-h100', 'running', 2 * 3_600_000, 8),
  seed('notebook-lin', 'nvidia-h20', 'running', 26 * 3_600_000, 1),
  seed('tuili-online-01', 'ascend-910b', 'provisioning', 6_000, 4),
  seed('eval-nightly', 'cambricon-mlu590', 'stopped', 3 * DAY_MS, 2),
  seed('asr-train', 'hygon-k100-ai', 'queued', 40 * 60_000, 8),
  seed('bench-mi300x', 'amd-mi300x', 'interrupted', 5 * DAY_MS, 8),
  seed('boot-fail-demo', 'nvidia-h20', 'failed', 6 * DAY_MS, 1),
  seed('old-experiment', 'nvidia-h100', 'terminated', 9 * DAY_MS, 2),
];
export const clusters = [
  makeCluster({
    name: 'pretrain-7b',
    accelerator_id: 'nvidia-h100',
    region_id: 'cn-north',
    state: 'running',
    ageMs: 5 * 3_600_000,
    node_count: 4,
    currency,
    project_id: projectId,
  }),
  makeCluster({
    name: 'ablation-32',
    accelerator_id: 'ascend-910b',
    region_id: 'cn-north',
    state: 'terminated',
    ageMs: 8 * DAY_MS,
    node_count: 4,
    currency,
    project_id: projectId,
  }),
];

export const sshKeys: CallOutput<'listSshKeys'>['items'] = [
  {
    id: mintId('sshKey', ago(30)),
    name: 'lin-macbook',
    public_key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExample lin@macbook',
    fingerprint: 'SHA256:2nq0zPp9Zx1rVYb6o1xW0T6f3pQp7uJmQzq3x0m8kLs',
    created_at: iso(ago(30)),
  },
];

const apiKey = (
  name: string,
  scopes: string[],
  last: number | null,
  revoked: boolean,
): CallOutput<'listApiKeys'>['items'][number] => ({
  id: mintId('apiKey', ago(20)),
  name,
  display: 'sx_sk_test_Ab3dE5gH7jK9…m2Qx',
  scopes,
  project_id: null,
  expires_at: iso(ago(-345)),
  allowed_cidrs: [],
  api_version: '2026-11-01',
  expiry: 'far',
  needs_review: false,
  replaced_by: null,
  last_used_at: last === null ? null : iso(ago(last)),
  last_used_ip_prefix: last === null ? null : '203.0.113.0/24',
  last_used_agent: last === null ? null : 'suan/0.1.0',
  revoked_at: revoked ? iso(ago(3)) : null,
  created_at: iso(ago(20)),
});
export const apiKeys = [
  apiKey('ci-pipeline', ['compute:write'], 0.01, false),
  apiKey('财务导出', ['billing:read'], null, false),
  apiKey('old-laptop', ['all:write'], 9, true),
];

export const payments: CallOutput<'listPayments'>['items'] = [
  {
    id: mintId('payment', ago(2)),
    provider: 'manual',
    status: 'pending',
    amount: { amount: '50000.00', currency },
    purpose: 'top_up',
    method: null,
    failure: null,
    redirect_url: null,
    refunded: { amount: '0.00', currency: 'CNY' },
    reference: 'SX-7H2K-9QPD',
    created_at: iso(ago(2)),
    dispute: null,
    settled_at: null,
  },
  {
    id: mintId('payment', ago(38)),
    provider: 'sandbox',
    status: 'succeeded',
    amount: { amount: '20000.00', currency },
    purpose: 'top_up',
    method: null,
    failure: null,
    redirect_url: null,
    refunded: { amount: '0.00', currency: 'CNY' },
    reference: 'SX-4F8M-1ZTC',
    created_at: iso(ago(38)),
    dispute: null,
    settled_at: iso(ago(38)),
  },
];

export const invoiceIds = [mintId('invoice', ago(24)), mintId('invoice', ago(54))];
