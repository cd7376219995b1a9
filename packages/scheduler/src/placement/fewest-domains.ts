/**
 * Choosing domains (leaves, racks) by how many nodes each can give. Exact: fewest domains first, then the least left
 * over in the chosen ones, so that large unbroken domains stay for others. Capacities are positive whole numbers.
 */

/** How many domains there are of each capacity, over several lists of them. */
function countByCapacity(groups: readonly (readonly number[])[]): number[] {
  const counts: number[] = [0];
  for (const group of groups) {
    for (const capacity of group) {
      while (counts.length <= capacity) counts.push(0);
      counts[capacity]! += 1;
    }
  }
  return counts;
}

/** Fewest domains that together give `need`, or null when all together do not. */
export function fewestDomains(capacities: readonly number[], need: number): number | null {
  const counts = countByCapacity([capacities]);
  let missing = need;
  let used = 0;
  for (let capacity = counts.length - 1; capacity > 0 && missing > 0; capacity -= 1) {
    const taken = Math.min(counts[capacity]!, Math.ceil(missing / capacity));
    missing -= taken * capacity;
    used += taken;
  }
  return missing <= 0 ? used : null;
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
  const size = (most + 1) * width;
  const best = new Int32Array(size).fill(-1);
  best[0] = 0;
  // from[g]: how many domains of group g the best choice for (k, l) takes when the groups up to g are known.
  const from = new Uint16Array(groups.length * size);
  sums.forEach((own, g) => {
    for (let k = Math.min(most, g + 1); k >= 1; k -= 1) {
      for (let l = count; l >= 1; l -= 1) {
        const at = k * width + l;
        const below = at - width;
        const limit = Math.min(l, own.length - 1);
        for (let taken = 1; taken <= limit; taken += 1) {
          const rest = best[below - taken]!;
          if (rest >= 0 && rest + own[taken]! > best[at]!) {
            best[at] = rest + own[taken]!;
            from[g * size + at] = taken;
          }
        }
      }
    }
  });
  for (let k = 2; k <= most; k += 1) {
    if (best[k * width + count]! >= need) return walkBack(from, groups.length, size, k, count);
  }
  return null;
}

function walkBack(from: Uint16Array, groups: number, size: number, groupsUsed: number, count: number): number[] {
  const chosen: number[] = [];
  let [k, l] = [groupsUsed, count];
  for (let g = groups - 1; g >= 0 && k > 0; g -= 1) {
    const own = from[g * size + k * (count + 1) + l]!;
    if (own === 0) continue;
    chosen.push(g);
    k -= 1;
    l -= own;
  }
  return chosen.reverse();
}

/** In how many groups the `count` largest domains lie; of equal ones those of the first groups. */
function groupsOfLargest(groups: readonly (readonly number[])[], count: number): number {
  const counts = countByCapacity(groups);
  let least = counts.length - 1;
  let above = 0;
  while (least > 0 && above + counts[least]! < count) {
    above += counts[least]!;
    least -= 1;
  }
  let atLeast = count - above;
  let holding = 0;
  for (const group of groups) {
    let chosen = false;
    for (const capacity of group) {
      if (capacity > least) chosen = true;
      else if (capacity === least && atLeast > 0) {
        chosen = true;
        atLeast -= 1;
      }
    }
    if (chosen) holding += 1;
  }
  return holding;
}

/** Sums of the largest 0, 1, 2 … up to `count` capacities. */
function prefixSums(group: readonly number[], count: number): number[] {
  const counts = countByCapacity([group]);
  const sums = [0];
  let sum = 0;
  for (let capacity = counts.length - 1; capacity > 0; capacity -= 1) {
    for (let i = counts[capacity]!; i > 0 && sums.length <= count; i -= 1) {
      sum += capacity;
      sums.push(sum);
    }
  }
  return sums;
}
