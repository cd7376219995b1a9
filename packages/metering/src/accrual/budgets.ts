import type { Sql } from '@suanxiang/db/sql';
import { CURRENCY_EXPONENTS, type Currency, microPerMinor } from '@suanxiang/domain/money';
import { type Rational, sum } from '@suanxiang/domain/rational';
import { type BilledOrg, openPeriods } from '../periods';
import { rateSpan } from '../usage/rate-span';
import { burnPerHour } from '../usage/workload-cost';
import { tell } from './billing-events';

export interface Budget {
  id: string;
  /** null: the whole organisation. */
  projectId: string | null;
  name: string;
  amountMinor: bigint;
  /** Percent of the amount, ascending. */
  thresholds: readonly number[];
  /** What runs in its scope is stopped when it is used up. */
  hard: boolean;
}

interface BudgetRow {
  id: string;
  project_id: string | null;
  name: string;
  amount: string;
  thresholds: number[];
  hard: boolean;
}

/** The budgets of an organisation, by name. */
export async function listBudgets(sql: Sql, orgId: string): Promise<Budget[]> {
  const rows = await sql<BudgetRow>`
    SELECT id, project_id, name, amount_minor::text AS amount, thresholds, hard FROM budget
    WHERE org_id = ${orgId} AND deleted_at IS NULL ORDER BY name`;
  return rows.map((row) => ({
    id: row.id,
    projectId: row.project_id,
    name: row.name,
    amountMinor: BigInt(row.amount),
    thresholds: [...row.thresholds].sort((a, b) => a - b),
    hard: row.hard,
  }));
}

/** What a budget's scope has used of the running period, and will have used at its end if all goes on as it is. */
export interface BudgetState {
  fromS: number;
  toS: number;
  spentMinor: bigint;
  forecastMinor: bigint;
}

const HOUR_S = 3600n;

/** Floor of an amount in minor units: a threshold is reached when it is really reached. */
const whole = (exact: Rational): bigint => exact.num / exact.den;

/** Rates a budget's scope over the running period. */
export async function budgetState(sql: Sql, org: BilledOrg, budget: Budget): Promise<BudgetState> {
  const { fromS, toS } = (await openPeriods(sql, org)).at(-1)!;
  const filter = budget.projectId === null ? {} : { projectIds: [budget.projectId] };
  const untilS = Math.max(org.nowS, fromS + 1);
  const { rated, leases } = await rateSpan(sql, org, { fromS, toS: untilS }, filter);
  const spentMinor = whole(sum(rated.lines.map((line) => line.exact)));
  const burn = await burnPerHour(sql, leases, org.currency, org.nowS);
  const perMinor = microPerMinor(CURRENCY_EXPONENTS[org.currency as Currency]);
  const restS = BigInt(Math.max(0, toS - untilS));
  return { fromS, toS, spentMinor, forecastMinor: spentMinor + (burn * restS) / (HOUR_S * perMinor) };
}

/** The thresholds that an amount has reached. Exact: no percentage is rounded. */
export function reached(budget: Pick<Budget, 'amountMinor' | 'thresholds'>, spentMinor: bigint): number[] {
  return budget.thresholds.filter((percent) => spentMinor * 100n >= budget.amountMinor * BigInt(percent));
}

/**
 * Tells the thresholds that budgets have reached, each once a period, and once when the forecast passes the amount. Returns
 * the hard budgets that are used up.
 */
export async function watchBudgets(sql: Sql, org: BilledOrg, nowMs: number): Promise<Budget[]> {
  const used: Budget[] = [];
  for (const budget of await listBudgets(sql, org.orgId)) {
    const state = await budgetState(sql, org, budget);
    const { fromS, spentMinor, forecastMinor } = state;
    const detail = {
      budget_id: budget.id,
      name: budget.name,
      amount_minor: budget.amountMinor.toString(),
      spent_minor: spentMinor.toString(),
      forecast_minor: forecastMinor.toString(),
      currency: org.currency,
    };
    const key = `budget:${budget.id}:${fromS}`;
    for (const percent of reached(budget, spentMinor)) {
      const event = { kind: 'budget_reached' as const, detail: { ...detail, percent } };
      await tell(sql, { orgId: org.orgId, key: `${key}:${percent}`, ...event }, nowMs);
    }
    if (forecastMinor > budget.amountMinor) {
      await tell(sql, { orgId: org.orgId, key: `${key}:forecast`, kind: 'budget_forecast', detail }, nowMs);
    }
    if (budget.hard && spentMinor >= budget.amountMinor) used.push(budget);
  }
  return used;
}
