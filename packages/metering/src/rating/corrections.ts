import type { RatedLine } from './types';

/** A line of a finalized period whose amount is no longer what was billed. */
export interface Correction {
  key: string;
  /** New amount less everything billed so far: above 0 an adjustment, below 0 a credit note. */
  deltaMinor: bigint;
}

/**
 * What a finalized period lacks or has too much after rating it again (S14). `billedMinor` holds, by line key, the invoice's
 * amounts and every adjustment and credit note since; a key that is billed but no longer rated is given back in full.
 */
export function correctionsOf(billedMinor: ReadonlyMap<string, bigint>, lines: readonly RatedLine[]): Correction[] {
  const rated = new Map(lines.map((line) => [line.key, line.amountMinor]));
  return [...new Set([...rated.keys(), ...billedMinor.keys()])]
    .map((key) => ({ key, deltaMinor: (rated.get(key) ?? 0n) - (billedMinor.get(key) ?? 0n) }))
    .filter(({ deltaMinor }) => deltaMinor !== 0n);
}
