import type { EstimateCalibration, StartEstimate } from '../queue/types';

/** Waits are compared with this much added, so that seconds do not count as multiples. */
const SOFTEN_S = 120;
/** Bounds of the log ratio of real to estimated wait, and the width of a bin. */
const LOWEST = -6;
const STEP = 0.25;
const BINS = 49;
/** Upper bounds of estimated waits of the classes; the last class has none. */
const CLASS_S = [600, 3_600, 6 * 3_600, 24 * 3_600, 72 * 3_600];
const BASES: StartEstimate['basis'][] = ['planned', 'queue', 'beyond'];
/** Share of real starts below and above the interval. */
const TAIL = 0.07;
/** Before anything is learned: real waits are believed to lie between these multiples of the estimate. */
const PRIOR: readonly [number, number] = [0.1, 3];
const ENOUGH = 20;
/** Older errors weigh less by this factor per new one, so that the interval follows the load. */
const FADE = 0.998;

/** Calibration that has seen nothing. */
export function emptyCalibration(): EstimateCalibration {
  return { counts: Array.from({ length: BASES.length * (CLASS_S.length + 1) }, () => new Array<number>(BINS).fill(0)) };
}

function classOf(basis: StartEstimate['basis'], estimatedS: number): number {
  const size = CLASS_S.findIndex((limitS) => estimatedS < limitS);
  return BASES.indexOf(basis) * (CLASS_S.length + 1) + (size < 0 ? CLASS_S.length : size);
}

/** Learns from a request whose start came: the wait that was estimated, and the one it was. */
export function learn(
  calibration: EstimateCalibration,
  basis: StartEstimate['basis'],
  estimatedS: number,
  realS: number,
): EstimateCalibration {
  const at = classOf(basis, estimatedS);
  const ratio = Math.log((Math.max(0, realS) + SOFTEN_S) / (Math.max(0, estimatedS) + SOFTEN_S));
  const bin = Math.max(0, Math.min(BINS - 1, Math.floor((ratio - LOWEST) / STEP)));
  const counts = calibration.counts.map((bins, index) =>
    index === at ? bins.map((count, i) => count * FADE + (i === bin ? 1 : 0)) : bins,
  );
  return { counts };
}

/**
 * The interval that holds the real start with a stated frequency: the quantiles of past ratios of real to estimated wait of
 * the same class (conformal: it needs no model of why estimates err).
 */
export function intervalFor(
  calibration: EstimateCalibration | null,
  basis: StartEstimate['basis'],
  nowS: number,
  likelyS: number,
): StartEstimate {
  const estimatedS = likelyS - nowS;
  const [low, high] = ratiosOf(calibration, basis, estimatedS);
  const at = (ratio: number) => nowS + Math.max(0, Math.round((estimatedS + SOFTEN_S) * ratio - SOFTEN_S));
  return { basis, likelyS, fromS: Math.min(at(low), likelyS), toS: Math.max(at(high), likelyS) };
}

function ratiosOf(
  calibration: EstimateCalibration | null,
  basis: StartEstimate['basis'],
  estimatedS: number,
): readonly [number, number] {
  const bins = calibration?.counts[classOf(basis, estimatedS)];
  const total = bins?.reduce((sum, count) => sum + count, 0) ?? 0;
  if (!bins || total < ENOUGH) return PRIOR;
  const bound = (share: number) => {
    let seen = 0;
    for (let i = 0; i < BINS; i += 1) {
      seen += bins[i]!;
      if (seen >= share * total) return i;
    }
    return BINS - 1;
  };
  const [low, high] = [bound(TAIL), bound(1 - TAIL)];
  const ratio = (bin: number) => Math.exp(LOWEST + bin * STEP);
  return [low === 0 ? 0 : ratio(low), high === BINS - 1 ? Number.MAX_SAFE_INTEGER / 1e9 : ratio(high + 1)];
}
