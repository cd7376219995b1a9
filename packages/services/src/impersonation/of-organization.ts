import type { Sql } from '@suanxiang/db/sql';
import { withOrgSql } from '@suanxiang/db/tenant';
import { ProblemError } from '@suanxiang/domain/errors';
import { mutate } from '../access/mutate';
import { notFound } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';
import { type ImpersonationRow, impersonationAnswer, readImpersonations } from './read-impersonations';

/** Locks one of an organisation's. Throws `not_found`. */
export async function lockImpersonation(sql: Sql, orgId: string, id: string): Promise<ImpersonationRow> {
  await sql`SELECT id FROM impersonation WHERE org_id = ${orgId} AND id = ${id} FOR UPDATE`;
  const [row] = await readImpersonations(sql, { orgId, id });
  if (!row) throw notFound();
  return row;
}

/** Who of the operator looked in, newest first. */
export const listImpersonations: UseCase<'listImpersonations'> = async (ctx, { orgId }) => {
  const rows = await withOrgSql(ctx.api, orgId, (sql) => readImpersonations(sql, { orgId, id: null }));
  return { items: rows.map(impersonationAnswer) };
};

/** An owner lets an operator in; its time begins now. */
export const consentToImpersonation: UseCase<'consentToImpersonation'> = (ctx, principal, meta, { params }) => {
  const { orgId } = principal;
  return mutate<AnswerOf<'consentToImpersonation'>>(ctx, principal, meta, 'impersonation.consent', async (sql) => {
    const row = await lockImpersonation(sql, orgId, params.impersonation_id);
    if (row.state !== 'awaiting_consent') {
      throw new ProblemError('conflict', 'Nobody waits for consent to this any more.', {
        members: { state: row.state },
      });
    }
    await sql`
      UPDATE impersonation SET consented_by = ${principal.actor}, started_at = now(),
        expires_at = now() + make_interval(secs => duration_s) WHERE org_id = ${orgId} AND id = ${row.id}`;
    const after = await lockImpersonation(sql, orgId, row.id);
    const detail = { operator: row.operator_id, ticket: row.ticket };
    return { answer: impersonationAnswer(after), resource: row.id, detail };
  });
};

/** Ends it, whatever state it is in; ending what has ended changes nothing. */
export async function endRow(sql: Sql, row: ImpersonationRow, actor: string): Promise<ImpersonationRow> {
  if (row.state === 'active' || row.state === 'awaiting_consent') {
    await sql`
      UPDATE impersonation SET ended_at = now(), ended_by = ${actor} WHERE org_id = ${row.org_id} AND id = ${row.id}`;
  }
  return lockImpersonation(sql, row.org_id, row.id);
}

/** An owner refuses an operator, or shows them out. */
export const endImpersonation: UseCase<'endImpersonation'> = (ctx, principal, meta, { params }) => {
  const { orgId } = principal;
  return mutate<AnswerOf<'endImpersonation'>>(ctx, principal, meta, 'impersonation.end', async (sql) => {
    const row = await lockImpersonation(sql, orgId, params.impersonation_id);
    const after = await endRow(sql, row, principal.actor);
    return { answer: impersonationAnswer(after), resource: row.id, detail: { operator: row.operator_id } };
  });
};
