import { z } from 'zod';

/** Phases of a boot, in order, as AllocationView shows them. */
export const BOOT_PHASES = ['pulling_image', 'creating_network', 'attaching_devices', 'booting', 'verifying'] as const;
export type BootPhase = (typeof BOOT_PHASES)[number];

const durationMs = z.number().min(0).max(86_400_000);

export const settingsSchema = z.strictObject({
  /** Everything that takes time takes 1/speed of it. The clock itself always is the wall clock. */
  speed: z.number().min(0.01).max(10_000),
  /** Multiplies the durations of booting and stopping; 0 = at once. */
  bootScale: z.number().min(0).max(1_000),
  phasesMs: z.strictObject({
    pulling_image: durationMs,
    creating_network: durationMs,
    attaching_devices: durationMs,
    booting: durationMs,
    verifying: durationMs,
  }),
  /** A clean shutdown. */
  stopMs: durationMs,
  /** What `sim-slow-boot` waits on top; not scaled by bootScale. */
  slowBootMs: durationMs,
  /** When a sentinel's fault strikes, after the workload became reachable. */
  faultAfterMs: durationMs,
  /** When a lost host or failed device comes back by itself. */
  repairMs: durationMs,
});

/** How the simulation behaves; changed by flags at start and by the control endpoint while it runs. */
export type Settings = z.infer<typeof settingsSchema>;

export const DEFAULT_SETTINGS: Settings = {
  speed: 1,
  bootScale: 1,
  phasesMs: { pulling_image: 2_500, creating_network: 800, attaching_devices: 700, booting: 3_200, verifying: 800 },
  stopMs: 1_500,
  slowBootMs: 90_000,
  faultAfterMs: 20_000,
  repairMs: 600_000,
};

/** Duration of a part of booting or stopping under these settings, in whole milliseconds. */
export function scaledMs(settings: Settings, ms: number): number {
  return Math.round((ms * settings.bootScale) / settings.speed);
}

/** Duration of anything else. */
export function spedMs(settings: Settings, ms: number): number {
  return Math.round(ms / settings.speed);
}
