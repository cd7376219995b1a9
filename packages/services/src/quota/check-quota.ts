import { ProblemError } from '@suanxiang/domain/errors';

/** Throws `quota_exceeded` with the figures unless `requested` more fit. A metric without a limit is not limited. */
export function checkQuota(metric: string, limit: number | null, used: number, requested: number): void {
  if (limit === null || used + requested <= limit) return;
  const free = Math.max(0, limit - used);
  const left = free === 0 ? 'Nothing of it is left' : `${free} of it are left`;
  throw new ProblemError(
    'quota_exceeded',
    `This needs ${requested} of the quota "${metric}", of which ${used} of ${limit} are in use.`,
    {
      suggestion: `${left}. Free some first, ask for ${free === 0 ? 'fewer' : `at most ${free}`}, or ask the operator for more.`,
      members: { metric, limit, used, requested },
    },
  );
}
