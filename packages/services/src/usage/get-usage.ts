import { withOrgSql } from '@suanxiang/db/tenant';
import { parseTimestamp } from '@suanxiang/domain/calendar';
import type { Currency } from '@suanxiang/domain/money';
import { type UsageReport, usageReport } from '@suanxiang/metering/usage/usage-report';
import { minorMoney } from '../money';
import { invalid } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';

const LONGEST_SPAN_S = 400 * 86_400;
/** Nobody has used anything before; also keeps a report inside the years that calendars agree on. */
const EARLIEST_S = Date.UTC(2000, 0, 1) / 1000;

function usageAnswer(report: UsageReport): AnswerOf<'getUsage'> {
  const { currency } = report;
  return {
    from_s: report.fromS,
    to_s: report.toS,
    currency: currency as Currency,
    total: minorMoney(report.totalMinor, currency),
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
      amount: minorMoney(row.amountMinor, currency),
    })),
    days: report.days.map((day) => ({
      day: day.day,
      amount: minorMoney(day.amountMinor, currency),
      gpu_seconds: day.gpuSeconds,
    })),
  };
}

/** Usage to the second, one row per run of a node. A key bound to a project gets that project's. */
export const getUsage: UseCase<'getUsage'> = async (ctx, { orgId, projectIds }, _meta, { query }) => {
  const fromS = query.from === undefined ? undefined : parseTimestamp(query.from);
  const toS = query.to === undefined ? undefined : parseTimestamp(query.to);
  if (fromS !== undefined && toS !== undefined && toS <= fromS)
    throw invalid('/query/to', 'Must be later than from.', 'range');
  if (fromS !== undefined && fromS < EARLIEST_S)
    throw invalid('/query/from', 'Must not be before the year 2000.', 'range');
  if (fromS !== undefined && (toS ?? ctx.clock.nowMs() / 1000) - fromS > LONGEST_SPAN_S) {
    throw invalid('/query/from', 'At most 400 days before to.', 'range');
  }
  // A project beyond the caller's is answered like one without usage.
  const wanted = query.project_id === undefined ? projectIds : [query.project_id];
  const within = wanted?.filter((id) => projectIds === null || projectIds.includes(id)) ?? null;
  const report = await withOrgSql(ctx.api, orgId, (sql) =>
    usageReport(sql, {
      orgId,
      ...(fromS === undefined ? {} : { fromS }),
      ...(toS === undefined ? {} : { toS }),
      ...(within === null ? {} : { projectIds: within }),
    }),
  );
  return usageAnswer(report);
};
