import { singleSql } from '@suanxiang/db/tenant';
import { ProblemError } from '@suanxiang/domain/errors';
import { type Currency, minorToMicro } from '@suanxiang/domain/money';
import { creditable, issueCreditNote } from '@suanxiang/metering/invoices/credit-notes';
import { sellerOf } from '@suanxiang/metering/invoices/parties';
import { lockLedger, walletMicro } from '@suanxiang/metering/ledger/post-journal';
import { bookRefund } from '@suanxiang/metering/payments/online/apply-remote';
import { billedOrg } from '@suanxiang/metering/periods';
import { mutate } from '../access/mutate';
import { amountMinor } from '../billing/amount-text';
import { minorMoney } from '../money';
import { notFound, unusable } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';
import { withinOrganization } from './within-organization';

const tooMuch = (detail: string) => unusable([{ pointer: '/body/amount', code: 'range', detail }]);

/**
 * Gives part of an invoice back with a credit note: first of what is due on it, then to the balance. It corrects no line,
 * so that the next closing does not ask for it again.
 */
export const operatorCreditInvoice: UseCase<'operatorCreditInvoice'> = async (
  ctx,
  operator,
  meta,
  { params, body },
) => {
  const { invoice_id: invoiceId } = params;
  const [found] = await singleSql(ctx.ops)<{ org_id: string }>`SELECT org_id FROM invoice WHERE id = ${invoiceId}`;
  if (!found) throw notFound();
  const actor = await withinOrganization(ctx, operator, found.org_id);
  return mutate<AnswerOf<'operatorCreditInvoice'>>(ctx, actor, meta, 'invoice.credit', async (sql) => {
    const { orgId } = actor;
    await lockLedger(sql, orgId);
    const org = await billedOrg(sql, orgId);
    const [invoice] = await sql<{ number: string; currency: Currency; time_zone: string }>`
      SELECT number, currency, time_zone FROM invoice WHERE org_id = ${orgId} AND id = ${invoiceId}`;
    const { number, currency, time_zone: timeZone } = invoice!;
    const minor = amountMinor(body.amount, currency, '/body/amount');
    const seller = await sellerOf(sql, { mode: org.mode, currency });
    const left = await creditable(sql, orgId, invoiceId);
    if (left === null) throw new ProblemError('conflict', 'This invoice is void: nothing of it is left to give back.');
    if (minor > left) throw tooMuch(`At most ${minorMoney(left, currency).amount} ${currency} is left to give back.`);
    const context = { orgId, currency, timeZone, seller, runId: null, issuedS: org.nowS };
    const reductions = [{ key: `goodwill:${meta.requestId}`, amountMinor: minor, line: null }];
    const given = { invoice: { invoiceId, number }, reductions, record: '', reason: body.reason };
    const noteNumber = (await issueCreditNote(sql, context, given, meta.nowMs))!;
    const [note] = await sql<Record<'id' | 'total' | 'settled', string>>`
      SELECT id, total_minor::text AS total, settled_minor::text AS settled FROM credit_note
      WHERE org_id = ${orgId} AND number = ${noteNumber}`;
    const [total, settled] = [BigInt(note!.total), BigInt(note!.settled)];
    const answer = {
      id: note!.id,
      number: noteNumber,
      invoice_id: invoiceId,
      total: minorMoney(total, currency),
      settled: minorMoney(settled, currency),
      to_balance: minorMoney(total - settled, currency),
    };
    return { answer, resource: invoiceId, detail: { note: noteNumber, total: answer.total, reason: body.reason } };
  });
};

/**
 * Books what was sent back of a payment by bank. What is paid online goes back at the provider, who tells it here. No more
 * than the balance: money that has been used is not there to be sent.
 */
export const operatorRefundPayment: UseCase<'operatorRefundPayment'> = async (
  ctx,
  operator,
  meta,
  { params, body },
) => {
  const { payment_id: id } = params;
  const [found] = await singleSql(ctx.ops)<{ org_id: string }>`SELECT org_id FROM payment WHERE id = ${id}`;
  if (!found) throw notFound();
  const actor = await withinOrganization(ctx, operator, found.org_id);
  return mutate<AnswerOf<'operatorRefundPayment'>>(ctx, actor, meta, 'payment.refund', async (sql) => {
    const { orgId } = actor;
    await lockLedger(sql, orgId);
    const [payment] = await sql<{ status: string; provider: string; currency: Currency; left: string }>`
      SELECT status, provider, currency, (amount_minor - refunded_minor)::text AS left FROM payment
      WHERE org_id = ${orgId} AND id = ${id} FOR UPDATE`;
    const { status, provider, currency } = payment!;
    if (status !== 'succeeded') {
      throw new ProblemError('conflict', `This payment is ${status}: there is nothing to send back.`);
    }
    if (provider === 'stripe') {
      throw new ProblemError('conflict', 'What was paid online is refunded at the payment provider.', {
        suggestion: 'Refund it there; it is booked here as soon as the provider tells.',
      });
    }
    const minor = amountMinor(body.amount, currency, '/body/amount');
    const shown = (of: bigint) => `${minorMoney(of, currency).amount} ${currency}`;
    if (minor > BigInt(payment!.left)) throw tooMuch(`At most ${shown(BigInt(payment!.left))} of it is left.`);
    if (minorToMicro(minor, currency) > (await walletMicro(sql, orgId, currency, true))) {
      throw tooMuch('The balance is lower than that: what has been used cannot be sent back.');
    }
    await bookRefund(sql, id, minor, meta.nowMs);
    const [after] = await sql<{ amount: string; refunded: string }>`
      SELECT amount_minor::text AS amount, refunded_minor::text AS refunded FROM payment WHERE org_id = ${orgId} AND id = ${id}`;
    const answer = {
      id,
      org_id: orgId,
      amount: minorMoney(BigInt(after!.amount), currency),
      refunded: minorMoney(BigInt(after!.refunded), currency),
    };
    const detail = { sent: minorMoney(minor, currency), refunded: answer.refunded, reason: body.reason };
    return { answer, resource: id, detail };
  });
};
