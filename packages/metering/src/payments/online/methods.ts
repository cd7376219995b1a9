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

async function open(db: Db, provider: OnlineProvider, method: Opening): Promise<void> {
  const customer = await customerOf(db, provider, { orgId: method.org_id, name: method.name });
  const request = { methodId: method.id, customer, returnUrl: method.return_url };
  const page = await provider.beginSetup(request, `setup:${method.id}`);
  await singleSql(db)`
    UPDATE payment_method SET status = 'requires_action', setup_ref = ${page.ref}, setup_url = ${page.url}
    WHERE id = ${method.id} AND status = 'pending'`;
}

/** Opens the pages on which new methods are saved. The key names the method, so that a repetition finds the same page. */
export async function openSetups(db: Db, provider: OnlineProvider): Promise<number> {
  const waiting = await singleSql(db)<Opening>`
    SELECT m.id, m.org_id, o.name, m.return_url FROM payment_method m JOIN organization o ON o.id = m.org_id
    WHERE m.status = 'pending' ORDER BY m.created_at LIMIT 100`;
  let opened = 0;
  for (const method of waiting) {
    try {
      await open(db, provider, method);
      opened += 1;
    } catch (error) {
      if (error instanceof ProviderRefusal) {
        await singleSql(
          db,
        )`UPDATE payment_method SET status = 'failed', failure = ${error.code} WHERE id = ${method.id}`;
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
export async function forgetMethods(db: Db, provider: OnlineProvider): Promise<void> {
  const removed = await singleSql(db)<{ id: string; ref: string }>`
    SELECT id, provider_ref AS ref FROM payment_method
    WHERE status = 'detached' AND provider_ref IS NOT NULL AND failure IS NULL LIMIT 100`;
  for (const { id, ref } of removed) {
    await provider.detachMethod(ref).catch((error) => {
      if (!(error instanceof ProviderRefusal)) throw error;
    });
    await singleSql(db)`UPDATE payment_method SET failure = 'forgotten' WHERE id = ${id}`;
  }
}
