import type { AllocationSpec } from '@suanxiang/hal/driver';

/**
 * Names that make the fleet fail on purpose (docs/guides/simulated-fleet.md). The longest matching prefix wins. Those
 * that break one machine strike only rank 0 of a gang, as a broken machine would.
 */
export const SENTINELS = {
  'sim-boot-fail': { everyRank: false },
  'sim-image-fail': { everyRank: false },
  'sim-slow-boot': { everyRank: true },
  'sim-host-loss': { everyRank: false },
  'sim-device-fault': { everyRank: false },
  'sim-exit': { everyRank: false },
  'sim-probe-fail': { everyRank: false },
  'sim-probe-once': { everyRank: false },
  'sim-probe-count': { everyRank: false },
  'sim-probe-links': { everyRank: false },
  'sim-probe-clock': { everyRank: false },
  'sim-capacity': { everyRank: false },
  'sim-lost-reply': { everyRank: true },
  'sim-flaky': { everyRank: true },
} as const;

export type Sentinel = keyof typeof SENTINELS;

/** The sentinel an allocation's name asks for, or null. */
export function sentinelOf(spec: Pick<AllocationSpec, 'name' | 'environment'>): Sentinel | null {
  for (const [sentinel, { everyRank }] of Object.entries(SENTINELS)) {
    if (!spec.name.startsWith(sentinel)) continue;
    const rank = spec.environment.NODE_RANK ?? '0';
    return everyRank || rank === '0' ? (sentinel as Sentinel) : null;
  }
  return null;
}
