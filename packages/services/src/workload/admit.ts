import type { verdict } from '@suanxiang/contract/schemas/verdict';
import type { Sql } from '@suanxiang/db/sql';
import type { ProblemError } from '@suanxiang/domain/errors';
import { type Currency, formatMicro } from '@suanxiang/domain/money';
import { type CurrentPrice, currentPrice } from '@suanxiang/metering/prices/price-lookup';
import type { z } from 'zod';
import { createTurns } from '../access/turns';
import type { AppContext } from '../context';
import { microMoney } from '../money';
import { unusable } from '../problem';
import { assessQuotas, checkQuotas, quotaProblem } from '../quota/check-quota';
import { countsFor, readQuotas } from '../quota/read-quotas';
import { assessCapacity, capacityProblem, explainShortage, findAlternatives, requireCapacity } from './capacity';
import { assessFunds, fundsAnswer, fundsProblem, requireFunds } from './funds';
import { impossibility } from './possible';
import { type Demand, gpusOf } from './spec';
import { assessCaps, capAnswer, capProblem, requireRoomUnderCaps } from './spend-caps';

/**
 * Admissions wait for each other's locks anyway. Doing so here, and only a few in the database, leaves connections for
 * everything else when many ask at once.
 */
const inTurn = createTurns(8, 1_000, 'Too many launches at this moment.');

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
}

/** The price that holds now. Throws `unprocessable` where there is none. */
async function priceOf(sql: Sql, { sku, currency, nowS }: AdmissionInput): Promise<CurrentPrice> {
  const price = await currentPrice(sql, sku, currency, nowS);
  if (price) return price;
  const detail = `It has no price in ${currency} here.`;
  throw unusable(
    [{ pointer: '/body/accelerator_id', code: 'not_offered', detail }],
    'GET /v1/offers lists what can be rented.',
  );
}

/** How much of a quota it needs. */
function neededOf({ demand, newWorkloads }: AdmissionInput): (metric: string) => number {
  return (metric) => (metric === 'workloads' ? newWorkloads : countsFor(metric, demand.modelId) ? gpusOf(demand) : 0);
}

/**
 * May this take accelerators now? Asked in the order in which a person can mend it: quota, then balance and caps, then
 * capacity.
 * Returns the price that holds. The caller holds the organisation's lock. Throws `unprocessable`, `quota_exceeded`,
 * `payment_required`, `spend_cap_reached`, and what explainShortage turns into `capacity_unavailable`.
 */
export async function admit(sql: Sql, input: AdmissionInput): Promise<{ microPerGpuHour: bigint }> {
  const { demand, orgId, currency, nowS } = input;
  const price = await priceOf(sql, input);
  checkQuotas(await readQuotas(sql, orgId), input.projectId, neededOf(input));
  const microPerHour = price.microPerGpuHour * BigInt(gpusOf(demand));
  await requireFunds(sql, orgId, currency, microPerHour);
  await requireRoomUnderCaps(sql, { orgId, projectId: input.projectId, createdBy: input.createdBy, microPerHour });
  if (demand.onCapacity === 'fail') await requireCapacity(sql, demand, { currency, atS: nowS });
  else if (input.newWorkloads === 1) {
    const never = await impossibility(sql, demand);
    if (never) throw never;
  }
  return { microPerGpuHour: price.microPerGpuHour };
}

interface Rehearsal {
  microPerGpuHour: bigint;
  verdict: z.infer<typeof verdict>;
  /** What a create would be refused with: the first of what does not fit, in the order of `admit`. */
  refusal: ProblemError | null;
}

/** The same questions as `admit`, all of them answered, without locks. Throws `unprocessable` where there is no price. */
export async function rehearse(sql: Sql, input: AdmissionInput): Promise<Rehearsal> {
  const { demand, orgId, projectId, currency, nowS, createdBy } = input;
  const { microPerGpuHour } = await priceOf(sql, input);
  const gpus = gpusOf(demand);
  const microPerHour = microPerGpuHour * BigInt(gpus);
  const limits = assessQuotas(await readQuotas(sql, orgId), projectId, neededOf(input));
  const funds = await assessFunds(sql, orgId, currency, microPerHour);
  const caps = await assessCaps(sql, { orgId, projectId, createdBy, microPerHour });
  const capacity = await assessCapacity(sql, demand);
  const alternatives = capacity.fits ? [] : await findAlternatives(sql, demand, { currency, atS: nowS });
  const [noQuota, noRoom] = [limits.find(({ fits }) => !fits), caps.find(({ fits }) => !fits)];
  const short = !capacity.fits && demand.onCapacity === 'fail';
  const never = capacity.fits || short ? null : await impossibility(sql, demand);
  const refusal =
    (noQuota && quotaProblem(noQuota)) ??
    (funds.fits ? undefined : fundsProblem(funds)) ??
    (noRoom && capProblem(noRoom)) ??
    (short ? capacityProblem(demand, capacity, alternatives) : never);
  return {
    microPerGpuHour,
    refusal,
    verdict: {
      able: refusal === null,
      price: {
        sku: input.sku,
        gpus,
        price_per_gpu_hour: formatMicro(microPerGpuHour, currency as Currency),
        per_hour: microMoney(microPerHour, currency),
      },
      quota: {
        fits: !noQuota,
        limits: limits.map(({ projectId: project_id, ...limit }) => ({ ...limit, project_id })),
      },
      funds: { fits: funds.fits, ...fundsAnswer(funds) },
      spend_caps: { fits: !noRoom, caps: caps.map((cap) => ({ ...capAnswer(cap), fits: cap.fits })) },
      capacity: { fits: capacity.fits, free: capacity.free, largest_node: capacity.largest, alternatives },
    },
  };
}
