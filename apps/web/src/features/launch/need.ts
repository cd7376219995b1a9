import type { Offer } from '@suanxiang/contract/schemas/fleet';
import { compareDecimal, timesDecimal } from '@/lib/decimal';
import { GPU_COUNTS } from './draft';

export type Purpose = 'inference' | 'lora' | 'full';
export type Precision = 'bf16' | 'int8' | 'int4';

const BYTES_PER_WEIGHT: Record<Precision, number> = { bf16: 2, int8: 1, int4: 0.5 };

/**
 * Memory that a model of `billions` parameters needs, in GiB: a planning figure, not a promise.
 * Inference: weights plus a fifth for cache and buffers. LoRA: bf16 weights plus 40 % for adapters, their optimiser and
 * activations. Full fine-tuning with Adam in mixed precision: 16 bytes a parameter (weights, gradients, master weights,
 * two moments) plus a fifth for activations.
 */
export function memoryNeedGib(billions: number, purpose: Purpose, precision: Precision): number {
  const perWeight = purpose === 'full' ? 16 * 1.2 : purpose === 'lora' ? 2 * 1.4 : BYTES_PER_WEIGHT[precision] * 1.2;
  return Math.ceil((billions * 1e9 * perWeight) / 2 ** 30);
}

export interface Suggestion {
  offer: Offer;
  gpus: (typeof GPU_COUNTS)[number];
  memoryGib: number;
  perHour: string;
}

/** The cheapest instances that hold the model and can start now, at most one for each offer, cheapest first. */
export function suggest(offers: readonly Offer[], needGib: number, most: number): Suggestion[] {
  const found = offers.flatMap((offer) => {
    const gpus = GPU_COUNTS.find((count) => count * offer.accelerator.memory_gib >= needGib);
    if (!gpus || offer.stock.largest_instance < gpus) return [];
    const perHour = timesDecimal(offer.price_per_gpu_hour, gpus);
    return [{ offer, gpus, memoryGib: gpus * offer.accelerator.memory_gib, perHour }];
  });
  return found.sort((a, b) => compareDecimal(a.perHour, b.perHour)).slice(0, most);
}
