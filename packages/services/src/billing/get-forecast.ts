import { withOrgSql } from '@suanxiang/db/tenant';
import { formatTimestamp } from '@suanxiang/domain/calendar';
import { periodForecast } from '@suanxiang/metering/accrual/budgets';
import { accountBalance } from '@suanxiang/metering/ledger/balance';
import { billedOrg } from '@suanxiang/metering/periods';
import { microMoney, minorMoney } from '../money';
import type { UseCase } from '../use-case';

/** What the running period will have cost at its end if all goes on as it is, and how long the money lasts. */
export const getForecast: UseCase<'getForecast'> = (ctx, { orgId }) =>
  withOrgSql(ctx.api, orgId, async (sql) => {
    const org = await billedOrg(sql, orgId);
    const state = await periodForecast(sql, org);
    const { runwayS } = await accountBalance(sql, orgId);
    const runsOutS = runwayS === null ? null : org.nowS + runwayS;
    return {
      period_from: formatTimestamp(state.fromS),
      period_to: formatTimestamp(state.toS),
      spent: minorMoney(state.spentMinor, org.currency),
      forecast: minorMoney(state.forecastMinor, org.currency),
      burn_per_hour: microMoney(state.burnPerHourMicro, org.currency),
      runway_seconds: runwayS,
      runs_out_at: runsOutS !== null && runsOutS < state.toS ? formatTimestamp(runsOutS) : null,
    };
  });
