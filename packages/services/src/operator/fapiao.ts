import type { operatorFapiaoRequest } from '@suanxiang/contract/schemas/fapiao';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql } from '@suanxiang/db/tenant';
import { ProblemError } from '@suanxiang/domain/errors';
import { csvText } from '@suanxiang/metering/exports/csv';
import type { z } from 'zod';
import { mutate } from '../access/mutate';
import type { CallMeta, Operator } from '../access/principal';
import type { AppContext } from '../context';
import { requireFapiao } from '../fapiao/requests';
import { type FapiaoRow, fapiaoAnswer, readFapiao } from '../fapiao/rows';
import { notFound } from '../problem';
import type { UseCase } from '../use-case';

type Answer = z.input<typeof operatorFapiaoRequest>;

const MOST = 500;

const answerOf = (row: FapiaoRow): Answer => {
  const { org_id, organization_name, decided_by } = row;
  return { ...fapiaoAnswer(row), org_id, organization_name, decided_by };
};

const listed = (ctx: AppContext, status: 'open' | 'decided') =>
  readFapiao(singleSql(ctx.ops), { orgId: null, open: status === 'open', take: MOST });

/** Requests that wait, oldest first, or those that are decided, newest first. */
export const operatorFapiaoRequests: UseCase<'operatorFapiaoRequests'> = async (ctx, _operator, _meta, { query }) => ({
  items: (await listed(ctx, query.status)).map(answerOf),
});

const HEAD = [
  'out_order_no',
  'kind',
  'title',
  'tax_number',
  'address',
  'telephone',
  'bank_name',
  'bank_account',
  'email',
  'total_with_tax',
  'currency',
  'invoice_number',
  'organization',
  'status',
  'fapiao_number',
  'reason',
] as const;

/** The same as CSV. The request's id is the order number, by which an issuing service takes each once. */
export const operatorExportFapiao: UseCase<'operatorExportFapiao'> = async (ctx, _operator, _meta, { query }) => {
  const rows = (await listed(ctx, query.status)).map(answerOf);
  const text = csvText(
    HEAD,
    rows.map((row) => [
      row.id,
      row.kind,
      row.buyer_title,
      row.tax_id,
      row.address,
      row.phone,
      row.bank_name,
      row.bank_account,
      row.email,
      { exact: row.amount.amount },
      row.amount.currency,
      row.invoice_number,
      row.organization_name,
      row.status,
      row.fapiao_number ?? '',
      row.reason ?? '',
    ]),
  );
  return { bytes: new TextEncoder().encode(text), fileName: `fapiao-requests-${query.status}.csv` };
};

/** Decides an open request inside its organisation, where the audit row belongs. The operator finds it with the operator's rights. */
async function decide(
  ctx: AppContext,
  operator: Operator,
  meta: CallMeta,
  id: string,
  action: string,
  change: (sql: Sql, row: FapiaoRow) => Promise<object>,
): Promise<Answer> {
  const [found] = await readFapiao(singleSql(ctx.ops), { orgId: null, id, take: 1 });
  if (!found) throw notFound();
  const { org_id: orgId } = found;
  const actor = { orgId, actor: operator.actor, authMethod: 'session' as const };
  return mutate<Answer>(ctx, actor, meta, action, async (sql) => {
    // The invoice first, as everywhere: what is paid on it must not change meanwhile.
    await sql`SELECT id FROM invoice WHERE org_id = ${orgId} AND id = ${found.invoice_id} FOR UPDATE`;
    const row = await requireFapiao(sql, orgId, id);
    if (row.status !== 'requested') {
      throw new ProblemError('conflict', 'This request has been decided.', { members: { state: row.status } });
    }
    const detail = await change(sql, row);
    return { answer: answerOf(await requireFapiao(sql, orgId, id)), resource: id, detail };
  });
}

/** Enters the number of the fapiao that was issued. Throws `conflict` where less is paid than it says, or the number is taken. */
export const operatorIssueFapiao: UseCase<'operatorIssueFapiao'> = (ctx, operator, meta, { params, body }) =>
  decide(ctx, operator, meta, params.fapiao_request_id, 'fapiao_request.issue', async (sql, row) => {
    const [paid] = await sql<{ enough: boolean }>`
      SELECT i.status = 'final' AND i.paid_minor >= coalesce(sum(f.amount_minor), 0) AS enough
      FROM invoice i LEFT JOIN fapiao_request f ON f.org_id = i.org_id AND f.invoice_id = i.id AND f.status <> 'rejected'
      WHERE i.org_id = ${row.org_id} AND i.id = ${row.invoice_id} GROUP BY i.id`;
    if (!paid?.enough) {
      throw new ProblemError('conflict', 'Less is paid on the invoice now than this fapiao would say.', {
        suggestion: 'Reject the request and let the customer ask anew.',
      });
    }
    // Numbers are unique over all organisations, which this transaction does not see: the index decides.
    await sql`
      UPDATE fapiao_request SET status = 'issued', number = ${body.fapiao_number}, decided_by = ${operator.actor},
        decided_at = now() WHERE org_id = ${row.org_id} AND id = ${row.id}`.catch((error: unknown) => {
      if ((error as { code?: string }).code !== '23505') throw error;
      throw new ProblemError('conflict', 'This number stands on another fapiao already.');
    });
    return { invoice: row.invoice_id, number: body.fapiao_number };
  });

/** Rejects a request, with a reason that the customer reads. */
export const operatorRejectFapiao: UseCase<'operatorRejectFapiao'> = (ctx, operator, meta, { params, body }) =>
  decide(ctx, operator, meta, params.fapiao_request_id, 'fapiao_request.reject', async (sql, row) => {
    await sql`
      UPDATE fapiao_request SET status = 'rejected', reason = ${body.reason}, decided_by = ${operator.actor},
        decided_at = now() WHERE org_id = ${row.org_id} AND id = ${row.id}`;
    return { invoice: row.invoice_id, reason: body.reason };
  });
