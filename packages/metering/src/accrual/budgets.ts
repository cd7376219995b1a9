import type { Sql } from '@suanxiang/db/sql';
import { CURRENCY_EXPONENTS, type Currency, microPerMinor } from '@suanxiang/domain/money';
import { type Rational, sum } from '@suanxiang/domain/rational';
import { type BilledOrg, openPeriods } from '../periods';
import type { LeaseFilter } from '../usage/load-terms';
import { rateSpan } from '../usage/rate-span';
import { burnPerHour } from '../usage/workload-cost';
import { tell } from './billing-events';

export interface Budget {
  id: string;
  /** null: any project. */
  projectId: string | null;
  /** Only what this key has launched; null: everything. */
  apiKeyId: string | null;
  name: string;
  amountMinor: bigint;
  /** Percent of the amount, ascending. */
  thresholds: readonly number[];
  /** A spend cap: what runs in its scope ends at the second in which it is reached. */
  hard: boolean;
  /** Billing time from which the cap ends what runs; null: it is no cap. */
  cappedFromS: number | null;
}

interface BudgetRow {
  id: string;
  project_id: string | null;
  api_key_id: string | null;
  name: string;
  amount: string;
  thresholds: number[];
  hard: boolean;
  capped_from: string | null;
}

/** The budgets of an organisation, by name. */
export async function listBudgets(sql: Sql, orgId: string): Promise<Budget[]> {
  const rows = await sql<BudgetRow>`
    SELECT id, project_id, api_key_id, name, amount_minor::text AS amount, thresholds, hard, capped_from_s::text AS capped_from
    FROM budget
    WHERE org_id = ${orgId} AND deleted_at IS NULL ORDER BY name`;
  return rows.map((row) => ({
    id: row.id,
    projectId: row.project_id,
    apiKeyId: row.api_key_id,
    name: row.name,
    amountMinor: BigInt(row.amount),
    thresholds: [...row.thresholds].sort((a, b) => a - b),
    hard: row.hard,
    cappedFromS: row.capped_from === null ? null : Number(row.capped_from),
  }));
}

/** Which leases count against a budget. */
export function scopeOf({ projectId, apiKeyId }: Pick<Budget, 'projectId' | 'apiKeyId'>): LeaseFilter {
  return {
    ...(projectId === null ? {} : { projectIds: [projectId] }),
    ...(apiKeyId === null ? {} : { creator: `key:${apiKeyId}` }),
  };
}

/** What a budget's scope has used of the running period, and will have used at its end if all goes on as it is. */
export interface BudgetState {
  fromS: number;
  toS: number;
  spentMinor: bigint;
  forecastMinor: bigint;
  /** What runs in its scope costs per hour now, in micro-units. */
  burnPerHourMicro: bigint;
}

const HOUR_S = 3600n;

/** Floor of an amount in minor units: a threshold is reached when it is really reached. */
const whole = (exact: Rational): bigint => exact.num / exact.den;

/** Rates a budget's scope over the running period. */
export function budgetState(sql: Sql, org: BilledOrg, budget: Budget): Promise<BudgetState> {
  return periodForecast(sql, org, scopeOf(budget));
}

/** Rates some leases, by default all, over the running period, and goes on to its end as they run now. */
export async function periodForecast(sql: Sql, org: BilledOrg, scope: LeaseFilter = {}): Promise<BudgetState> {
  const { fromS, toS } = (await openPeriods(sql, org)).at(-1)!;
  const untilS = Math.max(org.nowS, fromS + 1);
  const found = await rateSpan(sql, org, { fromS, toS: untilS }, scope);
  const spentMinor = whole(sum(found.rated.lines.map((line) => line.exact)));
  const burn = await burnPerHour(sql, found, org.currency, org.nowS);
  const perMinor = microPerMinor(CURRENCY_EXPONENTS[org.currency as Currency]);
  const restS = BigInt(Math.max(0, toS - untilS));
  const forecastMinor = spentMinor + (burn * restS) / (HOUR_S * perMinor);
  return { fromS, toS, spentMinor, forecastMinor, burnPerHourMicro: burn };
}

/** The thresholds that an amount has reached. Exact: no percentage is rounded. */
export function reached(budget: Pick<Budget, 'amountMinor' | 'thresholds'>, spentMinor: bigint): number[] {
  return budget.thresholds.filter((percent) => spentMinor * 100n >= budget.amountMinor * BigInt(percent));
}

/**
 * Tells the thresholds that budgets have reached, each once a period, and once when the forecast passes the amount.
 */
export async function watchBudgets(sql: Sql, org: BilledOrg, nowMs: number): Promise<void> {
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
  }
}
