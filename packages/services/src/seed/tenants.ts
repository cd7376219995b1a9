import type { OrgRole } from '@suanxiang/domain/permissions';
import type { Profile } from './usage-profile';

/** One stretch for which a workload ran, in the account's local time: day of the month (0-based), hour, and how long. */
export interface RunSpec {
  day: number;
  hour: number;
  hours: number;
}

/** A workload of the past, as a tenant would have made it. */
export interface WorkloadSpec {
  name: string;
  kind: 'instance' | 'cluster';
  /** Index of its project. */
  project: number;
  zone: 'cn-north-a' | 'cn-north-b' | 'ap-southeast-a';
  model: string;
  nodes: number;
  gpus: number;
  image: string;
  profile: Profile;
  /** Months before the present one. */
  monthsAgo: 0 | 1 | 2;
  runs: RunSpec[];
  /** How the last run ended; boot_failed: it never ran. */
  end: 'terminated' | 'stopped' | 'interrupted' | 'boot_failed';
  /** The first run ended because the host was lost, so many seconds before anybody noticed. */
  lostS?: number;
}

export interface PersonSpec {
  email: string;
  name: string;
  role: OrgRole;
}

export interface ProjectSpec {
  slug: string;
  name: string;
}

export interface TenantSpec {
  slug: string;
  name: string;
  legalName: string;
  address: string;
  taxId: string;
  country: string;
  currency: 'CNY' | 'USD';
  timeZone: string;
  locale: 'en' | 'zh-CN';
  /** The owner first. */
  people: [PersonSpec, ...PersonSpec[]];
  projects: [ProjectSpec, ...ProjectSpec[]];
  sshKeys: string[];
  workloads: WorkloadSpec[];
  /** Bank transfers, in minor units, by month and local day; the pending one waits for the operator. */
  transfers: { monthsAgo: 0 | 1 | 2; day: number; minor: bigint; pending?: true }[];
  sandbox: { slug: string; name: string };
}

type Short = Partial<Omit<WorkloadSpec, 'runs'>> &
  Pick<WorkloadSpec, 'name' | 'zone' | 'model' | 'monthsAgo'> & { runs: [day: number, hour: number, hours: number][] };

function workload({ runs, ...short }: Short): WorkloadSpec {
  return {
    kind: 'instance',
    project: 0,
    nodes: 1,
    gpus: 8,
    image: 'suanxiang/pytorch:2.9',
    profile: 'training',
    end: 'terminated',
    ...short,
    runs: runs.map(([day, hour, hours]) => ({ day, hour, hours })),
  };
}

const SERVING = 'suanxiang/vllm:0.12';
const NOTEBOOK = 'suanxiang/jupyter:4.5';

const xinghe: TenantSpec = {
  slug: 'xinghe',
  name: '星河智能',
  legalName: '星河智能科技（北京）有限公司',
  address: '北京市朝阳区望京东园四区 13 号楼 A 座 21 层',
  taxId: '91110105MA7XHZN21B',
  country: 'CN',
  currency: 'CNY',
  timeZone: 'Asia/Shanghai',
  locale: 'zh-CN',
  people: [
    { email: 'lin.yue@xinghe.example', name: '林悦', role: 'owner' },
    { email: 'zhao.yutong@xinghe.example', name: '赵雨桐（财务）', role: 'billing' },
  ],
  projects: [
    { slug: 'pretrain', name: '大模型预训练' },
    { slug: 'serving', name: '推理服务' },
    { slug: 'lab', name: '算法实验（国产卡适配）' },
  ],
  sshKeys: ['林悦的 MacBook', '跳板机 bastion-01'],
  workloads: [
    workload({
      name: 'xh-base-7b-pretrain',
      kind: 'cluster',
      nodes: 4,
      zone: 'cn-north-a',
      model: 'nvidia-h100-80g',
      monthsAgo: 2,
      lostS: 96,
      runs: [
        [5, 9, 21.4],
        [6, 8.5, 13.7],
      ],
    }),
    workload({
      name: 'qwen3-sft-zh',
      project: 2,
      zone: 'cn-north-b',
      model: 'nvidia-h20-96g',
      monthsAgo: 2,
      runs: [[9, 19, 18]],
    }),
    workload({
      name: 'ascend-porting',
      project: 2,
      zone: 'cn-north-a',
      model: 'ascend-910b3-64g',
      monthsAgo: 2,
      runs: [
        [12, 10, 9],
        [13, 9.2, 6.1],
      ],
    }),
    workload({
      name: 'mlu590-eval',
      project: 2,
      gpus: 4,
      zone: 'cn-north-a',
      model: 'cambricon-mlu590-80g',
      monthsAgo: 2,
      runs: [[17, 14, 5.3]],
    }),
    workload({
      name: 'notebook-zhao',
      project: 2,
      gpus: 1,
      image: NOTEBOOK,
      profile: 'notebook',
      zone: 'cn-north-b',
      model: 'nvidia-a100-80g',
      monthsAgo: 2,
      runs: [
        [18, 10, 7],
        [19, 10.4, 6.2],
        [22, 13, 5],
      ],
    }),
    workload({
      name: 'k100-smoke',
      project: 2,
      zone: 'cn-north-a',
      model: 'hygon-k100-ai-64g',
      monthsAgo: 2,
      runs: [[23, 15, 0]],
      end: 'boot_failed',
    }),
    workload({
      name: 'xh-base-7b-anneal',
      kind: 'cluster',
      nodes: 4,
      zone: 'cn-north-a',
      model: 'nvidia-h100-80g',
      monthsAgo: 1,
      runs: [[3, 8, 26.2]],
    }),
    workload({
      name: 'chat-serving-a',
      project: 1,
      gpus: 2,
      image: SERVING,
      profile: 'inference',
      zone: 'cn-north-b',
      model: 'nvidia-h20-96g',
      monthsAgo: 1,
      runs: [[7, 0, 72]],
    }),
    workload({
      name: 'k100-long-context',
      project: 2,
      zone: 'cn-north-a',
      model: 'hygon-k100-ai-64g',
      monthsAgo: 1,
      runs: [[13, 20, 30]],
    }),
    workload({
      name: 'ablation-lr3e-4-wd01-warmup2k-cosine-bs1024-seq8k-seed42-run-07',
      project: 0,
      gpus: 4,
      zone: 'cn-north-b',
      model: 'nvidia-a100-80g',
      monthsAgo: 1,
      runs: [[19, 11, 8.4]],
    }),
    workload({
      name: 'reward-model-rl',
      project: 0,
      zone: 'cn-north-a',
      model: 'ascend-910b3-64g',
      monthsAgo: 1,
      runs: [[29, 20, 9]],
    }),
    workload({
      name: 'chat-serving-b',
      project: 1,
      gpus: 2,
      image: SERVING,
      profile: 'inference',
      zone: 'cn-north-b',
      model: 'nvidia-h20-96g',
      monthsAgo: 0,
      runs: [[2, 9, 40]],
      end: 'stopped',
    }),
    workload({
      name: 'eval-nightly',
      project: 0,
      gpus: 1,
      zone: 'cn-north-b',
      model: 'kunlunxin-p800-96g',
      monthsAgo: 0,
      runs: [
        [1, 2, 2.1],
        [2, 2, 2],
        [3, 2, 2.2],
      ],
    }),
    workload({
      name: 'mtt-s4000-trial',
      project: 2,
      zone: 'cn-north-b',
      model: 'mthreads-s4000-48g',
      monthsAgo: 0,
      runs: [[4, 15, 3]],
      end: 'interrupted',
      lostS: 41,
    }),
  ],
  transfers: [
    { monthsAgo: 2, day: 1, minor: 6_000_000n },
    { monthsAgo: 1, day: 10, minor: 4_000_000n },
  ],
  sandbox: { slug: 'xinghe-sandbox', name: '星河智能（沙箱）' },
};

const northwind: TenantSpec = {
  slug: 'northwind',
  name: 'Northwind Robotics',
  legalName: 'Northwind Robotics Pte. Ltd.',
  address: '71 Ayer Rajah Crescent, #05-18, Singapore 139951',
  taxId: '201938271N',
  country: 'SG',
  currency: 'USD',
  timeZone: 'Asia/Singapore',
  locale: 'en',
  people: [
    { email: 'maya.tan@northwind.example', name: 'Maya Tan', role: 'owner' },
    { email: 'ines.oconnor@northwind.example', name: "Inès O'Connor-Müller", role: 'member' },
  ],
  projects: [
    { slug: 'perception', name: 'Perception' },
    { slug: 'simulation', name: 'Simulation' },
  ],
  sshKeys: ['maya-thinkpad', 'ci-runner'],
  workloads: [
    workload({
      name: 'bev-fusion-train',
      zone: 'ap-southeast-a',
      model: 'nvidia-h100-80g',
      monthsAgo: 2,
      runs: [[4, 11, 30]],
    }),
    workload({
      name: 'sim-render-farm',
      project: 1,
      gpus: 4,
      profile: 'inference',
      zone: 'ap-southeast-a',
      model: 'nvidia-l40s-48g',
      monthsAgo: 2,
      runs: [[8, 7, 48]],
    }),
    workload({
      name: 'mi300x-trial',
      zone: 'ap-southeast-a',
      model: 'amd-mi300x-192g',
      monthsAgo: 2,
      runs: [[20, 16, 6.2]],
    }),
    workload({
      name: 'worldmodel-2node',
      kind: 'cluster',
      nodes: 2,
      zone: 'ap-southeast-a',
      model: 'nvidia-h200-141g',
      monthsAgo: 1,
      runs: [[6, 9, 22.3]],
    }),
    workload({
      name: 'vlm-serving',
      project: 1,
      gpus: 1,
      image: SERVING,
      profile: 'inference',
      zone: 'ap-southeast-a',
      model: 'nvidia-a100-80g',
      monthsAgo: 1,
      runs: [[10, 0, 80]],
    }),
    workload({
      name: 'bev-fusion-train-v2',
      zone: 'ap-southeast-a',
      model: 'nvidia-h100-80g',
      monthsAgo: 1,
      lostS: 212,
      runs: [
        [17, 13, 9.6],
        [18, 9, 6.3],
      ],
    }),
    workload({
      name: 'notebook-ines',
      gpus: 1,
      image: NOTEBOOK,
      profile: 'notebook',
      zone: 'ap-southeast-a',
      model: 'nvidia-l40s-48g',
      monthsAgo: 0,
      runs: [
        [2, 10, 6.5],
        [3, 9.5, 5.4],
      ],
      end: 'stopped',
    }),
  ],
  transfers: [
    { monthsAgo: 2, day: 2, minor: 150_000n },
    { monthsAgo: 0, day: 3, minor: 500_000n, pending: true },
  ],
  sandbox: { slug: 'northwind-sandbox', name: 'Northwind Sandbox' },
};

/** The tenants of the demonstration. */
export const TENANTS: readonly TenantSpec[] = [xinghe, northwind];

export const OPERATOR = { email: 'ops@suanxiang.example', name: 'Operations 运营值班' } as const;

/** A price that changed in the middle of a line of last month, so that one shows two prices. */
export const PRICE_CHANGE = {
  sku: 'gpu.hygon-k100-ai-64g.cn-north',
  currency: 'CNY',
  monthsAgo: 1,
  day: 14,
  micro: 4_140_000n,
} as const;
