import { northwind } from './northwind';
import type { TenantSpec } from './tenant-spec';
import { xinghe } from './xinghe';

/** The tenants of the demonstration. */
export const TENANTS: readonly TenantSpec[] = [xinghe, northwind];

export const OPERATOR = { email: 'ops@suanxiang.example', name: 'Operations 运营值班' } as const;

/** The second one, for what takes two: prices, large credit, large quotas. */
export const SECOND_OPERATOR = { email: 'finance@suanxiang.example', name: 'Finance 财务' } as const;

/** A price that changed in the middle of a line of last month, so that one shows two prices. */
export const PRICE_CHANGE = {
  sku: 'gpu.hygon-k100-ai-64g.cn-north',
  currency: 'CNY',
  monthsAgo: 1,
  day: 14,
  micro: 4_140_000n,
} as const;
