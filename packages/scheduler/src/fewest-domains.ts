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

/**
 * Positions of exactly `count` domains that give at least `need` with the least excess; among equals the choice that
 * leaves the later positions untouched. `count` must be the fewest possible (see fewestDomains), which bounds the
 * excess below the largest capacity. Subset sum by dynamic programming: O(domains x count x need).
 */
export function leastExcess(capacities: readonly number[], count: number, need: number): number[] {
  const limit = need + Math.max(...capacities);
  const width = limit + 1;
  // reached[i] says which (domains used, sum) can be made of the first i domains.
  const reached: Uint8Array[] = [new Uint8Array((count + 1) * width)];
  reached[0]![0] = 1;
  capacities.forEach((capacity, i) => {
    const before = reached[i]!;
    const after = before.slice();
    for (let used = 1; used <= count; used += 1) {
      for (let sum = capacity; sum < width; sum += 1) {
        if (before[(used - 1) * width + sum - capacity] === 1) after[used * width + sum] = 1;
      }
    }
    reached.push(after);
  });
  const last = reached[capacities.length]!;
  let sum = need;
  while (sum < width && last[count * width + sum] !== 1) sum += 1;
  if (sum >= width) throw new Error('leastExcess was asked for something impossible');
  const chosen: number[] = [];
  let used = count;
  for (let i = capacities.length; i > 0; i -= 1) {
    if (reached[i - 1]![used * width + sum] === 1) continue;
    chosen.push(i - 1);
    used -= 1;
    sum -= capacities[i - 1]!;
  }
  return chosen.reverse();
}

/**
 * Fewest groups (spines) such that `count` of their domains (leaves) give at least `need`; returns the positions of one
 * such choice of groups. `groups[g]` are the capacities of group g's domains. Null when it cannot be done.
 * best[k][l] = most that k groups give with l domains; per group the largest domains count first.
 */
export function fewestGroups(groups: readonly (readonly number[])[], count: number, need: number): number[] | null {
  const single = groups.findIndex((group) => topSum(group, count) >= need);
  if (single >= 0) return [single];
  const width = count + 1;
  const cells = (groups.length + 1) * width;
  const best = new Int32Array(cells).fill(-1);
  best[0] = 0;
  const from: Int32Array[] = [];
  groups.forEach((group) => {
    const sums = prefixSums(group, count);
    const step = new Int32Array(cells).fill(0);
    for (let k = groups.length; k >= 1; k -= 1) {
      for (let l = count; l >= 1; l -= 1) {
        for (let own = 1; own < sums.length && own <= l; own += 1) {
          const rest = best[(k - 1) * width + l - own]!;
          if (rest >= 0 && rest + sums[own]! > best[k * width + l]!) {
            best[k * width + l] = rest + sums[own]!;
            step[k * width + l] = own;
          }
        }
      }
    }
    from.push(step);
  });
  for (let k = 2; k <= groups.length; k += 1) {
    if (best[k * width + count]! >= need) return walkBack(from, k, count, width);
  }
  return null;
}

function walkBack(from: readonly Int32Array[], groupsUsed: number, count: number, width: number): number[] {
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

function prefixSums(group: readonly number[], count: number): number[] {
  const sums = [0];
  for (const capacity of [...group].sort((a, b) => b - a).slice(0, count)) sums.push(sums.at(-1)! + capacity);
  return sums;
}

function topSum(group: readonly number[], count: number): number {
  return prefixSums(group, count).at(-1)!;
}
