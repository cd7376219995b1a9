import { withOrgSql } from '@suanxiang/db/tenant';
import { accountBalance } from '@suanxiang/metering/ledger/balance';
import { microMoney } from '../money';
import type { UseCase } from '../use-case';

/** Balance, what has been used since the last invoice, and how long the rest lasts. The three amounts add up exactly. */
export const getBalance: UseCase<'getBalance'> = async (ctx, { orgId }) => {
  const account = await withOrgSql(ctx.api, orgId, (sql) => accountBalance(sql, orgId));
  const { currency, balanceMicro, availableMicro, burnPerHourMicro, runwayS } = account;
  return {
    balance: microMoney(balanceMicro, currency),
    unbilled: microMoney(balanceMicro - availableMicro, currency),
    available: microMoney(availableMicro, currency),
    burn_per_hour: microMoney(burnPerHourMicro, currency),
    runway_seconds: runwayS,
  };
};
