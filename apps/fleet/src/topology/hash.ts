/**
 * Small integer hashes: everything that looks random in this fleet is a pure function of a seed and an identity, so
 * that the same fleet, values and logs appear after every restart. Integer arithmetic only.
 */

/** Finaliser of MurmurHash3 (fmix32): spreads 32 bits. */
export function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** FNV-1a of a text, spread; 32 bits. */
export function hashText(text: string, seed = 0): number {
  let h = (0x811c9dc5 ^ seed) | 0;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix(h);
}

/** Hash of two 32-bit numbers; order matters. */
export function hashPair(a: number, b: number): number {
  return mix(Math.imul(a ^ 0x9e3779b9, 0x01000193) ^ mix(b));
}

/** A whole number in [min, max], drawn by a hash. */
export function between(hash: number, min: number, max: number): number {
  return min + (hash % (max - min + 1));
}
