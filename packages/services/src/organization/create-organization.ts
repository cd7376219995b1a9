import { audit } from '@suanxiang/db/audit';
import type { Sql } from '@suanxiang/db/sql';
import { withOrgSql } from '@suanxiang/db/tenant';
import { ProblemError } from '@suanxiang/domain/errors';
import { mintId } from '@suanxiang/domain/ids';
import { type Currency, minorToMicro, parseDecimal } from '@suanxiang/domain/money';
import { DEFAULT_QUOTAS } from '@suanxiang/domain/quota-metrics';
import { RESERVED_ORGANIZATION_SLUGS } from '@suanxiang/domain/reserved-slugs';
import { postJournal } from '@suanxiang/metering/ledger/post-journal';
import { claimIdempotencyKey, keepAnswer } from '../access/idempotency';
import { type CallMeta, type Person, personScope } from '../access/principal';
import type { AppContext } from '../context';
import { insertProject } from '../project/create-project';
import { projectAnswer } from '../project/project-answer';
import type { AnswerOf, InputOf, UseCase } from '../use-case';
import { readOrganization } from './organization-answer';
import { slugCandidates } from './slug';

type Body = InputOf<'createOrganization'>['body'];

/** Promotional credit of a new sandbox, in its currency. */
const SANDBOX_CREDIT = '100000';

/** From here on the transaction sees and writes this organisation's rows, and no other's. */
async function enter(sql: Sql, scope: string): Promise<void> {
  await sql`SELECT set_config('app.org_id', ${scope}, true)`;
}

async function insertOrganization(sql: Sql, id: string, body: Body, person: Person): Promise<void> {
  for (const slug of slugCandidates(body.name, 'org', RESERVED_ORGANIZATION_SLUGS)) {
    const inserted = await sql`
      INSERT INTO organization (id, slug, name, mode, currency, country, time_zone, legal_name, locale)
      VALUES (${id}, ${slug}, ${body.name}, ${body.mode}, ${body.currency}, ${body.country}, ${body.time_zone},
        ${body.legal_name || body.name}, ${person.locale})
      ON CONFLICT (slug) DO NOTHING RETURNING id`;
    if (inserted.length > 0) return;
  }
}

async function grantSandboxCredit(sql: Sql, orgId: string, currency: Currency, nowMs: number): Promise<void> {
  const micro = minorToMicro(parseDecimal(SANDBOX_CREDIT, currency), currency);
  await postJournal(
    sql,
    {
      orgId,
      idemKey: `opening:${orgId}`,
      kind: 'promotion',
      memo: 'Sandbox credit',
      bookedS: Math.floor(nowMs / 1000),
      entries: [
        { account: 'promotional', currency, micro },
        { account: 'wallet', currency, micro: -micro },
      ],
    },
    nowMs,
  );
}

/** Writes an organisation with its owner, first project, quotas and, in a sandbox, credit. The scope must be its id. */
export async function foundOrganization(
  sql: Sql,
  input: { id: string; person: Person; body: Body; nowMs: number },
): Promise<AnswerOf<'createOrganization'>> {
  const { id, person, body, nowMs } = input;
  await insertOrganization(sql, id, body, person);
  await sql`
    INSERT INTO membership (id, org_id, user_id, role) VALUES (${mintId('membership', nowMs)}, ${id}, ${person.id}, 'owner')`;
  const project = await insertProject(sql, { orgId: id, name: body.project_name, slug: null, nowMs });
  const quotas = Object.entries(DEFAULT_QUOTAS);
  await sql`
    INSERT INTO quota (org_id, metric, "limit")
    SELECT ${id}, * FROM unnest(${quotas.map(([metric]) => metric)}::text[], ${quotas.map(([, limit]) => String(limit))}::int[])`;
  if (body.mode === 'sandbox') await grantSandboxCredit(sql, id, body.currency, nowMs);
  return { organization: await readOrganization(sql, id), project: projectAnswer(project!) };
}

function auditFounding(sql: Sql, id: string, person: Person, body: Body, meta: CallMeta): Promise<void> {
  return audit(sql, {
    orgId: id,
    actor: `user:${person.id}`,
    authMethod: 'session',
    action: 'organization.create',
    resource: id,
    result: 'success',
    detail: { name: body.name, mode: body.mode, currency: body.currency, time_zone: body.time_zone },
    requestId: meta.requestId,
    ip: meta.ip,
    nowMs: meta.nowMs,
  });
}

/** Creates an organisation that the caller owns, all in one transaction. The idempotency key belongs to the person. */
export const createOrganization: UseCase<'createOrganization'> = async (ctx, caller, meta, { body }) => {
  const { person } = caller;
  if (!person) {
    throw new ProblemError('permission_denied', 'Only a person can create an organization.', {
      suggestion: 'Sign in and send the session token.',
    });
  }
  return found(ctx, person, meta, body);
};

function found(ctx: AppContext, person: Person, meta: CallMeta, body: Body) {
  const scope = personScope(person.id);
  return withOrgSql(ctx.api, scope, async (sql) => {
    await claimIdempotencyKey(sql, scope, person.id, meta);
    const id = mintId('organization', meta.nowMs);
    await enter(sql, id);
    const answer = await foundOrganization(sql, { id, person, body, nowMs: meta.nowMs });
    await auditFounding(sql, id, person, body, meta);
    await enter(sql, scope);
    await keepAnswer(sql, scope, person.id, meta, answer);
    return answer;
  });
}
