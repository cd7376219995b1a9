import type { billingRuns } from '@suanxiang/contract/schemas/operator-billing';
import { ring } from '@suanxiang/db/outbox';
import { singleSql } from '@suanxiang/db/tenant';
import { addMonths, formatTimestamp, monthAt } from '@suanxiang/domain/calendar';
import { ProblemError } from '@suanxiang/domain/errors';
import { defaultPolicy } from '@suanxiang/metering/policy';
import type { z } from 'zod';
import { minorMoney } from '../money';
import { notFound } from '../problem';
import type { UseCase } from '../use-case';
import { mutateAsOperator } from './mutate-as-operator';

type Run = z.input<typeof billingRuns>['items'][number];

interface Row {
  org_id: string;
  name: string;
  mode: Run['mode'];
  currency: string;
  from_s: string;
  to_s: string;
  state: Run['state'];
  attempts: number;
  failure: string | null;
  started_at: Date | null;
  took_ms: number | null;
  invoice_id: string | null;
  number: string | null;
  total: string | null;
  drafts: number;
  sealed: number;
  failed: number;
  finalised: number;
  first_at: Date | null;
  last_at: Date | null;
  longest_ms: number | null;
}

const MOST = 500;

function runOf(row: Row): Run {
  const toS = Number(row.to_s);
  return {
    org_id: row.org_id,
    organization_name: row.name,
    mode: row.mode,
    state: row.state,
    period_from: formatTimestamp(Number(row.from_s)),
    period_to: formatTimestamp(toS),
    seals_at: formatTimestamp(toS + defaultPolicy.graceS),
    invoice_id: row.invoice_id,
    invoice_number: row.number,
    total: row.total === null ? null : minorMoney(BigInt(row.total), row.currency),
    attempts: row.attempts,
    failure: row.failure,
    last_attempt_at: row.started_at?.toISOString() ?? null,
    last_attempt_ms: row.took_ms,
  };
}

/** How far each period of a month has come, from the periods, the invoices and the tries to close them. */
export const operatorBillingRuns: UseCase<'operatorBillingRuns'> = async (ctx, _operator, meta, { query }) => {
  const nowS = Math.floor(meta.nowMs / 1000);
  const month = query.month ?? addMonths(monthAt(nowS, 'UTC'), -1);
  const rows = await singleSql(ctx.ops)<Row>`
    WITH run AS (
      SELECT p.org_id, o.name, o.mode, o.currency, p.from_s, p.to_s, coalesce(a.attempts, 0) AS attempts, l.started_at, l.ended_at,
        (extract(epoch FROM l.ended_at - l.started_at) * 1000)::int AS took_ms, i.id AS invoice_id, i.number,
        i.total_minor AS total, CASE WHEN p.status = 'open' THEN l.failure END AS failure,
        CASE WHEN p.status = 'final' THEN 'finalised' WHEN l.outcome = 'failed' THEN 'failed'
          WHEN p.to_s + ${defaultPolicy.graceS}::bigint <= ${nowS}::bigint + o.clock_applied_s THEN 'sealed'
          ELSE 'draft' END AS state
      FROM billing_period p JOIN organization o ON o.id = p.org_id
      LEFT JOIN LATERAL (SELECT count(*)::int AS attempts FROM billing_attempt t
        WHERE t.org_id = p.org_id AND t.from_s = p.from_s) a ON true
      LEFT JOIN LATERAL (SELECT t.outcome, t.failure, t.started_at, t.ended_at FROM billing_attempt t
        WHERE t.org_id = p.org_id AND t.from_s = p.from_s ORDER BY t.attempt DESC LIMIT 1) l ON true
      LEFT JOIN LATERAL (SELECT v.id, v.number, v.total_minor FROM invoice v
        WHERE v.org_id = p.org_id AND v.from_s = p.from_s AND v.status = 'final' LIMIT 1) i ON true
      WHERE to_char(to_timestamp(p.from_s) AT TIME ZONE p.time_zone, 'YYYY-MM') = ${month}
    ), counted AS (
      SELECT run.*, (count(*) FILTER (WHERE state = 'draft') OVER ())::int AS drafts,
        (count(*) FILTER (WHERE state = 'sealed') OVER ())::int AS sealed,
        (count(*) FILTER (WHERE state = 'failed') OVER ())::int AS failed,
        (count(*) FILTER (WHERE state = 'finalised') OVER ())::int AS finalised,
        min(ended_at) FILTER (WHERE state = 'finalised') OVER () AS first_at,
        max(ended_at) FILTER (WHERE state = 'finalised') OVER () AS last_at, max(took_ms) OVER () AS longest_ms
      FROM run)
    SELECT org_id, name, mode, currency, from_s::text, to_s::text, state, attempts, failure, started_at, took_ms, invoice_id, number,
      total::text, drafts, sealed, failed, finalised, first_at, last_at, longest_ms
    FROM counted ORDER BY (${query.state ?? null}::text IS NULL OR state = ${query.state ?? null}) DESC,
      array_position(ARRAY['failed', 'sealed', 'draft', 'finalised'], state), name, org_id LIMIT ${MOST}`;
  const [first] = rows;
  return {
    month,
    counts: {
      draft: first?.drafts ?? 0,
      sealed: first?.sealed ?? 0,
      failed: first?.failed ?? 0,
      finalised: first?.finalised ?? 0,
    },
    first_finalised_at: first?.first_at?.toISOString() ?? null,
    last_finalised_at: first?.last_at?.toISOString() ?? null,
    longest_ms: first?.longest_ms ?? null,
    items: rows.filter((row) => !query.state || row.state === query.state).map(runOf),
  };
};

/** Rings for an organisation whose period is due: a worker closes it now instead of at its next round. */
export const operatorRetryBillingRun: UseCase<'operatorRetryBillingRun'> = (ctx, operator, meta, { body }) =>
  mutateAsOperator<undefined>(ctx, operator, meta, 'billing_run.retry', async (sql) => {
    const { organization_id: orgId } = body;
    const nowS = Math.floor(meta.nowMs / 1000);
    const [found] = await sql<{ due: boolean }>`
      SELECT EXISTS (SELECT 1 FROM billing_period p WHERE p.org_id = o.id AND p.status = 'open'
        AND p.to_s + ${defaultPolicy.graceS}::bigint <= ${nowS}::bigint + o.clock_applied_s) AS due
      FROM organization o WHERE o.id = ${orgId}`;
    if (!found) throw notFound();
    if (!found.due) throw new ProblemError('conflict', 'No period of this organization is due.');
    await ring(sql, 'billing', orgId);
    return { answer: undefined, resource: orgId };
  });
