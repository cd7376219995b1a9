import type { Sql } from '@suanxiang/db/sql';
import { withOrgSql } from '@suanxiang/db/tenant';
import { ProblemError } from '@suanxiang/domain/errors';
import { mintId } from '@suanxiang/domain/ids';
import type { Currency } from '@suanxiang/domain/money';
import { type Budget, budgetState, listBudgets as readBudgets } from '@suanxiang/metering/accrual/budgets';
import { type BilledOrg, billedOrg } from '@suanxiang/metering/periods';
import { mutate } from '../access/mutate';
import { amountMinor } from '../billing/amount-text';
import { minorMoney } from '../money';
import { notFound } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';

type Answer = AnswerOf<'createBudget'>;

const time = (unixS: number) => new Date(unixS * 1000).toISOString();

async function budgetAnswer(sql: Sql, org: BilledOrg, budget: Budget): Promise<Answer> {
  const state = await budgetState(sql, org, budget);
  const money = (minor: bigint) => minorMoney(minor, org.currency);
  return {
    id: budget.id,
    name: budget.name,
    project_id: budget.projectId,
    amount: money(budget.amountMinor),
    thresholds: [...budget.thresholds],
    hard: budget.hard,
    spent: money(state.spentMinor),
    forecast: money(state.forecastMinor),
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

/** Creates a budget for the organisation or one of its projects. */
export const createBudget: UseCase<'createBudget'> = (ctx, principal, meta, { body }) =>
  mutate(ctx, principal, meta, 'budget.create', async (sql) => {
    const { orgId } = principal;
    const org = await billedOrg(sql, orgId);
    const projectId = body.project_id ?? null;
    if (projectId !== null) {
      const found = await sql`SELECT id FROM project WHERE org_id = ${orgId} AND id = ${projectId}`;
      if (found.length === 0) throw notFound();
    }
    const budget: Budget = {
      id: mintId('budget', meta.nowMs),
      projectId,
      name: body.name,
      amountMinor: amountMinor(body.amount, org.currency as Currency, '/body/amount'),
      thresholds: [...new Set(body.thresholds)].sort((a, b) => a - b),
      hard: body.hard,
    };
    const inserted = await sql`
      INSERT INTO budget (id, org_id, project_id, name, amount_minor, thresholds, hard)
      VALUES (${budget.id}, ${orgId}, ${projectId}, ${budget.name}, ${budget.amountMinor}::bigint,
        ${budget.thresholds.map(String)}::int[], ${budget.hard})
      ON CONFLICT (org_id, name) WHERE deleted_at IS NULL DO NOTHING RETURNING id`;
    if (inserted.length === 0) throw new ProblemError('name_taken', `There is a budget named ${budget.name} already.`);
    const answer = await budgetAnswer(sql, org, budget);
    return { answer, resource: budget.id, detail: { name: budget.name, amount: answer.amount, hard: budget.hard } };
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
