import type { DecayedUsage } from '../queue/types';

/**
 * Remembered use: the integral of the share held, each second weighing half as much per half-life that has passed since.
 * Held constantly, a share of x is remembered as x (`rememberedShare`).
 */
export function decayedUsage(usage: DecayedUsage, share: number, toS: number, halfLifeS: number): DecayedUsage {
  const elapsedS = Math.max(0, toS - usage.atS);
  const kept = 2 ** (-elapsedS / halfLifeS);
  const weightS = halfLifeS / Math.LN2;
  return { valueS: usage.valueS * kept + share * weightS * (1 - kept), atS: Math.max(toS, usage.atS) };
}

/** The share that, held for ever, would be remembered as this. */
export function rememberedShare(usage: DecayedUsage, nowS: number, halfLifeS: number): number {
  return (decayedUsage(usage, 0, nowS, halfLifeS).valueS * Math.LN2) / halfLifeS;
}
