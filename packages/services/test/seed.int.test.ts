import { type Db, openDb } from '@suanxiang/db/client';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import { listInvoices, readInvoice } from '@suanxiang/metering/invoices/read';
import { listCreditNotes } from '@suanxiang/metering/invoices/read-credit-notes';
import { accountBalance } from '@suanxiang/metering/ledger/balance';
import { systemClock } from '@suanxiang/platform/clock';
import { createSecrets } from '@suanxiang/platform/secrets';
import { keyMac, parseKey } from '@suanxiang/services/api-key/format';
import { verifyPassword } from '@suanxiang/services/identity/password';
import { createPeople, type People } from '@suanxiang/services/identity/people';
import { type DemonstrationAccess, seedDemonstration } from '@suanxiang/services/seed/demonstration';
import { picker } from '@suanxiang/services/seed/deterministic';
import { cloneDatabase, type TestDatabase } from '@suanxiang/testing/database';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const secrets = createSecrets();
const nowMs = Date.now();
let database: TestDatabase;
let worker: Db;
let auth: Db;
let ops: Db;
let people: People;
let access: DemonstrationAccess;
let waits = 0;

const seed = () =>
  seedDemonstration({
    worker,
    auth,
    ops,
    people,
    pepper: secrets.apiKeyPepper,
    nowMs,
    fleetKnown: async () => {
      waits += 1;
    },
  });

async function orgId(slug: string): Promise<string> {
  const [row] = await singleSql(worker)<{ id: string }>`SELECT id FROM organization WHERE slug = ${slug}`;
  return row!.id;
}

const invoicesOf = async (slug: string) => {
  const id = await orgId(slug);
  return withSql(worker, async (sql) => {
    const found = await listInvoices(sql, id, { limit: 10 });
    return Promise.all(found.map(async (summary) => (await readInvoice(sql, id, summary.id))!));
  });
};

beforeAll(async () => {
  database = await cloneDatabase();
  const open = (role: 'app_worker' | 'app_auth' | 'app_ops') =>
    openDb({ url: database.urlFor(role), applicationName: 'seed-test', poolSize: 3 });
  [worker, auth, ops] = [open('app_worker'), open('app_auth'), open('app_ops')];
  people = createPeople({
    identity: auth,
    secret: secrets.sessionSecret,
    baseUrl: 'http://127.0.0.1',
    clock: systemClock,
  });
  await singleSql(worker)`SELECT 1 AS one`;
  await seedFleet();
  access = await seed();
}, 120_000);
afterAll(async () => {
  await Promise.all([worker, auth, ops].map((db) => db?.close()));
  await database?.drop();
});

/** Two nodes of one model, so that some of the past ran on machines that are there and some on ones that are gone. */
async function seedFleet() {
  await withSql(worker, async (sql) => {
    await sql`INSERT INTO region (id, name_en, name_zh) VALUES ('cn-north', 'x', 'x')`;
    await sql`INSERT INTO zone (id, region_id, driver) VALUES ('cn-north-a', 'cn-north', 'simulated')`;
    for (const node of ['n1', 'n2']) {
      await sql`
        INSERT INTO node (id, zone_id, name, spine, leaf, rack, vcpus, memory_bytes, driver_version, runtime_version)
        VALUES (${node}, 'cn-north-a', ${node}, 's', 'l', 'r', 1, 1, '', '')`;
      for (let index = 0; index < 8; index += 1) {
        await sql`
          INSERT INTO device (id, node_id, zone_id, index, model_id, uuid, pci, memory_bytes, island)
          VALUES (${`${node}-${index}`}, ${node}, 'cn-north-a', ${index}::int, 'nvidia-h100-80g', '', '', 1, 0)`;
      }
    }
  });
}

describe('sign-in data', () => {
  test('every account and key opens what it names', async () => {
    for (const { email, password } of access.users.filter(({ role }) => role !== 'operator')) {
      const [account] = await singleSql(auth)<{ password: string }>`
        SELECT a.password FROM auth_account a JOIN auth_user u ON u.id = a."userId" WHERE u.email = ${email}`;
      expect(await verifyPassword(account!.password, password)).toBe(true);
    }
    const [operator] = await singleSql(ops)<{ password_hash: string }>`
      SELECT password_hash FROM operator_user WHERE email = ${access.operator.email}`;
    expect(await verifyPassword(operator!.password_hash, access.operator.password)).toBe(true);
    for (const { org, key, scopes } of access.apiKeys) {
      const { env, lookup } = parseKey(key)!;
      const [row] = await singleSql(worker)`
        SELECT k.mac, k.scopes, k.env, o.slug FROM api_key k JOIN organization o ON o.id = k.org_id WHERE k.lookup = ${lookup}`;
      expect(row).toEqual({ mac: keyMac(secrets.apiKeyPepper, key), scopes, env, slug: org });
    }
  });

  test('follows from the installation alone, and no two are alike', async () => {
    const texts = [...access.users.map((user) => user.password), ...access.apiKeys.map(({ key }) => key)];
    expect(new Set(texts).size).toBe(texts.length);
    const numbers = (secret: string) => Array.from({ length: 8 }, picker(secret, 'x').bind(null, 1000));
    expect(numbers('a')).toEqual(numbers('a'));
    expect(numbers('a')).not.toEqual(numbers('b'));
  });
});

test('a second run changes nothing, waits for nothing, and says the same', async () => {
  const count = () => singleSql(worker)`
    SELECT (SELECT count(*)::int FROM organization) AS organizations, (SELECT count(*)::int FROM workload) AS workloads,
      (SELECT count(*)::int FROM usage_block) AS blocks, (SELECT count(*)::int FROM invoice) AS invoices`;
  const before = await count();
  const waitsBefore = waits;
  expect(await seed()).toEqual(access);
  expect(await count()).toEqual(before);
  expect(waits).toBe(waitsBefore);
});

describe('history', () => {
  test('nothing of it runs or holds a device, and nothing was refused', async () => {
    const [row] = await singleSql(worker)`
      SELECT (SELECT count(*)::int FROM allocation WHERE state IN ('prepared', 'running')) AS open,
        (SELECT count(*)::int FROM allocation_device WHERE upper_inf(span)) AS held,
        (SELECT count(*)::int FROM operation WHERE status IN ('pending', 'running')) AS under_way,
        (SELECT count(*)::int FROM usage_quarantine) AS quarantined,
        (SELECT count(*) > 0 FROM allocation_device) AS some_machines,
        (SELECT count(*)::int FROM workload w WHERE w.state <> (SELECT to_state FROM state_change s
          WHERE s.workload_id = w.id ORDER BY at DESC, id DESC LIMIT 1)) AS astray`;
    expect(row).toEqual({ open: 0, held: 0, under_way: 0, quarantined: 0, some_machines: true, astray: 0 });
  });

  test('one tenant has paid, the other owes a part; every line adds up', async () => {
    const [xinghe, northwind] = [await invoicesOf('xinghe'), await invoicesOf('northwind')];
    for (const invoice of [...xinghe, ...northwind]) {
      expect(invoice.totalMinor).toBe(invoice.lines.reduce((sum, line) => sum + line.amountMinor, 0n));
      expect(invoice.lines.length).toBeGreaterThan(1);
      for (const line of invoice.lines) expect(line.measuredSeconds).toBe(line.billedSeconds);
    }
    expect(xinghe.every((invoice) => invoice.dueMinor === 0n)).toBe(true);
    expect(northwind.at(-1)!.dueMinor).toBe(0n);
    // On the first day of a month the month before is not closed yet.
    if (northwind.length > 1) {
      expect(northwind[0]!.dueMinor).toBeGreaterThan(0n);
      expect(northwind[0]!.paidMinor).toBeGreaterThan(0n);
    }
    const lines = [...xinghe, ...northwind].flatMap((invoice) => invoice.lines);
    expect(lines.some((line) => line.undeliveredSeconds === 96)).toBe(true);
  });

  test('a fault that came to light after the first invoice was given back with the second', async () => {
    for (const slug of ['xinghe', 'northwind']) {
      const invoices = await invoicesOf(slug);
      const id = await orgId(slug);
      const notes = await withSql(worker, (sql) => listCreditNotes(sql, id, { limit: 10 }));
      // On the first day of a month the month before is not closed yet.
      expect(notes.map((note) => note.invoiceId)).toEqual(invoices.length > 1 ? [invoices.at(-1)!.id] : []);
      expect(invoices.at(-1)!.creditedMinor).toBe(notes.reduce((sum, note) => sum + note.totalMinor, 0n));
      for (const note of notes) expect(note.totalMinor).toBeGreaterThan(0n);
    }
  });

  test('a pending transfer waits for the operator, and sandboxes have credit', async () => {
    const pending = await singleSql(ops)`SELECT amount_minor::text AS amount FROM payment WHERE status = 'pending'`;
    expect(pending).toEqual([{ amount: '500000' }]);
    const balance = await withSql(worker, async (sql) => accountBalance(sql, await orgId('xinghe-sandbox')));
    expect(balance).toMatchObject({ currency: 'CNY', balanceMicro: 100_000_000_000n, runwayS: null });
    const live = await withSql(worker, async (sql) => accountBalance(sql, await orgId('xinghe')));
    expect(live.availableMicro).toBeGreaterThan(10_000_000_000n);
  });
});
