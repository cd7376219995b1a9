import type { Span } from '@suanxiang/domain/calendar';
import { rational, roundHalfAwayFromZero } from '@suanxiang/domain/rational';
import { timelineOf } from './prices';
import type { PriceRow, Pricing, TierBand } from './types';

/** What a contract says about the price of one SKU, or of every SKU that it does not name (null). */
export type ContractPrice =
  | { sku: string | null; model: 'discount'; discountPpm: number }
  | { sku: string; model: 'graduated' | 'volume'; bands: readonly TierBand[] };

/** Terms that an account has agreed on, in force over [fromS, toS). Contracts of an account do not overlap. */
export interface Contract {
  id: string;
  fromS: number;
  /** null: until other terms follow. */
  toS: number | null;
  /** Least total of each billing period, in minor units; null: none. */
  commitmentMinor: bigint | null;
  prices: readonly ContractPrice[];
}

const PPM = 1_000_000n;

/** A price less a discount, rounded once to a micro-unit, half away from zero. */
export function discounted(microPerGpuHour: bigint, discountPpm: number): bigint {
  return roundHalfAwayFromZero(rational(microPerGpuHour * (PPM - BigInt(discountPpm)), PPM));
}

/** The contract in force at a second, or null. */
export function contractAt(contracts: readonly Contract[], second: number): Contract | null {
  return contracts.find(({ fromS, toS }) => fromS <= second && second < (toS ?? Infinity)) ?? null;
}

/** What a contract says about a SKU: by its name before what holds for all. */
function priceOf(contract: Contract | null, sku: string): ContractPrice | null {
  const named = contract?.prices.find((price) => price.sku === sku);
  return named ?? contract?.prices.find((price) => price.sku === null) ?? null;
}

function pricingOf(list: PriceRow, price: ContractPrice | null): Pricing {
  if (!price) return list.pricing;
  if (price.model !== 'discount') return { model: price.model, bands: price.bands };
  const { pricing } = list;
  const less = (micro: bigint) => discounted(micro, price.discountPpm);
  if (pricing.model === 'flat') return { model: 'flat', microPerGpuHour: less(pricing.microPerGpuHour) };
  return {
    model: pricing.model,
    bands: pricing.bands.map((band) => ({ ...band, microPerGpuHour: less(band.microPerGpuHour) })),
  };
}

/**
 * List prices as an account pays them under its contracts: another row begins wherever the list or a contract changes. Pure, so
 * that the customer derives the same rows from list prices and terms. SKUs that no contract names keep their rows.
 */
export function negotiatedRows(list: readonly PriceRow[], contracts: readonly Contract[]): PriceRow[] {
  if (contracts.length === 0) return [...list];
  return [...new Set(list.map((row) => row.sku))].flatMap((sku) => {
    const own = list.filter((row) => row.sku === sku);
    if (!contracts.some((contract) => priceOf(contract, sku))) return own;
    const timeline = timelineOf(own, sku);
    const bounds = contracts.flatMap(({ fromS, toS }) => (toS === null ? [fromS] : [fromS, toS]));
    const startsS = [...new Set([...timeline.startsS, ...bounds])].sort((a, b) => a - b);
    return startsS.flatMap((fromS): PriceRow[] => {
      const row = timeline.at(fromS);
      if (!row) return [];
      const pricing = pricingOf(row, priceOf(contractAt(contracts, fromS), sku));
      return [{ sku, fromS, publishedS: null, pricing, minSeconds: row.minSeconds }];
    });
  });
}

/**
 * The least spend of a billing period: that of the contract in force in its middle, since a period whose bounds have moved with the
 * account's time zone may begin or end some hours beside the contract.
 */
export function commitmentOf(contracts: readonly Contract[], { fromS, toS }: Span): bigint | null {
  return contractAt(contracts, Math.floor((fromS + toS) / 2))?.commitmentMinor ?? null;
}

/** The highest price per GPU-hour that a pricing knows: what an hour costs at most. */
export function highestMicro(pricing: Pricing): bigint {
  if (pricing.model === 'flat') return pricing.microPerGpuHour;
  let most = 0n;
  for (const { microPerGpuHour } of pricing.bands) if (microPerGpuHour > most) most = microPerGpuHour;
  return most;
}
