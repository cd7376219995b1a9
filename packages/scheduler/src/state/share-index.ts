/**
 * Partly free devices of a pool by their free share (1 to 999 thousandths), so that the tightest one that can take a
 * slice is found without looking at the others. Empty shares are skipped by bit words.
 */
export class ShareIndex {
  readonly #devices: (number[] | undefined)[] = [];
  readonly #words = new Uint32Array(32);

  /** Enters a device; returns its position. */
  enter(milli: number, device: number): number {
    let devices = this.#devices[milli];
    if (!devices) {
      devices = [];
      this.#devices[milli] = devices;
    }
    this.#words[milli >>> 5]! |= 1 << (milli & 31);
    return devices.push(device) - 1;
  }

  /** Takes the device at a position out; returns the device that took its position, or -1. */
  leave(milli: number, position: number): number {
    const devices = this.#devices[milli]!;
    const last = devices.pop()!;
    if (devices.length === 0) this.#words[milli >>> 5]! &= ~(1 << (milli & 31));
    if (position === devices.length) return -1;
    devices[position] = last;
    return last;
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

  /** Devices with exactly this share, in no order. */
  devices(milli: number): readonly number[] {
    return this.#devices[milli] ?? [];
  }
}
