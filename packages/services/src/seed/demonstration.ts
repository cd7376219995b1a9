import type { Db } from '@suanxiang/db/client';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import { mintId } from '@suanxiang/domain/ids';
import { seedCatalogue } from '@suanxiang/metering/prices/seed-catalogue';
import { hashPassword } from '../identity/password';
import type { People } from '../identity/people';
import { demonstrationPassword } from './deterministic';
import { demonstrationKey } from './keys';
import { instantS, monthStartS } from './months';
import { type SeededPerson, seedSandbox, seedTenant } from './tenant';
import type { TenantSpec } from './tenant-spec';
import { OPERATOR, PRICE_CHANGE, SECOND_OPERATOR, TENANTS } from './tenants';

export interface SeedContext {
  /** Role app_worker. */
  worker: Db;
  /** Role app_auth. */
  auth: Db;
  /** Role app_ops. */
  ops: Db;
  people: People;
  /** Passwords and keys of the demonstration follow from it. */
  pepper: string;
  nowMs: number;
  /** Resolves when the machines that the history ran on are known. Called only when there is something to write. */
  fleetKnown(): Promise<void>;
}

/** Sign-in data of the demonstration. */
export interface DemonstrationAccess {
  users: { email: string; password: string; org: string; role: string }[];
  apiKeys: { org: string; key: string; scopes: string[] }[];
  operator: { email: string; password: string };
}

/** Held while a tenant is written, so that two seeds at the same time write it once. */
const SEED_LOCK = 7_238_300;

async function ensurePerson(
  ctx: SeedContext,
  person: { email: string; name: string },
  locale: 'en' | 'zh-CN',
): Promise<string> {
  const find = async () => {
    const [row] = await singleSql(ctx.auth)<{ id: string }>`SELECT id FROM auth_user WHERE email = ${person.email}`;
    return row?.id;
  };
  const known = await find();
  if (known) return known;
  const password = demonstrationPassword(ctx.pepper, person.email);
  const started = await ctx.people.signUp({ ...person, password, locale }, { ip: '127.0.0.1', userAgent: 'seed' });
  // Signing up starts a session; nobody has this one.
  if (started) await singleSql(ctx.auth)`DELETE FROM auth_session WHERE "userId" = ${started.user.id}`;
  return started?.user.id ?? (await find())!;
}

async function ensureOperator(ctx: SeedContext, operator: { email: string; name: string }): Promise<void> {
  const sql = singleSql(ctx.ops);
  const [known] = await sql`SELECT id FROM operator_user WHERE email = ${operator.email}`;
  if (known) return;
  const hash = await hashPassword(demonstrationPassword(ctx.pepper, operator.email));
  await sql`
    INSERT INTO operator_user (id, email, name, password_hash)
    VALUES (${mintId('operatorUser', ctx.nowMs)}, ${operator.email}, ${operator.name}, ${hash}) ON CONFLICT DO NOTHING`;
}

/** Catalogue and the one price that changed. */
async function ensurePrices(ctx: SeedContext): Promise<void> {
  const { sku, currency, monthsAgo, day, micro } = PRICE_CHANGE;
  const fromS = instantS(monthStartS(Math.floor(ctx.nowMs / 1000), monthsAgo, 'Asia/Shanghai'), day);
  await withSql(ctx.worker, async (sql) => {
    await seedCatalogue(sql);
    await sql`
      INSERT INTO price_row (id, sku, currency, from_s, published_s, micro_per_gpu_hour, min_seconds)
      VALUES ('price.demonstration', ${sku}, ${currency}, ${fromS}::bigint, ${fromS - 7 * 86_400}::bigint,
        ${micro}::bigint, 60) ON CONFLICT DO NOTHING`;
  });
}

async function missingSlugs(ctx: SeedContext): Promise<Set<string>> {
  const slugs = TENANTS.flatMap(({ slug, sandbox }) => [slug, sandbox.slug]);
  const rows = await singleSql(ctx.worker)<{
    slug: string;
  }>`SELECT slug FROM organization WHERE slug = ANY (${slugs}::text[])`;
  const known = new Set(rows.map((row) => row.slug));
  return new Set(slugs.filter((slug) => !known.has(slug)));
}

async function ensureTenant(ctx: SeedContext, tenant: TenantSpec): Promise<void> {
  const people: SeededPerson[] = [];
  for (const person of tenant.people) people.push({ ...person, id: await ensurePerson(ctx, person, tenant.locale) });
  for (const [slug, write] of [
    [tenant.slug, seedTenant],
    [tenant.sandbox.slug, seedSandbox],
  ] as const) {
    await withSql(ctx.worker, async (sql) => {
      await sql`SELECT pg_advisory_xact_lock(${SEED_LOCK}::bigint)`;
      const [known] = await sql`SELECT id FROM organization WHERE slug = ${slug}`;
      if (!known) await write(sql, tenant, people, ctx);
    });
  }
}

/**
 * Writes the demonstration: two operators, two live tenants with two months of history, a sandbox for each. What is there
 * already stays as it is. Returns the sign-in data, the same every time.
 */
export async function seedDemonstration(ctx: SeedContext): Promise<DemonstrationAccess> {
  for (const operator of [OPERATOR, SECOND_OPERATOR]) await ensureOperator(ctx, operator);
  const missing = await missingSlugs(ctx);
  if (missing.size > 0) {
    await ctx.fleetKnown();
    await ensurePrices(ctx);
    for (const tenant of TENANTS) await ensureTenant(ctx, tenant);
  }
  const password = (email: string) => demonstrationPassword(ctx.pepper, email);
  const scopes = ['all:write'];
  return {
    users: [
      ...TENANTS.flatMap(({ people, slug }) =>
        people.map(({ email, role }) => ({ email, password: password(email), org: slug, role })),
      ),
      ...[OPERATOR, SECOND_OPERATOR].map(({ email }) => ({
        email,
        password: password(email),
        org: 'operator',
        role: 'operator',
      })),
    ],
    apiKeys: TENANTS.flatMap(({ slug, sandbox }) => [
      { org: slug, key: demonstrationKey(ctx.pepper, slug, 'live').key, scopes },
      { org: sandbox.slug, key: demonstrationKey(ctx.pepper, sandbox.slug, 'test').key, scopes },
    ]),
    operator: { email: OPERATOR.email, password: password(OPERATOR.email) },
  };
}
