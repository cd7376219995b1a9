import { cx } from '@/lib/cx';

interface BlockStripProps {
  /** Utilization per second in ppm; null = not measured. Usually 60 values. */
  values: readonly (number | null)[];
  label: string;
  className?: string;
}

/**
 * One usage block drawn as it is billed: a bar for each second, hatched where nothing was measured. The same drawing
 * stands on the landing page, in usage and on invoices.
 */
export function BlockStrip({ values, label, className }: BlockStripProps) {
  const measured = pathOf(values, (ppm) => ppm !== null);
  const missing = values.map((ppm, second) => (ppm === null ? `M${second * 4} 23h3v1h-3z` : '')).join('');
  return (
    <svg
      viewBox={`0 0 ${values.length * 4 - 1} 24`}
      preserveAspectRatio="none"
      className={cx('h-6 w-full', className)}
      role="img"
      aria-label={label}
    >
      <path d={measured} fill="var(--chart-1)" />
      <path d={missing} fill="var(--danger)" />
    </svg>
  );
}

function pathOf(values: readonly (number | null)[], keep: (ppm: number | null) => boolean): string {
  return values
    .map((ppm, second) => {
      if (!keep(ppm)) return '';
      const height = Math.max(1, ((ppm ?? 0) / 1_000_000) * 24);
      return `M${second * 4} ${(24 - height).toFixed(2)}h3v${height.toFixed(2)}h-3z`;
    })
    .join('');
}
