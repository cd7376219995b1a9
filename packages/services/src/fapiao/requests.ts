import type { Sql } from '@suanxiang/db/sql';
import { withOrgSql } from '@suanxiang/db/tenant';
import { ProblemError } from '@suanxiang/domain/errors';
import { mintId } from '@suanxiang/domain/ids';
import { countRows } from '../access/count-rows';
import { listPage } from '../access/list-page';
import { mutate } from '../access/mutate';
import { notFound, unusable } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';
import { type FapiaoRow, fapiaoAnswer, readFapiao } from './rows';

interface Claim {
  status: string;
  currency: string;
  mode: string;
  country: string;
  /** Minor units that were paid and are on no fapiao, issued or asked for. */
  free: string;
  open: boolean;
}

/** What is left of an invoice for a fapiao; its row is locked, so that two requests cannot share one payment. */
async function claimOf(sql: Sql, orgId: string, invoiceId: string): Promise<Claim> {
  await sql`SELECT id FROM invoice WHERE org_id = ${orgId} AND id = ${invoiceId} FOR UPDATE`;
  const [found] = await sql<Claim & Record<string, unknown>>`
    SELECT i.status, i.currency, o.mode, o.country,
      (i.paid_minor - coalesce(sum(f.amount_minor) FILTER (WHERE f.status <> 'rejected'), 0))::text AS free,
      coalesce(bool_or(f.status = 'requested'), false) AS open
    FROM invoice i JOIN organization o ON o.id = i.org_id
    LEFT JOIN fapiao_request f ON f.org_id = i.org_id AND f.invoice_id = i.id
    WHERE i.org_id = ${orgId} AND i.id = ${invoiceId} GROUP BY i.id, o.id`;
  if (!found) throw notFound();
  return found;
}

function requireClaim({ status, currency, mode, country, free, open }: Claim): bigint {
  const refuse = (code: string, detail: string) => unusable([{ pointer: '/path/invoice_id', code, detail }]);
  if (mode !== 'live') throw refuse('sandbox', 'A sandbox is not billed for real, so there is no fapiao for it.');
  if (currency !== 'CNY' || country !== 'CN') {
    throw refuse('not_chinese', 'A fapiao is issued over invoices in CNY to companies in China.');
  }
  if (status !== 'final') throw new ProblemError('conflict', 'This invoice is void.');
  if (open)
    throw new ProblemError('conflict', 'A fapiao for this invoice has been asked for and waits for its answer.');
  if (BigInt(free) <= 0n) {
    throw new ProblemError('conflict', 'Nothing was paid on this invoice that is not on a fapiao already.', {
      suggestion: 'Pay the invoice first.',
    });
  }
  return BigInt(free);
}

/** Asks for a fapiao over what was paid. Throws `unprocessable` outside China, `conflict` where one is open or nothing is paid. */
export const createFapiaoRequest: UseCase<'createFapiaoRequest'> = (ctx, principal, meta, { params, body }) => {
  const { orgId } = principal;
  return mutate<AnswerOf<'createFapiaoRequest'>>(ctx, principal, meta, 'fapiao_request.create', async (sql) => {
    const minor = requireClaim(await claimOf(sql, orgId, params.invoice_id));
    const id = mintId('fapiaoRequest', meta.nowMs);
    await sql`
      INSERT INTO fapiao_request (id, org_id, invoice_id, amount_minor, kind, title, tax_id, address, phone, bank_name,
        bank_account, email, requested_by)
      VALUES (${id}, ${orgId}, ${params.invoice_id}, ${minor}::bigint, ${body.kind}, ${body.buyer_title}, ${body.tax_id},
        ${body.address}, ${body.phone}, ${body.bank_name}, ${body.bank_account}, ${body.email}, ${principal.actor})`;
    const answer = fapiaoAnswer(await requireFapiao(sql, orgId, id));
    return { answer, resource: id, detail: { invoice: params.invoice_id, amount: answer.amount, kind: body.kind } };
  });
};

/** One request of an organisation. Throws `not_found`. */
export async function requireFapiao(sql: Sql, orgId: string, id: string): Promise<FapiaoRow> {
  const [row] = await readFapiao(sql, { orgId, id, take: 1 });
  if (!row) throw notFound();
  return row;
}

/** One request. */
export const getFapiaoRequest: UseCase<'getFapiaoRequest'> = async (ctx, { orgId }, _meta, { params }) =>
  fapiaoAnswer(await withOrgSql(ctx.api, orgId, (sql) => requireFapiao(sql, orgId, params.fapiao_request_id)));

/** Requests, newest first; all, or those of one invoice. */
export const listFapiaoRequests: UseCase<'listFapiaoRequests'> = async (ctx, { orgId }, _meta, { query }) => {
  const { invoice_id: invoiceId } = query;
  const { rows, end } = await listPage<FapiaoRow>(ctx, {
    orgId,
    operationId: 'listFapiaoRequests',
    query,
    parts: 2,
    positionOf: (row) => [row.created_at.toISOString(), row.id],
    fetch: (after, take) => withOrgSql(ctx.api, orgId, (sql) => readFapiao(sql, { orgId, invoiceId, after, take })),
    count: (most) =>
      countRows(
        ctx.api,
        orgId,
        (sql) => sql<{ n: number }>`
          SELECT count(*)::int AS n FROM (SELECT 1 FROM fapiao_request WHERE org_id = ${orgId}
            AND (${invoiceId ?? null}::text IS NULL OR invoice_id = ${invoiceId ?? null}) LIMIT ${most}) counted`,
      ),
  });
  return { items: rows.map(fapiaoAnswer), ...end };
};
