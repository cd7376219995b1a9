import { ProblemError } from '@suanxiang/domain/errors';
import type { QuotaUse } from './read-quotas';

/** A quota, what is asked of it, and whether that fits. */
export interface QuotaCheck extends QuotaUse {
  requested: number;
  fits: boolean;
}

/** `quota_exceeded` with the figures. */
export function quotaProblem({ metric, limit, used, projectId, requested }: QuotaCheck): ProblemError {
  const free = Math.max(0, limit - used);
  const left = free === 0 ? 'Nothing of it is left' : `${free} of it are left`;
  const whose = projectId ? `the project's quota "${metric}"` : `the quota "${metric}"`;
  const more = projectId
    ? 'have the limit of the project raised'
    : 'ask the operator for more (POST /v1/quota-requests)';
  return new ProblemError(
    'quota_exceeded',
    `This needs ${requested} of ${whose}, of which ${used} of ${limit} are in use.`,
    {
      suggestion: `${left}. Free some first, ask for ${free === 0 ? 'fewer' : `at most ${free}`}, or ${more}.`,
      members: { metric, limit, used, requested, project_id: projectId },
    },
  );
}

/** The quotas of the organisation and the project of which something is needed. A metric without a quota is not limited. */
export function assessQuotas(
  quotas: readonly QuotaUse[],
  projectId: string | null,
  needed: (metric: string) => number,
): QuotaCheck[] {
  return quotas
    .filter((quota) => quota.projectId === null || quota.projectId === projectId)
    .map((quota) => ({ ...quota, requested: needed(quota.metric) }))
    .filter(({ requested }) => requested > 0)
    .map((quota) => ({ ...quota, fits: quota.used + quota.requested <= quota.limit }));
}

/**
 * Throws `quota_exceeded` unless what is needed of each metric fits into the organisation's quotas and into those of the
 * project. The caller holds the organisation's lock.
 */
export function checkQuotas(
  quotas: readonly QuotaUse[],
  projectId: string | null,
  needed: (metric: string) => number,
): void {
  const short = assessQuotas(quotas, projectId, needed).find(({ fits }) => !fits);
  if (short) throw quotaProblem(short);
}
