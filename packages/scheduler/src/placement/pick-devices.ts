import { countBits, lowestBits } from '../state/bits';
import type { NodeClass } from '../state/node-class';
import type { Pick } from './pick';

/** The best choice of `count` devices on any entry of a class (all in one island when asked so), or null. */
export function pickOf(nodeClass: NodeClass, count: number, oneIsland: boolean): Pick | null {
  if (count > nodeClass.openCount) return null;
  const picks = oneIsland ? nodeClass.islandPicks : nodeClass.picks;
  let pick = picks[count];
  if (pick === undefined) {
    pick = pickDevices(nodeClass, count, oneIsland);
    picks[count] = pick;
  }
  return pick;
}

/**
 * Chooses `count` open devices of a class of entries, or null when it has fewer: healthy before degraded, one island
 * before several, the island that fits tightest, then the lowest positions. Larger requests take whole islands first.
 * With `oneIsland` a choice across islands is none.
 */
function pickDevices(nodeClass: NodeClass, count: number, oneIsland: boolean): Pick | null {
  const { open, healthy, openCount } = nodeClass;
  if (openCount < count) return null;
  const { islands } = nodeClass.layout;
  const usesDegraded = countBits(healthy) < count;
  const from = usesDegraded ? open : healthy;
  const tight = tightestIsland(islands, from, count);
  if (tight === 0 && oneIsland) return pickDegraded(nodeClass, count);
  const mask = tight === 0 ? acrossIslands(islands, from, count) : lowestBits(from & tight, count);
  return pickOfMask(nodeClass, mask, usesDegraded, tight !== 0);
}

/** `count` devices of one island, as few degraded ones as need be. */
function pickDegraded(nodeClass: NodeClass, count: number): Pick | null {
  const { open, healthy, layout } = nodeClass;
  let best = 0;
  for (const island of layout.islands) {
    if (countBits((island & open) >>> 0) < count) continue;
    if (best === 0 || countBits((island & healthy) >>> 0) > countBits((best & healthy) >>> 0)) best = island;
  }
  if (best === 0) return null;
  const good = lowestBits((best & healthy) >>> 0, count);
  const rest = lowestBits((best & open & ~healthy) >>> 0, count - countBits(good));
  return pickOfMask(nodeClass, (good | rest) >>> 0, rest !== 0, true);
}

function pickOfMask({ open, layout }: NodeClass, mask: number, usesDegraded: boolean, oneIsland: boolean): Pick {
  const { islands } = layout;
  const left = (open & ~mask) >>> 0;
  let leftInIsland = 32;
  for (const island of islands) {
    if ((island & mask) !== 0) leftInIsland = Math.min(leftInIsland, countBits((island & left) >>> 0));
  }
  return { mask, usesDegraded, oneIsland, leftInIsland, leftOnNode: countBits(left) };
}

/** The island with the fewest open devices that still holds `count`, or 0. */
function tightestIsland(islands: readonly number[], from: number, count: number): number {
  let best = 0;
  let bestOpen = 33;
  for (const island of islands) {
    const open = countBits((island & from) >>> 0);
    if (open >= count && open < bestOpen) {
      best = island;
      bestOpen = open;
    }
  }
  return best;
}

/** Fills the islands with most open devices first, so that as few islands as possible are touched. */
function acrossIslands(islands: readonly number[], from: number, count: number): number {
  const order = islands
    .map((island) => (island & from) >>> 0)
    .sort((a, b) => countBits(b) - countBits(a) || (a & -a) - (b & -b));
  let mask = 0;
  let missing = count;
  for (const island of order) {
    const taken = lowestBits(island, missing);
    mask = (mask | taken) >>> 0;
    missing -= countBits(taken);
  }
  return mask;
}
