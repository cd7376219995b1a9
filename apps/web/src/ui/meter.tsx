import { cx } from '@/lib/cx';

interface MeterProps {
  label: string;
  value: number;
  max: number;
  /** Text for screen readers, for example "6 of 8". */
  text: string;
  tone?: 'accent' | 'success' | 'warning' | 'danger' | 'plain';
  className?: string;
}

const FILL = {
  accent: 'bg-chart-1',
  success: 'bg-chart-2',
  warning: 'bg-chart-3',
  danger: 'bg-danger',
  plain: 'bg-muted',
};

/** A thin bar for a share. */
export function Meter({ label, value, max, text, tone = 'accent', className }: MeterProps) {
  const share = max > 0 ? Math.min(1, Math.max(0, value / max)) : 0;
  return (
    // biome-ignore lint/a11y/useSemanticElements: browsers do not let the bar of a meter element be styled
    <div
      role="meter"
      aria-label={label}
      aria-valuenow={value}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuetext={text}
      className={cx('h-1.5 overflow-hidden rounded-full bg-pressed', className)}
    >
      <div
        className={cx('h-full origin-left rounded-full transition-transform duration-300', FILL[tone])}
        style={{ transform: `scaleX(${share})` }}
      />
    </div>
  );
}
