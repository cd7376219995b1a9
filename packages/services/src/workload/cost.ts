import type { cost } from '@suanxiang/contract/schemas/workload';
import { withOrgSql } from '@suanxiang/db/tenant';
import { type Currency, formatMicro } from '@suanxiang/domain/money';
import { formatFraction } from '@suanxiang/domain/rational';
import { workloadCost } from '@suanxiang/metering/usage/workload-cost';
import type { z } from 'zod';
import type { Principal } from '../access/principal';
import type { AppContext } from '../context';
import { minorMoney, perSecondText } from '../money';
import type { WorkloadKind } from './spec';
import { requireVisible } from './visible-workload';

/** What a workload has cost in the running period and costs now. Throws `not_found`. */
export function getCost(
  ctx: AppContext,
  principal: Principal,
  kind: WorkloadKind,
  id: string,
): Promise<z.input<typeof cost>> {
  return withOrgSql(ctx.api, principal.orgId, async (sql) => {
    await requireVisible(sql, principal, kind, id);
    const found = await workloadCost(sql, principal.orgId, id);
    return {
      so_far: minorMoney(found.amountMinor, found.currency),
      exact: formatFraction(found.exactMinor),
      per_second: perSecondText(found.microPerHour),
      per_hour: formatMicro(found.microPerHour, found.currency as Currency),
      billed_seconds: found.billedSeconds,
      as_of: new Date(found.toS * 1000).toISOString(),
    };
  });
}
