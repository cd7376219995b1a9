/**
 * Partly free devices of a pool by their free share (1 to 999 thousandths), so that the tightest one that can take a
 * slice is found without looking at the others. Devices of one share stand in the order of their nodes' names; empty
 * shares are skipped by bit words.
 */
export class ShareIndex {
  readonly #devices: (number[] | undefined)[] = [];
  readonly #words = new Uint32Array(32);
  readonly #compare: (a: number, b: number) => number;

  /** `compare` orders devices, and never changes its mind about two of them. */
  constructor(compare: (a: number, b: number) => number) {
    this.#compare = compare;
  }

  enter(milli: number, device: number): void {
    let devices = this.#devices[milli];
    if (!devices) {
      devices = [];
      this.#devices[milli] = devices;
    }
    this.#words[milli >>> 5]! |= 1 << (milli & 31);
    devices.splice(this.#place(devices, device), 0, device);
  }

  leave(milli: number, device: number): void {
    const devices = this.#devices[milli]!;
    devices.splice(this.#place(devices, device), 1);
    if (devices.length === 0) this.#words[milli >>> 5]! &= ~(1 << (milli & 31));
  }

  /** Place of a device among devices in order: of itself if it is there, else where it belongs. */
  #place(devices: readonly number[], device: number): number {
    let [low, high] = [0, devices.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(devices[middle]!, device) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The smallest share of at least `milli` that some device has, or 0. */
  next(milli: number): number {
    let word = milli >>> 5;
    if (word > 31) return 0;
    let bits = this.#words[word]! & (~0 << (milli & 31));
    while (bits === 0) {
      word += 1;
      if (word > 31) return 0;
      bits = this.#words[word]!;
    }
    return word * 32 + 31 - Math.clz32(bits & -bits);
  }

  /** Devices with exactly this share, by name of their nodes, then position. */
  devices(milli: number): readonly number[] {
    return this.#devices[milli] ?? [];
  }
}
