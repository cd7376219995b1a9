import { beginAttempt, endAttempt } from '@suanxiang/db/audit-attempt';
import type { Db } from '@suanxiang/db/client';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import type { Currency } from '@suanxiang/domain/money';
import { digestOf } from '../../rating/canonical';
import { applyPaymentReport } from '../apply-state';
import { chargeable } from '../stripe/amounts';
import { applyRemote, CHARGE } from './apply-remote';
import { customerOf } from './customer';
import { type ChargeRequest, type OnlineProvider, ProviderRefusal, ProviderUnavailable } from './provider';

/** How long the provider remembers a key. After that a request is never repeated blindly. */
const KEY_LIFE_MS = 24 * 3600 * 1000;
const CLOCK_SLACK_S = 600;

interface Outgoing {
  id: string;
  org_id: string;
  name: string;
  currency: Currency;
  amount: string;
  purpose: string;
  method: ChargeRequest['method'] | null;
  saved: string | null;
  return_url: string | null;
  asked_ms: string | null;
}

/** Payments that are to be asked for and of which nothing is known yet; automatic ones use the default card. */
async function outgoing(db: Db): Promise<Outgoing[]> {
  return singleSql(db)<Outgoing>`
    SELECT p.id, p.org_id, o.name, p.currency, p.amount_minor::text AS amount, p.purpose, p.method, m.provider_ref AS saved,
      p.return_url, floor(extract(epoch FROM p.asked_at) * 1000)::text AS asked_ms
    FROM payment p JOIN organization o ON o.id = p.org_id
    LEFT JOIN payment_method m ON m.org_id = p.org_id AND m.status = 'active'
      AND (m.id = p.payment_method_id OR (p.purpose = 'auto_top_up' AND m.is_default))
    WHERE p.provider = 'stripe' AND p.status = 'pending' AND p.provider_ref IS NULL ORDER BY p.created_at LIMIT 100`;
}

function requestOf(payment: Outgoing, customer: string): ChargeRequest {
  return {
    paymentId: payment.id,
    orgId: payment.org_id,
    customer,
    amountMinor: chargeable(BigInt(payment.amount), payment.currency),
    currency: payment.currency,
    method: payment.method ?? 'card',
    savedMethod: payment.saved,
    offSession: payment.purpose === 'auto_top_up',
    returnUrl: payment.return_url,
  };
}

/**
 * Commits that a payment is about to be asked for, with the digest of what is asked, and an attempt for the audit log, before the
 * call is made. False when
 * another worker is at it, or it has been asked for something else before.
 */
async function commitAttempt(db: Db, request: ChargeRequest, nowMs: number): Promise<boolean> {
  const digest = digestOf(request);
  return withSql(db, async (sql) => {
    const rows = await sql`
    UPDATE payment SET asked_at = coalesce(asked_at, to_timestamp(${nowMs}::float8 / 1000)), request_digest = ${digest}
    WHERE id = ${request.paymentId} AND status = 'pending' AND provider_ref IS NULL
      AND (request_digest IS NULL OR request_digest = ${digest}) RETURNING id`;
    if (rows.length === 0) return false;
    const { orgId, paymentId: resource } = request;
    await beginAttempt(sql, { orgId, actor: 'system:payments', action: CHARGE, resource });
    return true;
  });
}

async function fail(db: Db, paymentId: string, failure: string, nowMs: number): Promise<void> {
  await withSql(db, async (sql) => {
    await applyPaymentReport(sql, paymentId, { status: 'failed', failure }, nowMs);
    await endAttempt(sql, { action: CHARGE, resource: paymentId }, { result: 'denied', detail: { failure } }, nowMs);
  });
}

/** Asks once more with the same key; after its life, looks whether the provider has the payment, and decides by that. */
async function ask(
  db: Db,
  provider: OnlineProvider,
  request: ChargeRequest,
  askedMs: number,
  nowMs: number,
): Promise<void> {
  const { paymentId } = request;
  if (nowMs - askedMs < KEY_LIFE_MS) {
    const remote = await provider.charge(request, `pay:${paymentId}`);
    await withSql(db, (sql) => applyRemote(sql, paymentId, remote, nowMs));
    return;
  }
  const remote = await provider.findPayment(paymentId, Math.floor(askedMs / 1000) - CLOCK_SLACK_S);
  if (remote) await withSql(db, (sql) => applyRemote(sql, paymentId, remote, nowMs));
  else await fail(db, paymentId, 'never_arrived', nowMs);
}

async function send(db: Db, provider: OnlineProvider, payment: Outgoing, nowMs: number): Promise<void> {
  const needsCard = (payment.method ?? 'card') === 'card';
  if (needsCard && !payment.saved) return fail(db, payment.id, 'no_saved_card', nowMs);
  const customer = await customerOf(db, provider, { orgId: payment.org_id, name: payment.name });
  const request = requestOf(payment, customer);
  if (!(await commitAttempt(db, request, nowMs))) return;
  await ask(db, provider, request, payment.asked_ms === null ? nowMs : Number(payment.asked_ms), nowMs);
}

export interface SendRound {
  sent: number;
  /** The provider could not be asked; they are asked again with the same key. */
  waiting: number;
}

/**
 * Sends every payment that waits for it. Safe to run in any number of workers and to be killed anywhere: the attempt is
 * committed with its key before the call, and the same key does nothing twice.
 */
export async function sendPayments(db: Db, provider: OnlineProvider, nowMs: number): Promise<SendRound> {
  const round: SendRound = { sent: 0, waiting: 0 };
  for (const payment of await outgoing(db)) {
    try {
      await send(db, provider, payment, nowMs);
      round.sent += 1;
    } catch (error) {
      if (error instanceof ProviderUnavailable) round.waiting += 1;
      else if (error instanceof ProviderRefusal) await fail(db, payment.id, error.code, nowMs);
      else throw error;
    }
  }
  return round;
}
