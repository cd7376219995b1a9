import type { Route } from '@suanxiang/contract/route';
import { type OperationId, ROUTES } from '@suanxiang/contract/routes';
import { expect } from 'vitest';
import type { Json } from './api';
import { type Deeds, ENDS_OWN_RIGHT, NEED_PROVIDER, openDeeds } from './deeds';
import { type DroppingProxy, openDroppingProxy } from './dropping-proxy';
import { DROPPED_PERCENT, sendAgainAndAgain } from './storm';
import { openWire, type Wire } from './wire';

/** Every operation that takes an Idempotency-Key, but those that need a payment provider. */
export const REPEATABLE = (ROUTES as readonly Route[]).filter(
  ({ idempotency, operationId }) => idempotency !== 'none' && !NEED_PROVIDER.includes(operationId as OperationId),
);

/** An API behind a proxy that loses answers. */
export interface Storm {
  deeds: Deeds;
  proxy: DroppingProxy;
  close(): Promise<void>;
}

export async function openStorm(): Promise<Storm> {
  const deeds = await openDeeds();
  const wire: Wire = await openWire(deeds.api);
  const proxy = await openDroppingProxy(wire.port, DROPPED_PERCENT);
  return {
    deeds,
    proxy,
    async close() {
      await proxy.close();
      await wire.close();
      await deeds.close();
    },
  };
}

const SECRETS = ['secret', 'token', 'ticket'];

/** An answer as text, without what is shown once. */
function withoutSecret(json: Json): string {
  return JSON.stringify(json, (name, value) => (SECRETS.includes(name) ? null : value));
}

const showsSecret = (json: Json) => json !== null && SECRETS.some((name) => name in json);

/** Does an operation five times with one key: one effect, one audit row, and everybody who hears of success hears the same. */
export async function repeatOperation({ deeds, proxy }: Storm, { operationId, method }: Route): Promise<void> {
  const { admin, tenant, doing } = deeds;
  await deeds.clear();
  const { url, body, sender = tenant.owner } = await doing[operationId as OperationId]!();
  const count = async (sql: string, values: string[] = []) => Number((await admin.query(sql, values)).rows[0].count);
  const done = () => count(`SELECT count(*) FROM audit_event WHERE result = 'success'`);
  const [before, key] = [await done(), `storm-${operationId}`];
  const heard = await sendAgainAndAgain(proxy.port, { method, url, sender, body, key });
  const succeeded = heard.filter(({ status }) => status < 300);
  const answers = new Set(succeeded.map(({ status, json }) => `${status} ${withoutSecret(json)}`));
  // Whoever ends their own right may lose the one answer that says so.
  if (ENDS_OWN_RIGHT.includes(operationId)) expect(answers.size).toBeLessThanOrEqual(1);
  else expect(answers.size).toBe(1);
  // What is shown once was shown once at most: the rest of each answer is the same to the byte.
  expect(new Set(succeeded.map(({ text }) => text)).size).toBeLessThanOrEqual(
    showsSecret(succeeded[0]?.json ?? null) ? 2 : 1,
  );
  const mayFail = ENDS_OWN_RIGHT.includes(operationId) ? [401, 403, 404] : [];
  for (const { status, json, text } of heard) {
    if (status < 300 || mayFail.includes(status)) continue;
    expect(json, text).toMatchObject({ status: 409, code: 'idempotency_in_flight' });
  }
  expect(await done()).toBe(before + 1);
  expect(await count('SELECT count(*) FROM idempotency_key WHERE key = $1', [key])).toBe(1);
}
