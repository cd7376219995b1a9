/** The `need` earliest of one domain, kept sorted while reading. */
interface Earliest {
  positions: number[];
  /** Time of the last of them once there are enough; later ones are of no interest. */
  worstS: number;
}

/**
 * The domain in which `need` of the listed times come first, and which those are: the smallest of each domain's n-th times. One pass;
 * most times are turned away by one comparison. Null when no domain has so many.
 */
export function soonestTogether(
  times: Float64Array,
  domains: Int32Array,
  need: number,
  passes: (position: number) => boolean,
): { atS: number; positions: number[] } | null {
  const byDomain = new Map<number, Earliest>();
  let lastDomain = -1;
  let last: Earliest | null = null;
  for (let i = 0; i < times.length; i += 1) {
    const atS = times[i]!;
    if (domains[i] !== lastDomain) {
      lastDomain = domains[i]!;
      last = byDomain.get(lastDomain) ?? { positions: [], worstS: Number.POSITIVE_INFINITY };
      byDomain.set(lastDomain, last);
    }
    if (atS >= last!.worstS || !passes(i)) continue;
    insert(last!, times, i, need);
  }
  let best: { atS: number; positions: number[] } | null = null;
  for (const { positions } of byDomain.values()) {
    if (positions.length < need) continue;
    const atS = times[positions[need - 1]!]!;
    if (best === null || atS < best.atS) best = { atS, positions };
  }
  return best;
}

function insert(earliest: Earliest, times: Float64Array, position: number, need: number): void {
  const { positions } = earliest;
  const atS = times[position]!;
  let [low, high] = [0, positions.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[positions[middle]!]! <= atS) low = middle + 1;
    else high = middle;
  }
  positions.splice(low, 0, position);
  if (positions.length > need) positions.pop();
  if (positions.length === need) earliest.worstS = times[positions[need - 1]!]!;
}
