import type { Sql } from '@suanxiang/db/sql';
import { withOrgSql } from '@suanxiang/db/tenant';
import { ProblemError } from '@suanxiang/domain/errors';
import { mintId } from '@suanxiang/domain/ids';
import type { Currency } from '@suanxiang/domain/money';
import { findPayment, type Payment } from '@suanxiang/metering/payments/confirm';
import type { OnlineMethod } from '@suanxiang/metering/payments/online/provider';
import {
  type OnlineRequest,
  type RequestRefusal,
  requestOnlinePayment,
} from '@suanxiang/metering/payments/online/request';
import { mutate } from '../access/mutate';
import type { AppContext } from '../context';
import { invalid, notFound } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';
import { paymentAnswer } from './payment-answer';

interface Wanted {
  orgId: string;
  currency: Currency;
  method: OnlineMethod;
  payment_method_id?: string | undefined;
  return_url?: string | undefined;
  what: OnlineRequest['what'];
}

async function requireOnline(ctx: AppContext, sql: Sql, orgId: string): Promise<void> {
  const [org] = await sql<{ mode: string }>`SELECT mode FROM organization WHERE id = ${orgId}`;
  if (ctx.onlinePayments && org?.mode === 'sandbox') {
    throw new ProblemError('conflict', 'A sandbox takes no real money.', {
      suggestion: 'Top up with play money: leave out method.',
    });
  }
  if (ctx.onlinePayments) return;
  throw new ProblemError('conflict', 'This installation takes no online payments.', {
    suggestion: 'Top up by bank transfer: leave out method.',
  });
}

function refuse(why: RequestRefusal): never {
  if (why === 'no_saved_card') {
    throw invalid('/body/payment_method_id', 'There is no such saved card; save one first.', 'unknown');
  }
  if (why === 'below_minimum') throw invalid('/body/amount', 'Is less than can be paid online.', 'range');
  const texts = {
    under_way: 'A payment of this invoice is under way.',
    nothing_due: 'Nothing is due on this invoice.',
  };
  throw new ProblemError('conflict', texts[why]);
}

/** Refuses a saved method that is not this organisation's, even where none is needed. Throws `invalid_request`. */
export async function requireOwnMethod(sql: Sql, orgId: string, id: string | undefined): Promise<void> {
  if (id === undefined) return;
  const own = await sql`SELECT id FROM payment_method WHERE org_id = ${orgId} AND id = ${id} AND status = 'active'`;
  if (own.length === 0) refuse('no_saved_card');
}

/**
 * Writes an online payment inside the caller's mutation; a worker asks the provider a moment later, and the payment then
 * says where the customer has to go. Throws `conflict` and `invalid_request`.
 */
export async function beginOnline(ctx: AppContext, sql: Sql, wanted: Wanted, nowMs: number): Promise<Payment> {
  await requireOnline(ctx, sql, wanted.orgId);
  const { return_url: returnUrl, payment_method_id: paymentMethodId = null, ...rest } = wanted;
  if (returnUrl === undefined) throw invalid('/body/return_url', 'Is needed for online payments.', 'required');
  const { payment, refused } = await requestOnlinePayment(sql, { ...rest, paymentMethodId, returnUrl }, nowMs);
  return payment ?? refuse(refused);
}

/** Pays what is due on an invoice. */
export const payInvoice: UseCase<'payInvoice'> = (ctx, principal, meta, { params, body }) =>
  mutate(ctx, principal, meta, 'invoice.pay', async (sql) => {
    const { orgId } = principal;
    const { invoice_id: invoiceId } = params;
    const [invoice] = await sql<{ currency: Currency }>`
      SELECT currency FROM invoice WHERE org_id = ${orgId} AND id = ${invoiceId}`;
    if (!invoice) throw notFound();
    await requireOwnMethod(sql, orgId, body.payment_method_id);
    const wanted = { orgId, currency: invoice.currency, ...body, what: { invoiceId } };
    const answer = paymentAnswer(await beginOnline(ctx, sql, wanted, meta.nowMs));
    return { answer, resource: invoiceId, detail: { payment_id: answer.id, amount: answer.amount } };
  });

/** One payment as it stands. */
export const getPayment: UseCase<'getPayment'> = async (ctx, { orgId }, _meta, { params }) => {
  const found = await withOrgSql(ctx.api, orgId, (sql) => findPayment(sql, params.payment_id));
  if (found?.orgId !== orgId) throw notFound();
  return paymentAnswer(found);
};

type Method = AnswerOf<'addPaymentMethod'>;

async function readMethods(sql: Sql, orgId: string, id: string | null = null): Promise<Method[]> {
  const rows = await sql<Omit<Method, 'created_at'> & { created_at: Date }>`
    SELECT id, status, brand, last4, exp_month, exp_year, is_default, setup_url AS redirect_url, created_at FROM payment_method
    WHERE org_id = ${orgId} AND (id = ${id} OR (${id}::text IS NULL AND status IN ('active', 'requires_action', 'pending')))
    ORDER BY created_at DESC LIMIT 50`;
  return rows.map((row) => ({ ...row, created_at: row.created_at.toISOString() }));
}

/** Saved cards and those that are being saved, newest first; whether there are online payments at all. */
export const listPaymentMethods: UseCase<'listPaymentMethods'> = async (ctx, { orgId }) => ({
  items: await withOrgSql(ctx.api, orgId, (sql) => readMethods(sql, orgId)),
  online: ctx.onlinePayments,
});

/** Begins to save a card; a worker asks for the page a moment later. */
export const addPaymentMethod: UseCase<'addPaymentMethod'> = (ctx, principal, meta, { body }) =>
  mutate(ctx, principal, meta, 'payment_method.add', async (sql) => {
    await requireOnline(ctx, sql, principal.orgId);
    const id = mintId('paymentMethod', meta.nowMs);
    await sql`
      INSERT INTO payment_method (id, org_id, provider, status, return_url)
      VALUES (${id}, ${principal.orgId}, 'stripe', 'pending', ${body.return_url})`;
    const [answer] = await readMethods(sql, principal.orgId, id);
    return { answer: answer!, resource: id };
  });

/** Forgets a saved card; a worker tells the provider. */
export const removePaymentMethod: UseCase<'removePaymentMethod'> = (ctx, principal, meta, { params }) =>
  mutate<undefined>(ctx, principal, meta, 'payment_method.remove', async (sql) => {
    const gone = await sql`
      UPDATE payment_method SET status = 'detached', is_default = false
      WHERE org_id = ${principal.orgId} AND id = ${params.payment_method_id} AND status <> 'detached' RETURNING id`;
    if (gone.length === 0) throw notFound();
    return { answer: undefined, resource: params.payment_method_id };
  });
