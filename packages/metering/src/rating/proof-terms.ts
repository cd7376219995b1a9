import type { RatedTerms } from './canonical';
import type { Contract } from './contract';
import type { AllocationTerm, PriceRow, Pricing } from './types';

// biome-ignore lint/suspicious/noExplicitAny: canonical JSON, whose digest has been checked before it is read
type Json = any;

const bigOrNull = (value: string | null): bigint | null => (value === null ? null : BigInt(value));

const toBands = (bands: Json) =>
  bands.map((band: Json) => ({
    upToGpuSeconds: bigOrNull(band.upToGpuSeconds),
    microPerGpuHour: BigInt(band.microPerGpuHour),
  }));

function toPricing(raw: Json): Pricing {
  if (raw.model === 'flat') return { model: 'flat', microPerGpuHour: BigInt(raw.microPerGpuHour) };
  return { model: raw.model, bands: toBands(raw.bands) };
}

/** A price row from its canonical form. */
export function parsePrice(text: string): PriceRow {
  const raw: Json = JSON.parse(text);
  return { ...raw, pricing: toPricing(raw.pricing) };
}

function toAllocation(text: string): AllocationTerm {
  const raw: Json = JSON.parse(text);
  return { ...raw, gpusNum: BigInt(raw.gpusNum), gpusDen: BigInt(raw.gpusDen) };
}

function toContract(text: string): Contract {
  const raw: Json = JSON.parse(text);
  const prices = raw.prices.map((price: Json) =>
    price.model === 'discount' ? price : { ...price, bands: toBands(price.bands) },
  );
  return { ...raw, commitmentMinor: bigOrNull(raw.commitmentMinor), prices };
}

/** The terms of a run from their canonical form (termsText). */
export function parseTerms(text: string): RatedTerms {
  const raw: Json = JSON.parse(text);
  return {
    period: raw.period,
    exponent: raw.exponent,
    allocations: raw.allocations.map(toAllocation),
    reservations: raw.reservations.map((one: string) => {
      const item: Json = JSON.parse(one);
      const { gpusNum, gpusDen, microPerGpuHour } = item;
      return { ...item, gpusNum: BigInt(gpusNum), gpusDen: BigInt(gpusDen), microPerGpuHour: BigInt(microPerGpuHour) };
    }),
    commitmentMinor: bigOrNull(raw.commitmentMinor),
    spendCapMinor: bigOrNull(raw.spendCapMinor),
    cutsS: raw.cutsS ?? [],
    contracts: (raw.contracts ?? []).map(toContract),
  };
}
