import type { Span } from '@suanxiang/domain/calendar';
import { rational, ZERO } from '@suanxiang/domain/rational';
import type { RatedLine } from './types';

/** The true-up line of a committed least spend (S11): what all other lines lack to it, never below 0. */
export function commitmentLine(
  commitmentMinor: bigint,
  lines: readonly Pick<RatedLine, 'amountMinor'>[],
  period: Span,
): RatedLine {
  const spent = lines.reduce((sum, line) => sum + line.amountMinor, 0n);
  const amountMinor = commitmentMinor > spent ? commitmentMinor - spent : 0n;
  return {
    ...period,
    key: 'commitment',
    kind: 'commitment',
    sku: null,
    allocationId: null,
    qty: ZERO,
    exact: rational(amountMinor),
    amountMinor,
    leasedSeconds: 0,
    billedSeconds: 0,
    measuredSeconds: 0,
    minimumSeconds: 0,
    unpricedSeconds: 0,
    undeliveredSeconds: 0,
    undelivered: [],
    segments: [],
  };
}
