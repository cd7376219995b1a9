import type { usageReport as reportSchema } from '@suanxiang/contract/schemas/billing';
import type { Sql } from '@suanxiang/db/sql';
import { withOrgSql } from '@suanxiang/db/tenant';
import { parseTimestamp } from '@suanxiang/domain/calendar';
import type { Currency } from '@suanxiang/domain/money';
import { type UsageQuery, type UsageReport, usageReport } from '@suanxiang/metering/usage/usage-report';
import type { z } from 'zod';
import { minorMoney } from '../money';
import { invalid, notFound } from '../problem';
import type { InputOf, UseCase } from '../use-case';

/** Days are listed one by one, so that a report is bounded. */
const LONGEST_DAYS = 366;

function secondsOf(text: string, pointer: string): number {
  try {
    return parseTimestamp(text);
  } catch {
    throw invalid(pointer, 'Must be a time like 2026-10-05T10:00:00Z.', 'invalid_format');
  }
}

function spanOf(query: InputOf<'getUsage'>['query']): Pick<UsageQuery, 'fromS' | 'toS'> {
  const fromS = query.from === undefined ? undefined : secondsOf(query.from, '/query/from');
  const toS = query.to === undefined ? undefined : secondsOf(query.to, '/query/to');
  if (fromS !== undefined && toS !== undefined && toS < fromS) {
    throw invalid('/query/to', 'Must not be before from.', 'out_of_range');
  }
  return { ...(fromS === undefined ? {} : { fromS }), ...(toS === undefined ? {} : { toS }) };
}

/** Throws `invalid_request` when the report would list too many days, its open end being now. */
async function requireBounded(sql: Sql, orgId: string, span: Pick<UsageQuery, 'fromS' | 'toS'>): Promise<void> {
  if (span.fromS === undefined) return;
  const [org] = await sql<{ now_s: string }>`
    SELECT suan_billing_now_s(clock_offset_s)::text AS now_s FROM organization WHERE id = ${orgId}`;
  if (!org) throw notFound();
  const toS = Math.min(span.toS ?? Infinity, Number(org.now_s));
  if (toS - span.fromS <= LONGEST_DAYS * 86_400) return;
  throw invalid('/query/from', `A report covers at most ${LONGEST_DAYS} days.`, 'out_of_range');
}

async function requireProject(sql: Sql, orgId: string, projectId: string): Promise<void> {
  const [found] = await sql`SELECT 1 AS one FROM project WHERE org_id = ${orgId} AND id = ${projectId}`;
  if (!found) throw notFound();
}

function reportAnswer(report: UsageReport): z.input<typeof reportSchema> {
  const money = (minor: bigint) => minorMoney(minor, report.currency);
  return {
    from_s: report.fromS,
    to_s: report.toS,
    currency: report.currency as Currency,
    total: money(report.totalMinor),
    gpu_seconds: report.gpuSeconds,
    rows: report.rows.map((row) => ({
      allocation_id: row.lease.term.id,
      workload_id: row.lease.workloadId,
      workload_name: row.lease.workloadName,
      kind: row.lease.kind,
      rank: row.lease.rank,
      project_id: row.lease.projectId,
      sku: row.lease.term.sku,
      accelerator_id: row.lease.modelId,
      gpus: row.lease.gpus,
      from_s: row.fromS,
      to_s: row.toS,
      running: row.running,
      billed_seconds: row.billedSeconds,
      measured_seconds: row.measuredSeconds,
      undelivered_seconds: row.undeliveredSeconds,
      average_utilization_ppm: row.averageUtilizationPpm,
      amount: money(row.amountMinor),
    })),
    days: report.days.map(({ day, amountMinor, gpuSeconds }) => ({
      day,
      amount: money(amountMinor),
      gpu_seconds: gpuSeconds,
    })),
  };
}

/** Usage to the second with its cost. A key bound to a project gets that project's and nothing else. */
export const getUsage: UseCase<'getUsage'> = async (ctx, principal, _meta, { query }) => {
  const { orgId } = principal;
  const span = spanOf(query);
  if (principal.projectId !== null && (query.project_id ?? principal.projectId) !== principal.projectId)
    throw notFound();
  const projectId = principal.projectId ?? query.project_id;
  return withOrgSql(ctx.api, orgId, async (sql) => {
    await requireBounded(sql, orgId, span);
    if (projectId !== undefined) await requireProject(sql, orgId, projectId);
    return reportAnswer(await usageReport(sql, { orgId, ...span, ...(projectId === undefined ? {} : { projectId }) }));
  });
};
