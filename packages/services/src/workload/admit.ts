import type { Sql } from '@suanxiang/db/sql';
import { currentPrice } from '@suanxiang/metering/prices/price-lookup';
import { createTurns } from '../access/turns';
import type { AppContext } from '../context';
import { unusable } from '../problem';
import { checkQuotas } from '../quota/check-quota';
import { countsFor, readQuotas } from '../quota/read-quotas';
import { explainShortage, requireCapacity } from './capacity';
import { requireFunds } from './funds';
import { type Demand, gpusOf } from './spec';
import { requireRoomUnderCaps } from './spend-caps';

/**
 * Admissions wait for each other's locks anyway. Doing so here, and only a few in the database, leaves connections for
 * everything else when many ask at once.
 */
const inTurn = createTurns(5, 300, 'Too many launches at this moment.');

/** Runs a transaction that admits: in its turn, and with a shortage explained after its locks are given back. */
export function admission<T>(ctx: Pick<AppContext, 'api'>, transaction: () => Promise<T>): Promise<T> {
  return explainShortage(ctx, () => inTurn(transaction));
}

export interface AdmissionInput {
  orgId: string;
  projectId: string;
  currency: string;
  /** Billing time, Unix seconds. */
  nowS: number;
  sku: string;
  /** Who has created the workload, such as `key:<id>`. */
  createdBy: string;
  demand: Demand;
  /** Workloads that would be added: 1 for a create, 0 for a start. */
  newWorkloads: 0 | 1;
  /** False for a rehearsal that creates nothing. */
  hold: boolean;
}

/**
 * May this take accelerators now? Asked in the order in which a person can mend it: quota, then balance and caps, then
 * capacity.
 * Returns the price that holds. The caller holds the organisation's lock. Throws `unprocessable`, `quota_exceeded`,
 * `payment_required`, `spend_cap_reached`, and what explainShortage turns into `capacity_unavailable`.
 */
export async function admit(sql: Sql, input: AdmissionInput): Promise<{ microPerGpuHour: bigint }> {
  const { demand, orgId, currency, nowS } = input;
  const price = await currentPrice(sql, input.sku, currency, nowS);
  if (!price) {
    const detail = `It has no price in ${currency} here.`;
    throw unusable(
      [{ pointer: '/body/accelerator_id', code: 'not_offered', detail }],
      'GET /v1/offers lists what can be rented.',
    );
  }
  const gpus = gpusOf(demand);
  checkQuotas(await readQuotas(sql, orgId), input.projectId, (metric) =>
    metric === 'workloads' ? input.newWorkloads : countsFor(metric, demand.modelId) ? gpus : 0,
  );
  const microPerHour = price.microPerGpuHour * BigInt(gpus);
  await requireFunds(sql, orgId, currency, microPerHour);
  await requireRoomUnderCaps(sql, { orgId, projectId: input.projectId, createdBy: input.createdBy, microPerHour });
  if (demand.onCapacity === 'fail') await requireCapacity(sql, demand, { currency, atS: nowS }, input.hold);
  return { microPerGpuHour: price.microPerGpuHour };
}
