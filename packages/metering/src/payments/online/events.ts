import type { Db } from '@suanxiang/db/client';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import { applyDispute, applyRemote } from './apply-remote';
import { activateMethod } from './methods';
import { type OnlineProvider, ProviderRefusal, ProviderUnavailable } from './provider';

interface EventRow {
  id: string;
  type: string;
  object: { id?: string; payment_intent?: string | null; metadata?: Record<string, string> };
}

type Effect = (sql: Sql) => Promise<void>;
const nothing: Effect = async () => {};

/** Our payment behind the provider's: by what was sent along, else by the id that was kept. */
async function paymentIdOf(sql: Sql, remote: { ref: string; paymentId: string | null }): Promise<string | null> {
  const [row] = await sql<{ id: string }>`
    SELECT id FROM payment WHERE provider = 'stripe' AND (id = ${remote.paymentId ?? ''} OR provider_ref = ${remote.ref})`;
  return row?.id ?? null;
}

async function paymentEffect(provider: OnlineProvider, ref: string, nowMs: number): Promise<Effect> {
  const remote = await provider.fetchPayment(ref);
  return async (sql) => {
    const id = await paymentIdOf(sql, remote);
    if (id) await applyRemote(sql, id, remote, nowMs);
  };
}

async function setupEffect(db: Db, provider: OnlineProvider, methodId: string | undefined): Promise<Effect> {
  const [row] = await singleSql(db)<{ ref: string | null }>`
    SELECT setup_ref AS ref FROM payment_method WHERE id = ${methodId ?? ''}`;
  const saved = row?.ref ? await provider.fetchSetup(row.ref) : null;
  return saved && methodId ? (sql) => activateMethod(sql, methodId, saved) : nothing;
}

/**
 * What an event leads to. It says only that something happened: how things stand is asked of the provider now, so that late,
 * repeated and reordered events cannot matter.
 */
function effectOf(db: Db, provider: OnlineProvider, event: EventRow, nowMs: number): Promise<Effect> {
  const { type, object } = event;
  if (type.startsWith('payment_intent.') && object.id) return paymentEffect(provider, object.id, nowMs);
  if ((type.startsWith('charge.refund') || type.startsWith('refund.')) && object.payment_intent) {
    return paymentEffect(provider, object.payment_intent, nowMs);
  }
  if (type.startsWith('charge.dispute.') && object.id) {
    return provider.fetchDispute(object.id).then((dispute) => (sql) => applyDispute(sql, dispute, nowMs));
  }
  if (type === 'setup_intent.succeeded') return setupEffect(db, provider, object.metadata?.method_id);
  return Promise.resolve(nothing);
}

/**
 * Works through the events that were noted: for each, asks the provider, then writes the effect and the mark that it is done in
 * one transaction. One whose object the provider does not know is done; one that it cannot be asked about stays.
 */
export async function processEvents(db: Db, provider: OnlineProvider, nowMs: number): Promise<number> {
  const events = await singleSql(db)<EventRow>`
    SELECT id, type, payload->'data'->'object' AS object FROM provider_event
    WHERE provider = ${provider.id} AND done_at IS NULL ORDER BY received_at, id LIMIT 200`;
  let done = 0;
  for (const event of events) {
    try {
      const effect = await effectOf(db, provider, event, nowMs).catch((error) => {
        if (error instanceof ProviderRefusal) return nothing;
        throw error;
      });
      await withSql(db, async (sql) => {
        const mine = await sql`
          UPDATE provider_event SET done_at = now() WHERE provider = ${provider.id} AND id = ${event.id} AND done_at IS NULL
          RETURNING id`;
        if (mine.length > 0) await effect(sql);
      });
      done += 1;
    } catch (error) {
      if (!(error instanceof ProviderUnavailable)) throw error;
    }
  }
  return done;
}

const SWEEP_DAYS = 4;
const DAY_S = 86_400;

/** Looks at every payment of the last four days, because events are not certain to arrive. Returns how many were ours. */
export async function sweepPayments(db: Db, provider: OnlineProvider, nowMs: number): Promise<number> {
  let ours = 0;
  for await (const remote of provider.recentPayments(Math.floor(nowMs / 1000) - SWEEP_DAYS * DAY_S)) {
    await withSql(db, async (sql) => {
      const id = await paymentIdOf(sql, remote);
      if (!id) return;
      ours += 1;
      await applyRemote(sql, id, remote, nowMs);
    });
  }
  return ours;
}
