/** Sets of up to 32 devices of one node as bits of an unsigned integer: bit i is the i-th device of the entry. */

/** Number of set bits. */
export function countBits(mask: number): number {
  let v = mask - ((mask >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return (((v + (v >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

/** The `count` lowest set bits; all of them when there are fewer. */
export function lowestBits(mask: number, count: number): number {
  let rest = mask;
  let taken = 0;
  for (let i = 0; i < count && rest !== 0; i += 1) {
    const bit = rest & -rest;
    taken |= bit;
    rest ^= bit;
  }
  return taken >>> 0;
}

/** Positions of the set bits, ascending. */
export function bitPositions(mask: number): number[] {
  const positions: number[] = [];
  for (let rest = mask; rest !== 0; rest &= rest - 1) positions.push(31 - Math.clz32(rest & -rest));
  return positions;
}
