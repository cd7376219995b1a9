const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** An instant for `10m` (so long ago), in whole units of s, m, h or d; everything else stays as it was typed. */
export function momentOf(text: string, nowMs: number): string {
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  if (!count) return text;
  return new Date(Math.max(0, nowMs - Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS])).toISOString();
}
