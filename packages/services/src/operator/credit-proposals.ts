import type { creditProposal } from '@suanxiang/contract/schemas/coupons';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql } from '@suanxiang/db/tenant';
import { ProblemError } from '@suanxiang/domain/errors';
import { mintId } from '@suanxiang/domain/ids';
import type { Currency } from '@suanxiang/domain/money';
import { grantCredit } from '@suanxiang/metering/credit/grants';
import { billedOrg } from '@suanxiang/metering/periods';
import type { z } from 'zod';
import { mutate } from '../access/mutate';
import type { CallMeta, Operator } from '../access/principal';
import { amountMinor } from '../billing/amount-text';
import type { AppContext } from '../context';
import { minorMoney } from '../money';
import { notFound } from '../problem';
import type { UseCase } from '../use-case';
import { requireSecondOperator } from './two-operators';
import { withinOrganization } from './within-organization';

type Answer = z.input<typeof creditProposal>;

interface Row {
  id: string;
  org_id: string;
  organization_name: string;
  currency: string;
  amount: string;
  priority: number;
  credit_days: number | null;
  reason: string;
  status: Answer['status'];
  proposed_by: string;
  created_at: Date;
  decided_by: string | null;
  decided_at: Date | null;
  answer: string | null;
}

const MOST = 200;
const DAY_S = 86_400;

function readAll(sql: Sql, where: { open: boolean; id: string | null }): Promise<Row[]> {
  return sql<Row>`
    SELECT p.id, p.org_id, o.name AS organization_name, p.currency, p.amount_minor::text AS amount, p.priority, p.credit_days,
      p.reason, p.status, p.proposed_by, p.created_at, p.decided_by, p.decided_at, p.answer
    FROM credit_proposal p JOIN organization o ON o.id = p.org_id
    WHERE CASE WHEN ${where.id}::text IS NULL THEN (p.decided_at IS NULL) = ${where.open} ELSE p.id = ${where.id} END
    ORDER BY CASE WHEN ${where.open} THEN p.created_at END, p.decided_at DESC, p.id LIMIT ${MOST}`;
}

function answerOf(row: Row): Answer {
  const { currency, amount, created_at, decided_at, ...rest } = row;
  return {
    ...rest,
    amount: minorMoney(BigInt(amount), currency),
    created_at: created_at.toISOString(),
    decided_at: decided_at?.toISOString() ?? null,
  };
}

/** Proposals that wait, oldest first, or those that are decided, newest first. */
export const operatorCreditProposals: UseCase<'operatorCreditProposals'> = async (
  ctx,
  _operator,
  _meta,
  { query },
) => ({
  items: (await readAll(singleSql(ctx.ops), { open: query.status === 'open', id: null })).map(answerOf),
});

/** Proposes credit for an account. */
export const operatorProposeCredit: UseCase<'operatorProposeCredit'> = async (
  ctx,
  operator,
  meta,
  { params, body },
) => {
  const actor = await withinOrganization(ctx, operator, params.organization_id);
  return mutate<Answer>(ctx, actor, meta, 'credit_proposal.create', async (sql) => {
    const { orgId } = actor;
    const { currency } = await billedOrg(sql, orgId);
    const minor = amountMinor(body.amount, currency as Currency, '/body/amount');
    const id = mintId('creditProposal', meta.nowMs);
    await sql`
      INSERT INTO credit_proposal (id, org_id, currency, amount_minor, priority, credit_days, reason, proposed_by)
      VALUES (${id}, ${orgId}, ${currency}, ${minor}::bigint, ${body.priority}::int, ${body.credit_days}::int, ${body.reason},
        ${operator.actor})`;
    const [row] = await readAll(sql, { open: true, id });
    return { answer: answerOf(row!), resource: id, detail: { amount: answerOf(row!).amount, reason: body.reason } };
  });
};

/** Decides a proposal inside its organisation, where the audit row belongs, too. */
async function decide(
  ctx: AppContext,
  operator: Operator,
  meta: CallMeta,
  id: string,
  verb: 'approve' | 'deny',
  change: (sql: Sql, row: Row) => Promise<void>,
): Promise<Answer> {
  const [found] = await readAll(singleSql(ctx.ops), { open: true, id });
  if (!found) throw notFound();
  const actor = { orgId: found.org_id, actor: operator.actor, authMethod: 'session' as const };
  return mutate<Answer>(ctx, actor, meta, `credit_proposal.${verb}`, async (sql) => {
    await sql`SELECT id FROM credit_proposal WHERE org_id = ${found.org_id} AND id = ${id} FOR UPDATE`;
    const [row] = await readAll(sql, { open: true, id });
    if (row!.status !== 'pending') {
      throw new ProblemError('conflict', 'This proposal has been decided.', { members: { state: row!.status } });
    }
    await change(sql, row!);
    const [after] = await readAll(sql, { open: false, id });
    const { amount, reason, answer } = answerOf(after!);
    return { answer: answerOf(after!), resource: id, detail: { amount, reason, answer } };
  });
}

/** Grants what a colleague has proposed, effective at once. */
export const operatorApproveCredit: UseCase<'operatorApproveCredit'> = (ctx, operator, meta, { params }) =>
  decide(ctx, operator, meta, params.credit_proposal_id, 'approve', async (sql, row) => {
    requireSecondOperator(
      row.proposed_by,
      operator.actor,
      'Credit of this size takes two operators, and you proposed it.',
    );
    const { nowS } = await billedOrg(sql, row.org_id);
    const expiresS = row.credit_days === null ? null : nowS + row.credit_days * DAY_S;
    const span = { effectiveS: nowS, expiresS, grantedS: nowS };
    const { org_id: orgId, currency, priority, reason } = row;
    const grant = { orgId, currency, amountMinor: BigInt(row.amount), priority, reason, ...span };
    const grantId = await grantCredit(sql, { ...grant, grantedBy: operator.actor }, meta.nowMs);
    await sql`
      UPDATE credit_proposal SET status = 'approved', decided_by = ${operator.actor}, decided_at = now(), grant_id = ${grantId}
      WHERE org_id = ${orgId} AND id = ${row.id}`;
  });

/** Denies a proposal, or takes back one's own. */
export const operatorDenyCredit: UseCase<'operatorDenyCredit'> = (ctx, operator, meta, { params, body }) =>
  decide(ctx, operator, meta, params.credit_proposal_id, 'deny', async (sql, row) => {
    await sql`
      UPDATE credit_proposal SET status = 'denied', decided_by = ${operator.actor}, decided_at = now(), answer = ${body.reason}
      WHERE org_id = ${row.org_id} AND id = ${row.id}`;
  });
