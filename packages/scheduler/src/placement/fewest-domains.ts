/**
 * Choosing domains (leaves, racks) by how many nodes each can give. Exact: fewest domains first, then the least left
 * over in the chosen ones, so that large unbroken domains stay for others. Capacities are positive whole numbers.
 */

/** Fewest domains that together give `need`, or null when all together do not. */
export function fewestDomains(capacities: readonly number[], need: number): number | null {
  let missing = need;
  let count = 0;
  for (const capacity of [...capacities].sort((a, b) => b - a)) {
    if (missing <= 0) break;
    missing -= capacity;
    count += 1;
  }
  return missing <= 0 ? count : null;
}

/** Positions of the domains by capacity, small capacities first. */
function byCapacity(capacities: readonly number[]): { capacity: number; positions: number[] }[] {
  const groups = new Map<number, number[]>();
  capacities.forEach((capacity, position) => {
    const group = groups.get(capacity);
    if (group) group.push(position);
    else groups.set(capacity, [position]);
  });
  return [...groups].sort(([a], [b]) => a - b).map(([capacity, positions]) => ({ capacity, positions }));
}

/** into |= from << by, for sets of sums as rows of 32-bit words. */
function orShifted(words: Uint32Array, into: number, from: number, by: number, width: number): void {
  const skip = by >>> 5;
  const bits = by & 31;
  for (let word = width - 1; word >= skip; word -= 1) {
    let moved = words[from + word - skip]! << bits;
    if (bits > 0 && word > skip) moved |= words[from + word - skip - 1]! >>> (32 - bits);
    words[into + word]! |= moved;
  }
}

/**
 * Positions of exactly `count` domains that give at least `need` with the least excess; among equals the choice that
 * leaves the largest domains untouched, and of equal domains the later ones. `count` must be the fewest possible (see
 * fewestDomains), which bounds the excess below the largest capacity. Subset sum over sets of bits, one layer for each
 * distinct capacity: O(domains x count x need / 32).
 */
export function leastExcess(capacities: readonly number[], count: number, need: number): number[] {
  const groups = byCapacity(capacities);
  const limit = need + groups.at(-1)!.capacity;
  const width = (limit >>> 5) + 1;
  const layerSize = (count + 1) * width;
  // layers[g]: row `used` is the set of sums that `used` domains of the first g groups can make.
  const layers = new Uint32Array((groups.length + 1) * layerSize);
  layers[0] = 1;
  groups.forEach(({ capacity, positions }, g) => {
    const layer = (g + 1) * layerSize;
    layers.copyWithin(layer, g * layerSize, layer);
    for (let times = Math.min(positions.length, count); times > 0; times -= 1) {
      for (let used = count; used > 0; used -= 1) {
        orShifted(layers, layer + used * width, layer + (used - 1) * width, capacity, width);
      }
    }
  });
  const reached = (g: number, used: number, sum: number) =>
    (layers[g * layerSize + used * width + (sum >>> 5)]! & (1 << (sum & 31))) !== 0;
  let sum = need;
  while (sum <= limit && !reached(groups.length, count, sum)) sum += 1;
  if (sum > limit) throw new Error('leastExcess was asked for something impossible');
  const chosen: number[] = [];
  let used = count;
  for (let g = groups.length; g > 0; g -= 1) {
    const { capacity, positions } = groups[g - 1]!;
    let times = 0;
    while (!reached(g - 1, used - times, sum - times * capacity)) times += 1;
    for (let i = 0; i < times; i += 1) chosen.push(positions[i]!);
    used -= times;
    sum -= times * capacity;
  }
  return chosen.sort((a, b) => a - b);
}

/**
 * Fewest groups (spines) such that `count` of their domains (leaves) give at least `need`; returns the positions of one
 * such choice of groups. `groups[g]` are the capacities of group g's domains. Null when it cannot be done.
 * best[k][l] = most that k groups give with l domains; per group the largest domains count first. No more groups are
 * looked at than the `count` largest domains lie in, which is a choice already.
 */
export function fewestGroups(groups: readonly (readonly number[])[], count: number, need: number): number[] | null {
  const sums = groups.map((group) => prefixSums(group, count));
  const single = sums.findIndex((own) => own.at(-1)! >= need);
  if (single >= 0) return [single];
  const most = Math.min(groups.length, groupsOfLargest(groups, count));
  const width = count + 1;
  const best = new Int32Array((most + 1) * width).fill(-1);
  best[0] = 0;
  const from: Uint16Array[] = [];
  for (const own of sums) {
    const step = new Uint16Array((most + 1) * width);
    for (let k = most; k >= 1; k -= 1) {
      for (let l = count; l >= 1; l -= 1) {
        const at = k * width + l;
        const below = (k - 1) * width + l;
        const limit = Math.min(l, own.length - 1);
        for (let taken = 1; taken <= limit; taken += 1) {
          const rest = best[below - taken]!;
          if (rest >= 0 && rest + own[taken]! > best[at]!) {
            best[at] = rest + own[taken]!;
            step[at] = taken;
          }
        }
      }
    }
    from.push(step);
  }
  for (let k = 2; k <= most; k += 1) {
    if (best[k * width + count]! >= need) return walkBack(from, k, count, width);
  }
  return null;
}

function walkBack(from: readonly Uint16Array[], groupsUsed: number, count: number, width: number): number[] {
  const chosen: number[] = [];
  let [k, l] = [groupsUsed, count];
  for (let g = from.length - 1; g >= 0 && k > 0; g -= 1) {
    const own = from[g]![k * width + l]!;
    if (own === 0) continue;
    chosen.push(g);
    k -= 1;
    l -= own;
  }
  return chosen.reverse();
}

/** In how many groups the `count` largest domains of all lie. */
function groupsOfLargest(groups: readonly (readonly number[])[], count: number): number {
  const domains = groups.flatMap((group, g) => group.map((capacity) => ({ capacity, g })));
  domains.sort((a, b) => b.capacity - a.capacity || a.g - b.g);
  return new Set(domains.slice(0, count).map(({ g }) => g)).size;
}

function prefixSums(group: readonly number[], count: number): number[] {
  const sums = [0];
  for (const capacity of [...group].sort((a, b) => b - a).slice(0, count)) sums.push(sums.at(-1)! + capacity);
  return sums;
}
