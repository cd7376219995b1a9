import { withOrgSql } from '@suanxiang/db/tenant';
import { formatTimestamp } from '@suanxiang/domain/calendar';
import { billedOrg, openPeriods } from '@suanxiang/metering/periods';
import { rateSpan } from '@suanxiang/metering/usage/rate-span';
import { minorMoney } from '../money';
import { readContracts, termsAnswers } from '../operator/contract-answer';
import type { UseCase } from '../use-case';

/** Terms that the account has agreed on, and how much of its commitment the running period has reached. */
export const getBillingTerms: UseCase<'getBillingTerms'> = (ctx, { orgId }) =>
  withOrgSql(ctx.api, orgId, async (sql) => {
    const org = await billedOrg(sql, orgId);
    const rows = (await readContracts(sql, { orgId }))
      .filter(({ status, to_s }) => status === 'published' && (to_s === null || Number(to_s) > org.nowS))
      .sort((a, b) => Number(a.from_s) - Number(b.from_s));
    const terms = await termsAnswers(sql, rows, org.nowS);
    const isCurrent = (place: number) => Number(rows[place]!.from_s) <= org.nowS;
    const period = (await openPeriods(sql, org)).at(-1)!;
    const untilS = Math.max(org.nowS, period.fromS + 1);
    const { rated, commitmentMinor } = await rateSpan(sql, org, period, { untilS, asInvoice: true });
    const missing = rated.lines.find(({ kind }) => kind === 'commitment')?.amountMinor ?? 0n;
    const money = (minor: bigint) => minorMoney(minor, org.currency);
    return {
      current: terms.find((_, place) => isCurrent(place)) ?? null,
      upcoming: terms.filter((_, place) => !isCurrent(place)),
      commitment:
        commitmentMinor === null
          ? null
          : {
              committed: money(commitmentMinor),
              spent: money(rated.subtotalMinor - missing),
              missing: money(missing),
              period_from: formatTimestamp(period.fromS),
              period_to: formatTimestamp(period.toS),
            },
    };
  });
