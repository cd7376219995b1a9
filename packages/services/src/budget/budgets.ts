import type { Sql } from '@suanxiang/db/sql';
import { withOrgSql } from '@suanxiang/db/tenant';
import { ProblemError } from '@suanxiang/domain/errors';
import { mintId } from '@suanxiang/domain/ids';
import { type Currency, minorToMicro } from '@suanxiang/domain/money';
import {
  type Budget,
  type BudgetState,
  budgetState,
  listBudgets as readBudgets,
} from '@suanxiang/metering/accrual/budgets';
import { type BilledOrg, billedOrg } from '@suanxiang/metering/periods';
import { mutate } from '../access/mutate';
import { amountMinor } from '../billing/amount-text';
import { minorMoney } from '../money';
import { notFound } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';

type Answer = AnswerOf<'createBudget'>;

const time = (unixS: number) => new Date(unixS * 1000).toISOString();

/** When a cap is reached if its scope goes on burning as now: what is spent and not spent yet, at the present rate. */
function stopsAt(budget: Budget, { spentMinor, burnPerHourMicro, toS }: BudgetState, org: BilledOrg): string | null {
  if (!budget.hard || burnPerHourMicro === 0n) return null;
  const leftMicro = minorToMicro(budget.amountMinor - spentMinor, org.currency as Currency);
  const atS = org.nowS + Number((leftMicro * 3600n) / burnPerHourMicro);
  return atS >= toS ? null : time(Math.max(atS, org.nowS));
}

async function budgetAnswer(sql: Sql, org: BilledOrg, budget: Budget): Promise<Answer> {
  const state = await budgetState(sql, org, budget);
  const money = (minor: bigint) => minorMoney(minor, org.currency);
  return {
    id: budget.id,
    name: budget.name,
    project_id: budget.projectId,
    api_key_id: budget.apiKeyId,
    amount: money(budget.amountMinor),
    thresholds: [...budget.thresholds],
    hard: budget.hard,
    spent: money(state.spentMinor),
    forecast: money(state.forecastMinor),
    stops_at: stopsAt(budget, state, org),
    period_from: time(state.fromS),
    period_to: time(state.toS),
  };
}

/** Budgets with what is spent in the running period. */
export const listBudgets: UseCase<'listBudgets'> = (ctx, { orgId }) =>
  withOrgSql(ctx.api, orgId, async (sql) => {
    const org = await billedOrg(sql, orgId);
    const items: Answer[] = [];
    for (const budget of await readBudgets(sql, orgId)) items.push(await budgetAnswer(sql, org, budget));
    return { items };
  });

/** Throws `not_found` for a project or key of somebody else. */
async function checkScope(sql: Sql, orgId: string, projectId: string | null, apiKeyId: string | null): Promise<void> {
  const found = await sql`
    SELECT 1 AS one WHERE (${projectId}::text IS NULL OR EXISTS (
        SELECT 1 FROM project WHERE org_id = ${orgId} AND id = ${projectId}::text))
      AND (${apiKeyId}::text IS NULL OR EXISTS (SELECT 1 FROM api_key WHERE org_id = ${orgId} AND id = ${apiKeyId}::text))`;
  if (found.length === 0) throw notFound();
}

const ascending = (thresholds: readonly number[]) => [...new Set(thresholds)].sort((a, b) => a - b);
const taken = (name: string) => new ProblemError('name_taken', `There is a budget named ${name} already.`);

/** Creates a budget for the organisation, a project of it, what an API key has launched, or that in one project. */
export const createBudget: UseCase<'createBudget'> = (ctx, principal, meta, { body }) =>
  mutate(ctx, principal, meta, 'budget.create', async (sql) => {
    const { orgId } = principal;
    const org = await billedOrg(sql, orgId);
    const projectId = body.project_id ?? null;
    const apiKeyId = body.api_key_id ?? null;
    await checkScope(sql, orgId, projectId, apiKeyId);
    const budget: Budget = {
      id: mintId('budget', meta.nowMs),
      projectId,
      apiKeyId,
      name: body.name,
      amountMinor: amountMinor(body.amount, org.currency as Currency, '/body/amount'),
      thresholds: ascending(body.thresholds),
      hard: body.hard,
      cappedFromS: body.hard ? org.nowS : null,
    };
    const inserted = await sql`
      INSERT INTO budget (id, org_id, project_id, api_key_id, name, amount_minor, thresholds, hard, capped_from_s)
      VALUES (${budget.id}, ${orgId}, ${projectId}, ${apiKeyId}, ${budget.name}, ${budget.amountMinor}::bigint,
        ${budget.thresholds.map(String)}::int[], ${budget.hard}, ${budget.cappedFromS}::bigint)
      ON CONFLICT (org_id, name) WHERE deleted_at IS NULL DO NOTHING RETURNING id`;
    if (inserted.length === 0) throw taken(budget.name);
    const answer = await budgetAnswer(sql, org, budget);
    return { answer, resource: budget.id, detail: { name: budget.name, amount: answer.amount, hard: budget.hard } };
  });

/** Changes a budget. A cap with a new amount ends nothing that was used before the change. */
export const updateBudget: UseCase<'updateBudget'> = (ctx, principal, meta, { params, body }) =>
  mutate(ctx, principal, meta, 'budget.update', async (sql) => {
    const { orgId } = principal;
    const org = await billedOrg(sql, orgId);
    const locked = await sql`
      SELECT id FROM budget WHERE org_id = ${orgId} AND id = ${params.budget_id} AND deleted_at IS NULL FOR UPDATE`;
    if (locked.length === 0) throw notFound();
    const before = (await readBudgets(sql, orgId)).find((one) => one.id === params.budget_id)!;
    const hard = body.hard ?? before.hard;
    const amount =
      body.amount === undefined
        ? before.amountMinor
        : amountMinor(body.amount, org.currency as Currency, '/body/amount');
    const isSameCap = before.hard && amount === before.amountMinor;
    const budget: Budget = {
      ...before,
      name: body.name ?? before.name,
      amountMinor: amount,
      thresholds: ascending(body.thresholds ?? before.thresholds),
      hard,
      cappedFromS: hard ? (isSameCap ? before.cappedFromS : org.nowS) : null,
    };
    const clash = await sql`
      SELECT id FROM budget WHERE org_id = ${orgId} AND name = ${budget.name} AND deleted_at IS NULL AND id <> ${budget.id}`;
    if (clash.length > 0) throw taken(budget.name);
    await sql`
      UPDATE budget SET name = ${budget.name}, amount_minor = ${budget.amountMinor}::bigint,
        thresholds = ${budget.thresholds.map(String)}::int[], hard = ${hard}, capped_from_s = ${budget.cappedFromS}::bigint
      WHERE org_id = ${orgId} AND id = ${budget.id}`;
    const answer = await budgetAnswer(sql, org, budget);
    return { answer, resource: budget.id, detail: { name: budget.name, amount: answer.amount, hard } };
  });

/** Deletes a budget; deleting it again answers 404. */
export const deleteBudget: UseCase<'deleteBudget'> = (ctx, principal, meta, { params }) =>
  mutate<undefined>(ctx, principal, meta, 'budget.delete', async (sql) => {
    const gone = await sql`
      UPDATE budget SET deleted_at = now() WHERE org_id = ${principal.orgId} AND id = ${params.budget_id}
        AND deleted_at IS NULL RETURNING id`;
    if (gone.length === 0) throw notFound();
    return { answer: undefined, resource: params.budget_id };
  });
