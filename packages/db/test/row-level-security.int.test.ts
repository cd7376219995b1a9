import { readdirSync, readFileSync } from 'node:fs';
import { openDb } from '@suanxiang/db/client';
import { withOrgSql, withSql } from '@suanxiang/db/tenant';
import { cloneDatabase, type TestDatabase } from '@suanxiang/testing/database';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let database: TestDatabase;
let admin: pg.Client;
beforeAll(async () => {
  database = await cloneDatabase();
  admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin?.end();
  await database?.drop();
});

/** Plumbing that no tenant reads and that says nothing about one but an id. */
const NOT_TENANT_DATA = ['capacity_claim', 'outbox'];
const rows = async (sql: string, values: unknown[] = []) => (await admin.query(sql, values)).rows;

/** Tables that carry an organisation; partitions are reached through their parent only. */
const tenantTables = async () =>
  (
    await rows(`
      SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND (c.relname = 'organization'
        OR EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'org_id')) ORDER BY 1`)
  ).map((row) => row.name as string);

describe('row-level security', () => {
  test('is on and forced on every table that carries an organisation', async () => {
    const tables = await tenantTables();
    expect(tables.length).toBeGreaterThan(20);
    const open = await rows(
      `SELECT relname FROM pg_class WHERE relname = ANY ($1) AND relkind IN ('r', 'p')
       AND NOT (relrowsecurity AND relforcerowsecurity)`,
      [tables],
    );
    expect(open).toEqual([]);
  });

  test('lets the API see and write the organisation of the transaction, and has that very rule on every table', async () => {
    for (const table of await tenantTables()) {
      const [policy] = await rows(
        `SELECT qual, with_check, roles::text[] AS roles, cmd FROM pg_policies WHERE tablename = $1 AND policyname = 'tenant'`,
        [table],
      );
      const column = table === 'organization' ? 'id' : 'org_id';
      const rule = `(${column} = NULLIF(current_setting('app.org_id'::text, true), ''::text))`;
      expect(policy, table).toEqual({ qual: rule, with_check: rule, roles: ['app_api'], cmd: 'ALL' });
      const others = await rows(`SELECT policyname FROM pg_policies WHERE tablename = $1 AND 'app_api' = ANY (roles)`, [
        table,
      ]);
      expect(others, table).toEqual([{ policyname: 'tenant' }]);
    }
  });

  test('leaves no other table to the API but the fleet, the prices and plumbing', async () => {
    const granted = await rows(`
      SELECT DISTINCT table_name AS name FROM information_schema.role_table_grants
      WHERE grantee = 'app_api' AND table_schema = 'public' ORDER BY 1`);
    const tables = await tenantTables();
    expect(granted.map((row) => row.name).filter((name) => !tables.includes(name))).toEqual([
      'capacity_claim',
      'device',
      'legal_entity',
      'node',
      'outbox',
      'outgoing_mail',
      'price_row',
      'priority_class',
      'provider_event',
      'region',
      'sku',
      'usage_hour_mark',
      'zone',
    ]);
    expect(NOT_TENANT_DATA.every((name) => !tables.includes(name))).toBe(true);
  });

  test('holds in fact: without an organisation nothing is seen or written, with one only its own', async () => {
    await admin.query(`
      INSERT INTO organization (id, slug, name, mode, currency, country, time_zone, legal_name)
        SELECT o, o, o, 'sandbox', 'USD', 'US', 'UTC', o FROM unnest(ARRAY['org_a', 'org_b']) o;
      INSERT INTO project (id, org_id, slug, name) SELECT 'p' || o, o, 'p', 'p' FROM unnest(ARRAY['org_a', 'org_b']) o`);
    const api = openDb({ url: database.urlFor('app_api'), applicationName: 'test', poolSize: 2 });
    try {
      for (const table of await tenantTables()) {
        const id = pg.escapeIdentifier(table);
        const none = await api.pool.query(`SELECT 1 FROM ${id} LIMIT 1`);
        expect(none.rowCount, table).toBe(0);
      }
      const mine = await withOrgSql(api, 'org_a', (sql) => sql<{ id: string }>`SELECT id FROM project`);
      expect(mine).toEqual([{ id: 'porg_a' }]);
      await expect(
        withOrgSql(
          api,
          'org_a',
          (sql) => sql`INSERT INTO project (id, org_id, slug, name) VALUES ('x', 'org_b', 'x', 'x')`,
        ),
      ).rejects.toThrow(/row-level security/);
      const stolen = await withOrgSql(
        api,
        'org_a',
        (sql) => sql`UPDATE project SET name = 'x' WHERE id = 'porg_b' RETURNING id`,
      );
      expect(stolen).toEqual([]);
      // The setting ends with the transaction, also with one that fails.
      await expect(withOrgSql(api, 'org_a', () => Promise.reject(new Error('stop')))).rejects.toThrow('stop');
      for (let i = 0; i < 4; i += 1) {
        expect(await withSql(api, (sql) => sql`SELECT id FROM project`)).toEqual([]);
      }
    } finally {
      await api.close();
    }
  });

  test('four hundred transactions of two organisations over four connections never mix', async () => {
    const api = openDb({ url: database.urlFor('app_api'), applicationName: 'test', poolSize: 4 });
    try {
      const seen = await Promise.all(
        Array.from({ length: 400 }, async (_, index) => {
          const org = index % 2 === 0 ? 'org_a' : 'org_b';
          const found = await withOrgSql(api, org, (sql) => sql<{ org_id: string }>`SELECT org_id FROM project`);
          return found.every((row) => row.org_id === org) && found.length === 1;
        }),
      );
      expect(seen.every(Boolean)).toBe(true);
    } finally {
      await api.close();
    }
  });
});

describe('roles', () => {
  const roles = ['app_agent', 'app_api', 'app_worker', 'app_auth', 'app_ops'];

  test('are no superusers, bypass nothing, own nothing, and are in no other role', async () => {
    const found = await rows(
      `SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
        (SELECT count(*)::int FROM pg_class WHERE relowner = r.oid) AS owned,
        (SELECT count(*)::int FROM pg_auth_members WHERE member = r.oid) AS memberships
       FROM pg_roles r WHERE rolname = ANY ($1) ORDER BY 1`,
      [roles],
    );
    expect(found).toHaveLength(roles.length);
    for (const { rolname, ...powers } of found) {
      expect(powers, rolname).toEqual({
        rolsuper: false,
        rolbypassrls: false,
        rolcreaterole: false,
        rolcreatedb: false,
        rolreplication: false,
        owned: 0,
        memberships: 0,
      });
    }
  });

  test('cannot empty a table past row-level security, and none may change what is append-only', async () => {
    const truncate = await rows(
      `SELECT grantee, table_name FROM information_schema.role_table_grants
       WHERE privilege_type IN ('TRUNCATE', 'TRIGGER', 'REFERENCES') AND grantee = ANY ($1)`,
      [roles],
    );
    expect(truncate).toEqual([]);
    const appendOnly = [
      'audit_event',
      'journal',
      'ledger_entry',
      'state_change',
      'invoice_line',
      'rating_run',
      'usage_block',
    ];
    const changes = await rows(
      `SELECT grantee, table_name, privilege_type FROM information_schema.role_table_grants
       WHERE privilege_type IN ('UPDATE', 'DELETE') AND grantee = ANY ($1) AND table_name = ANY ($2)`,
      [roles, appendOnly],
    );
    expect(changes).toEqual([]);
  });

  test('the role that finds out who calls sees neither workloads nor usage nor money', async () => {
    const granted = await rows(
      `SELECT DISTINCT table_name AS name FROM information_schema.role_table_grants WHERE grantee = 'app_auth' ORDER BY 1`,
    );
    expect(granted.map((row) => row.name)).toEqual([
      'api_key',
      'auth_account',
      'auth_challenge',
      'auth_device_grant',
      'auth_guard',
      'auth_passkey',
      'auth_recovery_code',
      'auth_session',
      'auth_totp',
      'auth_user',
      'auth_verification',
      'impersonation',
      'invitation',
      'membership',
      'organization',
      'outgoing_mail',
      'project_member',
    ]);
    const columns = await rows(
      `SELECT column_name FROM information_schema.column_privileges
       WHERE grantee = 'app_auth' AND table_name = 'api_key' AND privilege_type = 'UPDATE'`,
    );
    expect(columns.map((row) => row.column_name)).toEqual(['last_used_agent', 'last_used_at', 'last_used_ip_prefix']);
  });
});

describe('the schema', () => {
  test('carries the organisation in every foreign key between tenant tables', async () => {
    const tables = await tenantTables();
    const bare = await rows(
      `SELECT c.conrelid::regclass::text AS from_table, c.confrelid::regclass::text AS to_table, c.conname FROM pg_constraint c
       WHERE c.contype = 'f' AND c.conrelid::regclass::text = ANY ($1) AND c.confrelid::regclass::text = ANY ($1)
         AND c.confrelid <> 'organization'::regclass AND NOT EXISTS (
           SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.conrelid AND a.attname = 'org_id' AND a.attnum = ANY (c.conkey))
         AND NOT EXISTS (SELECT 1 FROM pg_constraint both_of WHERE both_of.contype = 'f' AND both_of.conrelid = c.conrelid
           AND both_of.confrelid = c.confrelid AND array_length(both_of.conkey, 1) = 2)`,
      [tables],
    );
    expect(bare).toEqual([]);
  });

  test("has no view or materialised view, and no SECURITY DEFINER function that touches what is a tenant's", async () => {
    const views = await rows(
      `SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = 'public' AND relkind IN ('v', 'm')`,
    );
    expect(views).toEqual([]);
    const definers = await rows(
      `SELECT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public' AND prosecdef`,
    );
    // One makes and drops days of evidence, as a worker owns no table; one opens a zone for an agent; one counts a
    // redemption of a code, of which tenants may not see the list.
    expect(definers.map((row) => row.proname).sort()).toEqual([
      'suan_keep_usage_days',
      'suan_open_agent_zone',
      'suan_take_coupon',
    ]);
  });

  test('nowhere sets an organisation for longer than a transaction', () => {
    const files = ['src', 'prisma/migrations']
      .flatMap((folder) =>
        readdirSync(new URL(`../${folder}`, import.meta.url), { recursive: true, encoding: 'utf8' }).map(
          (name) => new URL(`../${folder}/${name}`, import.meta.url),
        ),
      )
      .filter((file) => /\.(ts|sql)$/.test(file.pathname) && !file.pathname.includes('/generated/'));
    expect(files.length).toBeGreaterThan(10);
    for (const file of files) {
      const text = readFileSync(file, 'utf8');
      expect(text, file.pathname).not.toMatch(/set_config\([^)]*,\s*false\s*\)/i);
      expect(text, file.pathname).not.toMatch(/\bSET\s+(SESSION\s+|LOCAL\s+)?app\./i);
    }
  });
});
