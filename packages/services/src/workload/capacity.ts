import type { alternative } from '@suanxiang/contract/schemas/verdict';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql } from '@suanxiang/db/tenant';
import { acceleratorModel, findAccelerator } from '@suanxiang/domain/accelerators';
import { ProblemError } from '@suanxiang/domain/errors';
import { type Currency, formatMicro } from '@suanxiang/domain/money';
import { type CurrentPrice, currentPrices } from '@suanxiang/metering/prices/price-lookup';
import type { z } from 'zod';
import { readStock, type Stock, surelyInStock } from '../catalogue/stock';
import type { AppContext } from '../context';
import { type Demand, gpusOf } from './spec';

type Alternative = z.infer<typeof alternative>;

const MOST_OTHER_MODELS = 4;

/** Nodes of the asked size that can be had together under the asked topology. */
function nodesAvailable(stock: Stock, demand: Pick<Demand, 'topology' | 'gpusPerNode'>): number {
  const domain = { any: stock.zoneSlots, same_spine: stock.spineSlots, same_leaf: stock.leafSlots }[demand.topology];
  return Math.min(stock.slots, domain, Math.floor(stock.free / demand.gpusPerNode));
}

/**
 * Where there is plenty, this many admissions to one model in one region run beside each other, each in a lane of its own;
 * where there is not, one after the other.
 */
const LANES = 8;
/** Most that an admission in another lane may take: one node. */
const MOST_IN_LANE = 8;

const stockKey = ({ regionId, modelId }: Demand) => `stock:${regionId}:${modelId}`;

/** Serialises admission to one model in one region until the transaction ends; taken after the organisation's lock. */
async function lockStock(sql: Sql, demand: Demand): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${stockKey(demand)}, 0))`;
}

/**
 * Admits a demand for one node in a lane, when there is enough for it and for everything that the other lanes may be taking
 * unseen. Holds the lane until the transaction ends. Otherwise false, with the lane given back: a savepoint's locks end
 * with it, so that the whole stock can be waited for without anybody waiting for us.
 */
async function admitInLane(sql: Sql, demand: Demand): Promise<boolean> {
  const key = stockKey(demand);
  await sql`SAVEPOINT stock_lane`;
  await sql`
    SELECT pg_advisory_xact_lock_shared(hashtextextended(${key}, 0)),
      pg_advisory_xact_lock(hashtextextended(${`${key}:`} || pg_backend_pid() % ${LANES}::int, 0))`;
  const others = (LANES - 1) * MOST_IN_LANE;
  if (await surelyInStock(sql, demand, demand.gpusPerNode, others)) return true;
  await sql`ROLLBACK TO SAVEPOINT stock_lane`;
  return false;
}

/**
 * Thrown under the locks of an admission. What could be had instead is looked up after they are given back
 * (explainShortage): when capacity is short, refusals are many and must be quick.
 */
class CapacityShort extends Error {
  override readonly name = 'CapacityShort';
  constructor(
    readonly demand: Demand,
    readonly money: PriceContext,
    readonly check: CapacityCheck,
  ) {
    super('no capacity');
  }
}

interface PriceContext {
  currency: string;
  /** Billing time, Unix seconds. */
  atS: number;
}

/** What is free for a demand, and whether it fits. */
export interface CapacityCheck {
  fits: boolean;
  free: number;
  largest: number;
}

/** What is free now beside what was admitted before. Takes no lock. */
export async function assessCapacity(sql: Sql, demand: Demand): Promise<CapacityCheck> {
  const [stock] = await readStock(sql, demand.gpusPerNode, demand);
  const fits =
    (stock !== undefined && nodesAvailable(stock, demand) >= demand.nodeCount) ||
    (demand.nodeCount === 1 && (await surelyInStock(sql, demand, demand.gpusPerNode, 0)));
  return { fits, free: stock?.free ?? 0, largest: stock?.largest ?? 0 };
}

/**
 * Throws CapacityShort unless the demand fits into what is free now beside what was admitted before. Keeps others out
 * until the transaction ends.
 */
export async function requireCapacity(sql: Sql, demand: Demand, money: PriceContext): Promise<void> {
  if (demand.nodeCount === 1 && (await admitInLane(sql, demand))) return;
  await lockStock(sql, demand);
  const check = await assessCapacity(sql, demand);
  if (!check.fits) throw new CapacityShort(demand, money, check);
}

/** Runs an admission and turns a shortage into `capacity_unavailable` with what could be had instead. */
export async function explainShortage<T>(ctx: Pick<AppContext, 'api'>, admission: () => Promise<T>): Promise<T> {
  try {
    return await admission();
  } catch (error) {
    if (!(error instanceof CapacityShort)) throw error;
    const alternatives = await findAlternatives(singleSql(ctx.api), error.demand, error.money);
    throw capacityProblem(error.demand, error.check, alternatives);
  }
}

/** `capacity_unavailable` with what could be had instead. */
export function capacityProblem(
  demand: Demand,
  { free, largest }: CapacityCheck,
  alternatives: readonly Alternative[],
): ProblemError {
  const model = acceleratorModel(demand.modelId).name.en;
  const asked = demand.nodeCount === 1 ? `${demand.gpusPerNode}` : `${demand.nodeCount} x ${demand.gpusPerNode}`;
  const where = demand.topology === 'any' ? '' : ` within one ${demand.topology === 'same_leaf' ? 'leaf' : 'spine'}`;
  const wait = 'send "on_capacity": "queue" to wait';
  return new ProblemError(
    'capacity_unavailable',
    `${asked} ${model} in ${demand.regionId}${where} cannot be had now: ${free} are free, at most ${largest} of them on one node.`,
    {
      suggestion:
        alternatives.length > 0
          ? `Take one of the alternatives, or ${wait}.`
          : `To get it as soon as there is some, ${wait}.`,
      members: {
        requested: {
          region_id: demand.regionId,
          accelerator_id: demand.modelId,
          node_count: demand.nodeCount,
          gpus_per_node: demand.gpusPerNode,
        },
        free,
        alternatives,
      },
    },
  );
}

/** What could be had instead of a demand: elsewhere, of another model, or less of it. */
export async function findAlternatives(
  sql: Sql,
  demand: Demand,
  { currency, atS }: PriceContext,
): Promise<Alternative[]> {
  const all = await readStock(sql, demand.gpusPerNode);
  const prices = await currentPrices(sql, currency, atS);
  const offer = (kind: Alternative['kind'], stock: Stock, size: { nodeCount: number; gpusPerNode: number }) => {
    const price = prices.get(`gpu.${stock.modelId}.${stock.regionId}`);
    return price ? { ...describe(kind, stock, size, price, currency), micro: price.microPerGpuHour } : null;
  };
  const fits = all.filter((stock) => nodesAvailable(stock, demand) >= demand.nodeCount);
  const here = all.find((stock) => stock.regionId === demand.regionId && stock.modelId === demand.modelId);
  const enoughMemory = (modelId: string) =>
    (findAccelerator(modelId)?.memoryBytes ?? 0) >= acceleratorModel(demand.modelId).memoryBytes;
  const regions = fits.filter((stock) => stock.modelId === demand.modelId && stock.regionId !== demand.regionId);
  const models = fits.filter(
    (stock) => stock.regionId === demand.regionId && stock.modelId !== demand.modelId && enoughMemory(stock.modelId),
  );
  const found = <T>(value: T | null): value is T => value !== null;
  const byPrice = models.map((stock) => offer('accelerator', stock, demand)).filter(found);
  byPrice.sort((a, b) => (a.micro < b.micro ? -1 : 1));
  const list = [
    ...regions.map((stock) => offer('region', stock, demand)).filter(found),
    ...byPrice.slice(0, MOST_OTHER_MODELS),
    ...(here
      ? smaller(here, demand)
          .map((size) => offer('smaller', here, size))
          .filter(found)
      : []),
  ];
  return list.map(({ micro: _, ...alternative }) => alternative);
}

/** The largest smaller request that fits in the same place. */
function smaller(stock: Stock, demand: Demand): { nodeCount: number; gpusPerNode: number }[] {
  if (gpusOf(demand) > demand.gpusPerNode) {
    const nodeCount = Math.min(nodesAvailable(stock, demand), demand.nodeCount - 1);
    return nodeCount > 0 ? [{ nodeCount, gpusPerNode: demand.gpusPerNode }] : [];
  }
  const gpus = [4, 2, 1].find((count) => count < demand.gpusPerNode && count <= stock.largest && count <= stock.free);
  return gpus ? [{ nodeCount: 1, gpusPerNode: gpus }] : [];
}

function describe(
  kind: Alternative['kind'],
  stock: Stock,
  size: { nodeCount: number; gpusPerNode: number },
  price: CurrentPrice,
  currency: string,
): Alternative {
  return {
    kind,
    region_id: stock.regionId,
    accelerator_id: stock.modelId,
    node_count: size.nodeCount,
    gpus_per_node: size.gpusPerNode,
    free: stock.free,
    price_per_gpu_hour: formatMicro(price.microPerGpuHour, currency as Currency),
    currency: currency as Currency,
  };
}
