import { beginAttempt, endAttempt } from '@suanxiang/db/audit-attempt';
import type { Db } from '@suanxiang/db/client';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import { customerOf } from './customer';
import { type OnlineProvider, ProviderRefusal, ProviderUnavailable, type RemoteMethod } from './provider';

interface Opening {
  id: string;
  org_id: string;
  name: string;
  return_url: string;
}

/** What the audit log calls opening a page of the provider, and having it forget a method. */
const SETUP = 'payment_method.open';
const FORGET = 'payment_method.forget';
const actor = 'system:payments';

async function open(db: Db, provider: OnlineProvider, method: Opening, nowMs: number): Promise<void> {
  const customer = await customerOf(db, provider, { orgId: method.org_id, name: method.name });
  const request = { methodId: method.id, customer, returnUrl: method.return_url };
  await beginAttempt(singleSql(db), { orgId: method.org_id, actor, action: SETUP, resource: method.id });
  const page = await provider.beginSetup(request, `setup:${method.id}`);
  await withSql(db, async (sql) => {
    await sql`
      UPDATE payment_method SET status = 'requires_action', setup_ref = ${page.ref}, setup_url = ${page.url}
      WHERE id = ${method.id} AND status = 'pending'`;
    await endAttempt(sql, { action: SETUP, resource: method.id }, { result: 'success', detail: {} }, nowMs);
  });
}

async function refused(db: Db, id: string, failure: string, nowMs: number): Promise<void> {
  await withSql(db, async (sql) => {
    await sql`UPDATE payment_method SET status = 'failed', failure = ${failure} WHERE id = ${id}`;
    await endAttempt(sql, { action: SETUP, resource: id }, { result: 'denied', detail: { failure } }, nowMs);
  });
}

/** Opens the pages on which new methods are saved. The key names the method, so that a repetition finds the same page. */
export async function openSetups(db: Db, provider: OnlineProvider, nowMs: number): Promise<number> {
  const waiting = await singleSql(db)<Opening>`
    SELECT m.id, m.org_id, o.name, m.return_url FROM payment_method m JOIN organization o ON o.id = m.org_id
    WHERE m.status = 'pending' ORDER BY m.created_at LIMIT 100`;
  let opened = 0;
  for (const method of waiting) {
    try {
      await open(db, provider, method, nowMs);
      opened += 1;
    } catch (error) {
      if (error instanceof ProviderRefusal) {
        await refused(db, method.id, error.code, nowMs);
      } else if (!(error instanceof ProviderUnavailable)) throw error;
    }
  }
  return opened;
}

/** Keeps a saved method; the first one of an account becomes its default. */
export async function activateMethod(sql: Sql, methodId: string, saved: RemoteMethod): Promise<void> {
  await sql`
    UPDATE payment_method m SET status = 'active', provider_ref = ${saved.ref}, kind = ${saved.kind}, brand = ${saved.brand},
      last4 = ${saved.last4}, exp_month = ${saved.expMonth}::int, exp_year = ${saved.expYear}::int, setup_url = NULL,
      is_default = NOT EXISTS (SELECT 1 FROM payment_method d WHERE d.org_id = m.org_id AND d.is_default AND d.status = 'active')
    WHERE m.id = ${methodId} AND m.status IN ('pending', 'requires_action')`;
}

/** Looks at the pages that customers have been sent to: events may be lost. `sinceMs` is the oldest one worth a look. */
export async function watchSetups(db: Db, provider: OnlineProvider, sinceMs: number): Promise<void> {
  const open = await singleSql(db)<{ id: string; ref: string }>`
    SELECT id, setup_ref AS ref FROM payment_method
    WHERE status = 'requires_action' AND created_at > to_timestamp(${sinceMs}::float8 / 1000)`;
  for (const { id, ref } of open) {
    const saved = await provider.fetchSetup(ref);
    if (saved) await withSql(db, (sql) => activateMethod(sql, id, saved));
  }
}

/** Tells the provider to forget what the customer has removed. What it does not know any more is forgotten already. */
export async function forgetMethods(db: Db, provider: OnlineProvider, nowMs: number): Promise<void> {
  const removed = await singleSql(db)<{ id: string; org_id: string; ref: string }>`
    SELECT id, org_id, provider_ref AS ref FROM payment_method
    WHERE status = 'detached' AND provider_ref IS NOT NULL AND failure IS NULL LIMIT 100`;
  for (const { id, org_id: orgId, ref } of removed) {
    await beginAttempt(singleSql(db), { orgId, actor, action: FORGET, resource: id });
    await provider.detachMethod(ref).catch((error) => {
      if (!(error instanceof ProviderRefusal)) throw error;
    });
    await withSql(db, async (sql) => {
      await sql`UPDATE payment_method SET failure = 'forgotten' WHERE id = ${id}`;
      await endAttempt(sql, { action: FORGET, resource: id }, { result: 'success', detail: {} }, nowMs);
    });
  }
}
