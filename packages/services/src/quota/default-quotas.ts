/** What a new organisation may hold. An operator changes the rows, not these. */
export const DEFAULT_QUOTAS = { accelerators: 256, workloads: 200, ssh_keys: 100, api_keys: 50 } as const;

export type CountedQuota = keyof typeof DEFAULT_QUOTAS;
