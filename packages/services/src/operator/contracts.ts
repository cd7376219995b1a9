import type { updateContractBody } from '@suanxiang/contract/schemas/contracts';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql } from '@suanxiang/db/tenant';
import { monthBounds } from '@suanxiang/domain/calendar';
import { ProblemError } from '@suanxiang/domain/errors';
import { mintId } from '@suanxiang/domain/ids';
import type { Currency } from '@suanxiang/domain/money';
import { billedOrg } from '@suanxiang/metering/periods';
import { contractDigest, toContractPrice, toStoredPrice } from '@suanxiang/metering/prices/contracts';
import { previewContract } from '@suanxiang/metering/prices/preview-contract';
import type { ContractPrice } from '@suanxiang/metering/rating/contract';
import type { z } from 'zod';
import { mutate } from '../access/mutate';
import type { CallMeta, Operator } from '../access/principal';
import { amountMinor } from '../billing/amount-text';
import type { AppContext } from '../context';
import { invalid, notFound } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';
import { type ContractRow, contractAnswers, readContracts, toContract } from './contract-answer';
import { readMonths, readPrices } from './contract-rules';
import { effectAnswer, previewedMonth, skuEffect } from './price-effect';
import { soldSkus } from './sold-skus';
import { requireDraft, requireSecondOperator } from './two-operators';
import { withinOrganization } from './within-organization';

type Answer = AnswerOf<'operatorContract'>;
type Change = z.output<typeof updateContractBody>;

const secondsOf = (nowMs: number) => Math.floor(nowMs / 1000);

async function requireContract(sql: Sql, id: string): Promise<ContractRow> {
  const [row] = await readContracts(sql, { id });
  if (!row) throw notFound();
  return row;
}

const answerOf = async (sql: Sql, id: string, nowMs: number): Promise<Answer> =>
  (await contractAnswers(sql, [await requireContract(sql, id)], secondsOf(nowMs)))[0]!;

/** Contracts of all organisations or one, newest first. */
export const operatorContracts: UseCase<'operatorContracts'> = async (ctx, _operator, meta, { query }) => {
  const sql = singleSql(ctx.ops);
  const { organization_id: orgId } = query;
  const rows = await readContracts(sql, orgId === undefined ? {} : { orgId });
  return { items: await contractAnswers(sql, rows, secondsOf(meta.nowMs)) };
};

/** One contract. */
export const operatorContract: UseCase<'operatorContract'> = (ctx, _operator, meta, { params }) =>
  answerOf(singleSql(ctx.ops), params.contract_id, meta.nowMs);

/** Everything that a draft says. */
interface Draft {
  name: string;
  note: string;
  fromMonth: string;
  untilMonth: string | null;
  commitmentMinor: bigint | null;
  prices: ContractPrice[];
}

async function writeDraft(
  sql: Sql,
  key: { id: string; orgId: string; createdBy: string },
  draft: Draft,
): Promise<void> {
  const org = await billedOrg(sql, key.orgId);
  const { fromS, toS } = readMonths(org, draft.fromMonth, draft.untilMonth);
  const { name, note, commitmentMinor, prices } = draft;
  const digest = contractDigest({ id: key.id, fromS, commitmentMinor, prices });
  const stored = { prices: prices.map(toStoredPrice) };
  await sql`
    INSERT INTO contract (id, org_id, name, note, currency, from_month, until_month, from_s, to_s, commitment_minor, prices,
      digest, created_by)
    VALUES (${key.id}, ${key.orgId}, ${name}, ${note}, ${org.currency}, ${draft.fromMonth}, ${draft.untilMonth}::text,
      ${fromS}::bigint, ${toS}::bigint, ${commitmentMinor}::bigint, (${stored}::jsonb)->'prices', ${digest}, ${key.createdBy})
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, note = excluded.note, from_month = excluded.from_month,
      until_month = excluded.until_month, from_s = excluded.from_s, to_s = excluded.to_s,
      commitment_minor = excluded.commitment_minor, prices = excluded.prices, digest = excluded.digest, status = 'draft',
      first_approved_by = NULL, first_approved_at = NULL, updated_at = now()`;
}

const commitmentOf = (text: string | null, currency: string) =>
  text === null ? null : amountMinor(text, currency as Currency, '/body/commitment');

/** Drafts terms for an organisation. */
export const operatorCreateContract: UseCase<'operatorCreateContract'> = async (
  ctx,
  operator,
  meta,
  { params, body },
) => {
  const actor = await withinOrganization(ctx, operator, params.organization_id);
  return mutate<Answer>(ctx, actor, meta, 'contract.create', async (sql) => {
    const { orgId } = actor;
    const id = mintId('contract', meta.nowMs);
    const { currency } = await billedOrg(sql, orgId);
    await writeDraft(
      sql,
      { id, orgId, createdBy: operator.actor },
      {
        name: body.name,
        note: body.note,
        fromMonth: body.from_month,
        untilMonth: body.until_month,
        commitmentMinor: commitmentOf(body.commitment, currency),
        prices: readPrices(body.prices, await soldSkus(sql)),
      },
    );
    return { answer: await answerOf(sql, id, meta.nowMs), resource: id, detail: { name: body.name } };
  });
};

/** Changes a contract that may still change, inside its organisation, where the audit row belongs, too. */
async function onOpen<T>(
  ctx: AppContext,
  operator: Operator,
  meta: CallMeta,
  id: string,
  verb: string,
  change: (sql: Sql, row: ContractRow) => Promise<{ answer: T; detail?: Record<string, string> }>,
): Promise<T> {
  const { org_id: orgId } = await requireContract(singleSql(ctx.ops), id);
  const actor = { orgId, actor: operator.actor, authMethod: 'session' as const };
  return mutate<T>(ctx, actor, meta, `contract.${verb}`, async (sql) => {
    await sql`SELECT id FROM contract WHERE org_id = ${orgId} AND id = ${id} FOR UPDATE`;
    const row = await requireContract(sql, id);
    requireDraft(row, `These terms are ${row.status} and do not change any more.`, 'Draft other ones.');
    const { answer, detail } = await change(sql, row);
    return { answer, resource: id, detail: { name: row.name, digest: row.digest, ...detail } };
  });
}

function changed(row: ContractRow, body: Change, prices: ContractPrice[]): Draft {
  const { commitment } = body;
  const kept = row.commitment === null ? null : BigInt(row.commitment);
  return {
    name: body.name ?? row.name,
    note: body.note ?? row.note,
    fromMonth: body.from_month ?? row.from_month,
    untilMonth: body.until_month === undefined ? row.until_month : body.until_month,
    commitmentMinor: commitment === undefined ? kept : commitmentOf(commitment, row.currency),
    prices,
  };
}

/** Changes a draft. An agreement was to what it said before, so it lapses. */
export const operatorUpdateContract: UseCase<'operatorUpdateContract'> = (ctx, operator, meta, { params, body }) => {
  if (Object.keys(body).length === 0) throw invalid('/body', 'Send at least one field to change.', 'empty');
  return onOpen<Answer>(ctx, operator, meta, params.contract_id, 'update', async (sql, row) => {
    const prices = body.prices ? readPrices(body.prices, await soldSkus(sql)) : row.prices.map(toContractPrice);
    await writeDraft(sql, { id: row.id, orgId: row.org_id, createdBy: row.created_by }, changed(row, body, prices));
    return { answer: await answerOf(sql, row.id, meta.nowMs) };
  });
};

/** Discards a draft; it stays in the list. */
export const operatorDiscardContract: UseCase<'operatorDiscardContract'> = (ctx, operator, meta, { params }) =>
  onOpen<undefined>(ctx, operator, meta, params.contract_id, 'discard', async (sql, row) => {
    await sql`
      UPDATE contract SET status = 'discarded', updated_at = now() WHERE org_id = ${row.org_id} AND id = ${row.id}`;
    return { answer: undefined };
  });

/** Ends terms without an end where these begin. Throws `conflict` when others reach into their months all the same. */
async function makeRoom(sql: Sql, row: ContractRow): Promise<void> {
  await sql`
    UPDATE contract SET to_s = ${row.from_s}::bigint, until_month = ${row.from_month}, updated_at = now()
    WHERE org_id = ${row.org_id} AND status = 'published' AND to_s IS NULL AND from_s < ${row.from_s}::bigint`;
  const [other] = await sql<{ name: string }>`
    SELECT name FROM contract WHERE org_id = ${row.org_id} AND status = 'published'
      AND int8range(from_s, to_s) && int8range(${row.from_s}::bigint, ${row.to_s}::bigint) LIMIT 1`;
  if (!other) return;
  throw new ProblemError('conflict', `The terms "${other.name}" are in force in some of these months.`, {
    suggestion: 'Choose months that no other terms hold.',
    members: { reason: 'overlap' },
  });
}

/** The first operator agrees, another one publishes. */
export const operatorApproveContract: UseCase<'operatorApproveContract'> = (ctx, operator, meta, { params }) =>
  onOpen<Answer>(ctx, operator, meta, params.contract_id, 'approve', async (sql, row) => {
    const { id, org_id: orgId } = row;
    readMonths(await billedOrg(sql, orgId), row.from_month, row.until_month);
    if (row.status === 'draft') {
      await sql`
        UPDATE contract SET status = 'awaiting_second', first_approved_by = ${operator.actor}, first_approved_at = now(),
          updated_at = now() WHERE org_id = ${orgId} AND id = ${id}`;
      return { answer: await answerOf(sql, id, meta.nowMs), detail: { awaits: 'second_operator' } };
    }
    const takesTwo = 'Publishing terms takes two operators, and you were the first.';
    requireSecondOperator(row.first_approved_by, operator.actor, takesTwo, 'Let a colleague approve them.');
    await makeRoom(sql, row);
    await sql`
      UPDATE contract SET status = 'published', published_by = ${operator.actor}, published_at = now(), updated_at = now()
      WHERE org_id = ${orgId} AND id = ${id}`;
    return { answer: await answerOf(sql, id, meta.nowMs) };
  });

/** What a month's real usage would have cost under a contract. */
export const operatorPreviewContract: UseCase<'operatorPreviewContract'> = async (
  ctx,
  _operator,
  _meta,
  { params, query },
) => {
  const sql = singleSql(ctx.ops);
  const row = await requireContract(sql, params.contract_id);
  const org = await billedOrg(sql, row.org_id);
  const month = previewedMonth(query.month, org.nowS, org.timeZone);
  const effects = await previewContract(sql, org, toContract(row), monthBounds(month, org.timeZone), org.nowS);
  const { currency } = org;
  const sum = (side: 'beforeMinor' | 'afterMinor') => effects.reduce((total, one) => total + one[side], 0n);
  return {
    month,
    ...effectAnswer({ currency, beforeMinor: sum('beforeMinor'), afterMinor: sum('afterMinor') }),
    by_sku: effects.map((one) => skuEffect({ ...one, currency })),
  };
};
