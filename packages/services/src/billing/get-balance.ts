import { withOrgSql } from '@suanxiang/db/tenant';
import { CURRENCY_EXPONENTS, type Currency, microPerMinor } from '@suanxiang/domain/money';
import { mul, rational, roundHalfAwayFromZero, sub } from '@suanxiang/domain/rational';
import { accountBalance } from '@suanxiang/metering/ledger/balance';
import { microMoney, minorMoney, roundedMoney } from '../money';
import type { UseCase } from '../use-case';

/** What there is, what has been used of it since the last invoice, and how long the rest lasts. */
export const getBalance: UseCase<'getBalance'> = async (ctx, { orgId }) => {
  const found = await withOrgSql(ctx.api, orgId, (sql) => accountBalance(sql, orgId));
  const { currency } = found;
  const perMinor = rational(microPerMinor(CURRENCY_EXPONENTS[currency as Currency]));
  const uncovered = sub(found.unbilledExact, rational(found.coveredMinor));
  const unbilledMicro = roundHalfAwayFromZero(mul(uncovered, perMinor));
  const { promoMinor, owedMinor } = found;
  const own = shownMinor(found.balanceMicro, currency) + promoMinor - owedMinor;
  return {
    balance: roundedMoney(found.balanceMicro, currency),
    promotional: minorMoney(promoMinor, currency),
    unbilled: roundedMoney(unbilledMicro, currency),
    owed: minorMoney(owedMinor, currency),
    // Made of what is shown beside it, so that it always adds up.
    available: minorMoney(own - shownMinor(unbilledMicro, currency), currency),
    credit_limit: minorMoney(found.creditLimitMinor, currency),
    burn_per_hour: microMoney(found.burnPerHourMicro, currency),
    runway_seconds: found.runwayS,
  };
};

function shownMinor(micro: bigint, currency: string): bigint {
  return roundHalfAwayFromZero(rational(micro, microPerMinor(CURRENCY_EXPONENTS[currency as Currency])));
}
