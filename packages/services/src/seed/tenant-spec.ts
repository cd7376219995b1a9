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
  /** A fault in a workload of two months ago that came to light after its invoice: the reason of a credit note. */
  lateFault: { workload: string; lengthS: number };
  sandbox: { slug: string; name: string };
}

type Short = Partial<Omit<WorkloadSpec, 'runs'>> &
  Pick<WorkloadSpec, 'name' | 'zone' | 'model' | 'monthsAgo'> & { runs: [day: number, hour: number, hours: number][] };

/** The same stretch on each of several days. */
export function daily(
  days: readonly number[],
  hour: number,
  hours: number,
): [day: number, hour: number, hours: number][] {
  return days.map((day) => [day, hour + (day % 4) * 0.11, hours + (day % 3) * 0.17]);
}

/** Local days of a month, 0-based, from one to the other, every so many. */
export function days(from: number, to: number, every = 1): number[] {
  return Array.from({ length: Math.floor((to - from) / every) + 1 }, (_, i) => from + i * every);
}

/** A workload with what most of them have: one node of eight accelerators that trains and is terminated at the end. */
export function workload({ runs, ...short }: Short): WorkloadSpec {
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

export const SERVING = 'suanxiang/vllm:0.12';
export const NOTEBOOK = 'suanxiang/jupyter:4.5';
