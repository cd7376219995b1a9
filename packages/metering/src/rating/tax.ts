import { rational, roundHalfAwayFromZero } from '@suanxiang/domain/rational';

export interface TaxRule {
  /** exclusive: prices are net; inclusive: prices hold the tax. */
  mode: 'exclusive' | 'inclusive';
  ratePpm: bigint;
}

export interface Taxed {
  netMinor: bigint;
  taxMinor: bigint;
  /** net + tax */
  grossMinor: bigint;
}

const PPM = 1_000_000n;

/** Tax on an invoice's whole base, rounded once (S13). Without a rule the base is net and gross. */
export function taxOf(baseMinor: bigint, rule: TaxRule | null): Taxed {
  if (!rule) return { netMinor: baseMinor, taxMinor: 0n, grossMinor: baseMinor };
  if (rule.mode === 'exclusive') {
    const taxMinor = roundHalfAwayFromZero(rational(baseMinor * rule.ratePpm, PPM));
    return { netMinor: baseMinor, taxMinor, grossMinor: baseMinor + taxMinor };
  }
  const netMinor = roundHalfAwayFromZero(rational(baseMinor * PPM, PPM + rule.ratePpm));
  return { netMinor, taxMinor: baseMinor - netMinor, grossMinor: baseMinor };
}
