import { readFileSync } from 'node:fs';
import { warnExpiringKeys } from '@suanxiang/services/api-key/warn-expiring-keys';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newKey } from '../../../packages/services/src/api-key/format';
import { type Api, openApi } from './support/api';
import { addPerson } from './support/person';
import { addKey, addTenant, type Tenant } from './support/tenant';

let api: Api;
let admin: pg.Client;
let tenant: Tenant;
beforeAll(async () => {
  api = await openApi();
  admin = new pg.Client({ connectionString: api.plane.db.database.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin?.end();
  await api?.close();
});
beforeEach(async () => {
  tenant = await addTenant(api);
});

const report = (...tokens: string[]) =>
  api.call('reportLeakedKeys', {
    body: { findings: tokens.map((token) => ({ token, url: 'https://git.example.com/x' })) },
  });
const works = async (token: string) => (await api.call('listProjects', {}, { token })).status === 200;
const mails = async (template: string, to: string) =>
  (await admin.query('SELECT data FROM outgoing_mail WHERE template = $1 AND to_address = $2', [template, to])).rows;

describe('a report of a leaked key', () => {
  test('revokes it at once, says so in the audit log, and writes to its owners once', async () => {
    const token = await addKey(api, tenant, ['all:read']);
    expect(await works(token)).toBe(true);
    expect((await report(token, 'x'.repeat(40))).json.items).toEqual([
      { label: 'true_positive' },
      { label: 'false_positive' },
    ]);
    expect(await works(token)).toBe(false);
    const [row] = (await api.call('listAuditEvents', { query: { action: 'api_key.leaked' } }, tenant.owner)).json.items;
    expect(row).toMatchObject({
      actor: 'system:secret-scanning',
      result: 'success',
      detail: { source: 'https://git.example.com/x' },
    });
    expect(JSON.stringify(row)).not.toContain(token);
    // Reported again, as scanners do: still a real one, and nothing more happens.
    expect((await report(token)).json.items).toEqual([{ label: 'true_positive' }]);
    expect(await mails('api_key_leaked', tenant.email)).toHaveLength(1);
    expect(
      (await api.call('listAuditEvents', { query: { action: 'api_key.leaked' } }, tenant.owner)).json.items,
    ).toHaveLength(1);
  });

  test('by its public part or with another secret revokes nothing', async () => {
    const token = await addKey(api, tenant, ['all:read']);
    let forged = newKey('test');
    // The victim's public part with a checksum that fits.
    const picks = [...token.slice(11, 23)].map((letter) =>
      '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'.indexOf(letter),
    );
    let at = 0;
    forged = newKey('test', () => picks[at++] ?? 7);
    expect(forged.lookup).toBe(token.slice(11, 23));
    expect((await report(forged.key, token.slice(0, 23))).json.items).toEqual([
      { label: 'false_positive' },
      { label: 'false_positive' },
    ]);
    expect(await works(token)).toBe(true);
  });
});

test('the pattern of docs/security/secret-scanning.md finds every key and nothing else', () => {
  const file = readFileSync(new URL('../../../docs/security/secret-scanning.md', import.meta.url), 'utf8');
  const toml = /regex = '''(.+)'''/.exec(file)![1]!;
  const json = JSON.parse(`"${/"pattern": "\/(.+)\/"/.exec(file)![1]}"`) as string;
  expect(json).toBe(toml);
  const pattern = new RegExp(toml, 'g');
  for (let i = 0; i < 500; i += 1) {
    const { key } = newKey(i % 2 ? 'live' : 'test');
    for (const text of [key, `KEY="${key}"`, `Authorization: Bearer ${key}\n`, `https://x.example/?k=${key}&b=1`]) {
      expect(text.match(pattern)).toEqual([key]);
    }
  }
  const { key } = newKey('live');
  const others = [
    key.slice(0, -1),
    `${key}a`,
    key.replace('live', 'prod'),
    key.replace('sx_sk_', 'sk_'),
    `x${key}`,
    'sx_sk_live_8aZk...x91K',
    `sxo_${'a'.repeat(43)}`,
    `sk_live_${'a'.repeat(50)}`,
    file,
  ];
  for (const text of others) expect(text.match(pattern), text.slice(0, 40)).toBeNull();
});

describe('a key that ends soon', () => {
  const endsIn = (token: string, days: number, createdDaysAgo = 300) =>
    admin.query(
      `UPDATE api_key SET expires_at = now() + make_interval(hours => $2), created_at = now() - make_interval(days => $3)
       WHERE lookup = $1`,
      [token.slice(11, 23), days * 24 - 1, createdDaysAgo],
    );
  const warn = () => warnExpiringKeys(api.plane.db.worker, 'https://console.example.com', Date.now());

  test('is warned about 30, 7 and 1 days before, each once', async () => {
    const token = await addKey(api, tenant, ['all:read']);
    for (const [days, all] of [
      [31, 0],
      [30, 1],
      [8, 1],
      [7, 2],
      [1, 3],
    ] as const) {
      await endsIn(token, days);
      await warn();
      await warn();
      expect(await mails('api_key_expiring', tenant.email), `${days} days`).toHaveLength(all);
    }
  });

  test('is not when it was rolled, revoked, or was never to live that long', async () => {
    const [rolled, short] = [await addKey(api, tenant, ['all:read']), await addKey(api, tenant, ['all:read'])];
    await endsIn(short, 5, 1);
    await endsIn(rolled, 5);
    await admin.query('UPDATE api_key SET replaced_by = (SELECT id FROM api_key WHERE lookup = $1) WHERE lookup = $2', [
      short.slice(11, 23),
      rolled.slice(11, 23),
    ]);
    await warn();
    expect(await mails('api_key_expiring', tenant.email)).toEqual([]);
  });

  test('is told to the owners when who made it has left', async () => {
    const boss = await addPerson(api, admin, tenant, 'admin');
    const body = { name: 'k', scopes: ['compute:read'] };
    const made = await api.call('createApiKey', { body }, boss.sender);
    await endsIn(made.json.secret, 6);
    await admin.query('DELETE FROM membership WHERE id = $1', [boss.membershipId]);
    await warn();
    expect(await mails('api_key_expiring', boss.email)).toEqual([]);
    expect(await mails('api_key_expiring', tenant.email)).toHaveLength(1);
  });
});
