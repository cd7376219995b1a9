import { endAttempt } from '@suanxiang/db/audit-attempt';
import type { Sql } from '@suanxiang/db/sql';
import { type Currency, minorToMicro } from '@suanxiang/domain/money';
import { lockLedger, postJournal } from '../../ledger/post-journal';
import { applyPaymentReport } from '../apply-state';
import type { RemoteDispute, RemotePayment } from './provider';

/** What the audit log calls asking the provider for money. */
export const CHARGE = 'payment.charge';

interface Settled {
  org_id: string;
  currency: Currency;
  amount: string;
  refunded: string;
  reference: string;
  now_s: string;
}

async function settledPayment(sql: Sql, paymentId: string, nowMs: number): Promise<Settled | null> {
  const [row] = await sql<Settled>`
    SELECT p.org_id, p.currency, p.amount_minor::text AS amount, p.refunded_minor::text AS refunded, p.reference,
      (floor(${nowMs}::float8 / 1000)::bigint + o.clock_offset_s)::text AS now_s
    FROM payment p JOIN organization o ON o.id = p.org_id WHERE p.id = ${paymentId} AND p.status = 'succeeded'
    FOR UPDATE OF p`;
  return row ?? null;
}

/** Money that left again, or (below 0) came back: out of the wallet and out of the cash. The wallet may fall below 0. */
async function takeBack(
  sql: Sql,
  payment: Settled,
  move: { key: string; minor: bigint },
  nowMs: number,
): Promise<void> {
  const { org_id: orgId, currency, reference: memo } = payment;
  const micro = minorToMicro(move.minor, currency);
  const entries = [
    { account: 'wallet' as const, currency, micro },
    { account: 'cash' as const, currency, micro: -micro },
  ];
  const head = { orgId, idemKey: move.key, kind: 'refund' as const, memo, bookedS: Number(payment.now_s) };
  await postJournal(sql, { ...head, entries }, nowMs);
}

/** Books what was refunded since the last look; the total named in the key makes each step happen once. */
async function applyRefunds(sql: Sql, paymentId: string, refundedMinor: bigint, nowMs: number): Promise<void> {
  const payment = await settledPayment(sql, paymentId, nowMs);
  if (!payment) return;
  const total = refundedMinor < BigInt(payment.amount) ? refundedMinor : BigInt(payment.amount);
  const more = total - BigInt(payment.refunded);
  if (more <= 0n) return;
  await sql`UPDATE payment SET refunded_minor = ${total}::bigint WHERE id = ${paymentId}`;
  await takeBack(sql, payment, { key: `refund:${paymentId}:${total}`, minor: more }, nowMs);
}

/** Books what an operator sent back of a settled payment by hand, beside what went back before. */
export async function bookRefund(sql: Sql, paymentId: string, minor: bigint, nowMs: number): Promise<void> {
  const payment = await settledPayment(sql, paymentId, nowMs);
  if (payment) await applyRefunds(sql, paymentId, BigInt(payment.refunded) + minor, nowMs);
}

/**
 * What a payment that was charged more than it was asked for (see chargeable) adds to the balance: the customer paid it, so it
 * is the customer's.
 */
async function applySurplus(sql: Sql, paymentId: string, remote: RemotePayment, nowMs: number): Promise<void> {
  const payment = await settledPayment(sql, paymentId, nowMs);
  if (!payment || payment.currency !== remote.currency) return;
  const surplus = remote.amountMinor - BigInt(payment.amount);
  if (surplus > 0n) await takeBack(sql, payment, { key: `surplus:${paymentId}`, minor: -surplus }, nowMs);
}

/**
 * Applies what the provider says of a payment, in the caller's transaction (role app_worker): its state only moves on, its
 * money and every refund are booked once. Reports may come in any order and any number. A payment in another currency
 * than ours is refused.
 */
export async function applyRemote(sql: Sql, paymentId: string, remote: RemotePayment, nowMs: number): Promise<void> {
  const [payment] = await sql<{ org_id: string; currency: string }>`
    SELECT org_id, currency FROM payment WHERE id = ${paymentId} AND provider = 'stripe'`;
  if (!payment) return;
  if (payment.currency !== remote.currency) throw new RangeError(`payment ${paymentId} came in ${remote.currency}`);
  await lockLedger(sql, payment.org_id);
  const nextAction = remote.redirectUrl === null ? null : { redirect_url: remote.redirectUrl };
  const { status, failure, method, ref: providerRef } = remote;
  await applyPaymentReport(sql, paymentId, { status, failure, nextAction, providerRef, method }, nowMs);
  await applySurplus(sql, paymentId, remote, nowMs);
  await applyRefunds(sql, paymentId, remote.refundedMinor, nowMs);
  await endAttempt(sql, { action: CHARGE, resource: paymentId }, { result: 'success', detail: { status } }, nowMs);
}

/** Applies a dispute: its money is gone from when it opens, and back when it is won; each once. */
export async function applyDispute(sql: Sql, dispute: RemoteDispute, nowMs: number): Promise<void> {
  const [found] = await sql<{ id: string; org_id: string }>`
    SELECT id, org_id FROM payment WHERE provider_ref = ${dispute.paymentRef}`;
  if (!found || !dispute.takesMoney) return;
  await lockLedger(sql, found.org_id);
  const payment = await settledPayment(sql, found.id, nowMs);
  if (!payment) return;
  const { ref, amountMinor, status } = dispute;
  await sql`
    UPDATE payment SET dispute_status = ${status}, disputed_minor = ${amountMinor}::bigint
    WHERE id = ${found.id} AND (dispute_status IS NULL OR dispute_status = 'open' OR ${status} <> 'open')`;
  await takeBack(sql, payment, { key: `dispute:${ref}`, minor: amountMinor }, nowMs);
  if (status === 'won') await takeBack(sql, payment, { key: `dispute:${ref}:won`, minor: -amountMinor }, nowMs);
}
