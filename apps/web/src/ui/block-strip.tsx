import { cx } from '@/lib/cx';

interface BlockStripProps {
  /** Utilization per second in ppm; null = should have been measured and was not; undefined = no second of this lease. */
  values: readonly (number | null | undefined)[];
  label: string;
  className?: string;
}

/**
 * One usage block drawn as it is billed: a bar for each second, a red mark where one is missing, nothing where none was
 * due. The same drawing stands on the landing page, in usage and on invoices.
 */
export function BlockStrip({ values, label, className }: BlockStripProps) {
  const bars = values.map((ppm, second) => (typeof ppm === 'number' ? bar(second, ppm) : '')).join('');
  const missing = values.map((ppm, second) => (ppm === null ? `M${second * 4} 23h3v1h-3z` : '')).join('');
  return (
    <svg
      viewBox={`0 0 ${values.length * 4 - 1} 24`}
      preserveAspectRatio="none"
      className={cx('h-6 w-full', className)}
      role="img"
      aria-label={label}
    >
      <path d={bars} fill="var(--chart-1)" />
      <path d={missing} fill="var(--danger)" />
    </svg>
  );
}

function bar(second: number, ppm: number): string {
  const height = Math.max(1, (ppm / 1_000_000) * 24);
  return `M${second * 4} ${(24 - height).toFixed(2)}h3v${height.toFixed(2)}h-3z`;
}

/** Turns what is missing before the first and after the last value into seconds that were not due. */
export function trimMissing(values: readonly (number | null)[]): (number | null | undefined)[] {
  const first = values.findIndex((value) => value !== null);
  const last = values.findLastIndex((value) => value !== null);
  return values.map((value, index) => (first < 0 || index < first || index > last ? undefined : value));
}
