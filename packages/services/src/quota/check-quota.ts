import { ProblemError } from '@suanxiang/domain/errors';
import type { QuotaUse } from './read-quotas';

/** Throws `quota_exceeded` with the figures unless `requested` more fit. */
function checkQuota({ metric, limit, used, projectId }: QuotaUse, requested: number): void {
  if (used + requested <= limit) return;
  const free = Math.max(0, limit - used);
  const left = free === 0 ? 'Nothing of it is left' : `${free} of it are left`;
  const whose = projectId ? `the project's quota "${metric}"` : `the quota "${metric}"`;
  const more = projectId
    ? 'have the limit of the project raised'
    : 'ask the operator for more (POST /v1/quota-requests)';
  throw new ProblemError(
    'quota_exceeded',
    `This needs ${requested} of ${whose}, of which ${used} of ${limit} are in use.`,
    {
      suggestion: `${left}. Free some first, ask for ${free === 0 ? 'fewer' : `at most ${free}`}, or ${more}.`,
      members: { metric, limit, used, requested, project_id: projectId },
    },
  );
}

/**
 * Throws `quota_exceeded` unless what is needed of each metric fits into the organisation's quotas and into those of the
 * project. The caller holds the organisation's lock. A metric without a quota is not limited.
 */
export function checkQuotas(
  quotas: readonly QuotaUse[],
  projectId: string | null,
  needed: (metric: string) => number,
): void {
  for (const quota of quotas) {
    const requested = needed(quota.metric);
    const applies = quota.projectId === null || quota.projectId === projectId;
    if (applies && requested > 0) checkQuota(quota, requested);
  }
}
