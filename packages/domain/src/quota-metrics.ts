import { VENDOR_CLASSES } from './accelerator-vendors';
import { ACCELERATOR_MODELS } from './accelerators';

/** What a new organisation may hold. An operator changes the rows, not these. */
export const DEFAULT_QUOTAS = { accelerators: 256, workloads: 200, ssh_keys: 100, api_keys: 50 } as const;

/** Prefix of quotas on the accelerators of one class of vendor or of one model. */
export const ACCELERATORS_OF = 'accelerators:';

/** Everything that a quota can be set on. */
export const QUOTA_METRICS: readonly string[] = [
  ...Object.keys(DEFAULT_QUOTAS),
  ...VENDOR_CLASSES.map((vendor) => ACCELERATORS_OF + vendor),
  ...ACCELERATOR_MODELS.map(({ id }) => ACCELERATORS_OF + id),
];

/** Everything that a project's own limit can be set on: SSH keys belong to the whole organisation. */
export const PROJECT_QUOTA_METRICS = QUOTA_METRICS.filter((metric) => metric !== 'ssh_keys');

/** A quota raised above this takes two operators. */
const ONE_OPERATOR_UP_TO: Record<keyof typeof DEFAULT_QUOTAS, number> = {
  accelerators: 1_024,
  workloads: 1_000,
  ssh_keys: 500,
  api_keys: 500,
};

/** True when a second operator has to agree to a limit. */
export function needsSecondOperator(metric: string, limit: number): boolean {
  const base = metric.split(':')[0] as keyof typeof ONE_OPERATOR_UP_TO;
  return limit > (ONE_OPERATOR_UP_TO[base] ?? 0);
}
