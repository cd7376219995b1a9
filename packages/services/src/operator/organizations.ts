import type { operatorOrganization as schema } from '@suanxiang/contract/schemas/impersonation';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql } from '@suanxiang/db/tenant';
import type { Currency } from '@suanxiang/domain/money';
import type { z } from 'zod';
import { notFound } from '../problem';
import type { UseCase } from '../use-case';

interface Row {
  id: string;
  slug: string;
  name: string;
  legal_name: string;
  mode: 'live' | 'sandbox';
  currency: Currency;
  country: string;
  time_zone: string;
  members: number;
  projects: number;
  workloads: number;
  accelerators: number;
  impersonation_consent: boolean;
  created_at: Date;
  closed_at: Date | null;
}

const MOST = 200;

function readAll(sql: Sql, where: { id: string | null; q: string | null }): Promise<Row[]> {
  return sql<Row>`
    SELECT o.id, o.slug, o.name, o.legal_name, o.mode, o.currency, o.country, o.time_zone, o.impersonation_consent,
      o.created_at, o.closed_at,
      (SELECT count(*)::int FROM membership m WHERE m.org_id = o.id) AS members,
      (SELECT count(*)::int FROM project p WHERE p.org_id = o.id) AS projects,
      (SELECT count(*)::int FROM workload w WHERE w.org_id = o.id AND w.state NOT IN ('failed', 'terminated')) AS workloads,
      (SELECT coalesce(sum(w.node_count * w.gpus_per_node), 0)::int FROM workload w WHERE w.org_id = o.id
        AND w.state NOT IN ('stopped', 'interrupted', 'failed', 'terminated')) AS accelerators
    FROM organization o
    WHERE (${where.id}::text IS NULL OR o.id = ${where.id})
      AND (${where.q}::text IS NULL OR position(lower(${where.q}::text) IN lower(o.name || ' ' || o.slug || ' ' || o.id)) > 0)
    ORDER BY o.created_at DESC, o.id DESC LIMIT ${MOST}`;
}

function answerOf(row: Row): z.input<typeof schema> {
  return { ...row, created_at: row.created_at.toISOString(), closed_at: row.closed_at?.toISOString() ?? null };
}

/** Organisations, newest first. */
export const operatorOrganizations: UseCase<'operatorOrganizations'> = async (ctx, _operator, _meta, { query }) => ({
  items: (await readAll(singleSql(ctx.ops), { id: null, q: query.q || null })).map(answerOf),
});

/** One organisation. */
export const operatorOrganization: UseCase<'operatorOrganization'> = async (ctx, _operator, _meta, { params }) => {
  const [row] = await readAll(singleSql(ctx.ops), { id: params.organization_id, q: null });
  if (!row) throw notFound();
  return answerOf(row);
};
