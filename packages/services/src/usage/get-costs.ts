import { withOrgSql } from '@suanxiang/db/tenant';
import { parseTimestamp } from '@suanxiang/domain/calendar';
import type { Currency } from '@suanxiang/domain/money';
import { billedOrg, openPeriods } from '@suanxiang/metering/periods';
import { type CostDimension, costReport } from '@suanxiang/metering/usage/cost-report';
import { minorMoney } from '../money';
import { invalid } from '../problem';
import type { UseCase } from '../use-case';

const LONGEST_SPAN_S = 400 * 86_400;

/** What a span cost, by project, workload, SKU, local day, creator or a label; the groups add up to the total. */
export const getCosts: UseCase<'getCosts'> = (ctx, { orgId, projectIds }, _meta, { query }) =>
  withOrgSql(ctx.api, orgId, async (sql) => {
    const org = await billedOrg(sql, orgId);
    const fromS = query.from ? parseTimestamp(query.from) : (await openPeriods(sql, org)).at(-1)!.fromS;
    const toS = query.to ? parseTimestamp(query.to) : Math.max(org.nowS, fromS + 1);
    if (toS <= fromS) throw invalid('/query/to', 'Must be after from.', 'range');
    if (toS - fromS > LONGEST_SPAN_S) throw invalid('/query/to', 'Must be at most 400 days after from.', 'range');
    const by = query.by as CostDimension;
    const report = await costReport(sql, orgId, { span: { fromS, toS }, by, projectIds });
    return {
      from_s: report.fromS,
      to_s: report.toS,
      by: query.by,
      currency: report.currency as Currency,
      total: minorMoney(report.totalMinor, report.currency),
      groups: report.groups.map((group) => ({
        group: group.group,
        amount: minorMoney(group.amountMinor, report.currency),
        exact_minor: group.exactMinor,
        gpu_seconds: group.gpuSeconds,
      })),
    };
  });
