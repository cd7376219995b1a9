/** Bits of the mask in which NVIDIA's tools print clock event reasons. */
const BITS: readonly [bit: bigint, reason: string][] = [
  [0x1n, 'gpu_idle'],
  [0x2n, 'applications_clocks_setting'],
  [0x4n, 'sw_power_cap'],
  [0x8n, 'hw_slowdown'],
  [0x10n, 'sync_boost'],
  [0x20n, 'sw_thermal_slowdown'],
  [0x40n, 'hw_thermal_slowdown'],
  [0x80n, 'hw_power_brake_slowdown'],
  [0x100n, 'display_clocks_setting'],
];

/** Names of the reasons in a mask, printed as a decimal or hexadecimal number; null when it is none. */
export function throttleReasons(mask: string): string[] | null {
  const text = mask.trim().toLowerCase();
  if (!/^(?:0x[0-9a-f]{1,16}|\d{1,19})$/.test(text)) return null;
  const bits = BigInt(text);
  return BITS.filter(([bit]) => (bits & bit) !== 0n).map(([, reason]) => reason);
}
