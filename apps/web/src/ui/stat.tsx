import type { ReactNode } from 'react';
import { cx } from '@/lib/cx';

interface StatProps {
  label: ReactNode;
  value: ReactNode;
  hint?: ReactNode;
  className?: string;
}

/** One figure with its name; the figure is set in tabular numerals so that it can tick without moving. */
export function Stat({ label, value, hint, className }: StatProps) {
  return (
    <div className={cx('min-w-0', className)}>
      <p className="text-muted text-xs">{label}</p>
      <p className="tnum mt-1.5 truncate font-semibold text-xl">{value}</p>
      {hint && <p className="mt-1 text-subtle text-xs">{hint}</p>}
    </div>
  );
}

/** Figures side by side, divided by hairlines; those that wrap fill their row. */
export function StatRow({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <div
      className={cx(
        'flex flex-wrap gap-px overflow-hidden rounded-lg border border-line bg-line shadow-card [&>*]:grow [&>*]:basis-[min(9.5rem,50%-1px)] [&>*]:bg-surface [&>*]:p-4 sm:[&>*]:px-5',
        className,
      )}
    >
      {children}
    </div>
  );
}
