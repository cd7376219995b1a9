import { type ReactNode, useId } from 'react';
import { cx } from '@/lib/cx';

interface SegmentedProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; label: ReactNode; disabled?: boolean; title?: string }[];
  onChange: (value: T) => void;
  className?: string;
}

/** A few exclusive choices side by side: radio buttons, so arrow keys and screen readers work as expected. */
export function Segmented<T extends string>({ label, value, options, onChange, className }: SegmentedProps<T>) {
  const name = useId();
  return (
    <fieldset className={cx('inline-flex rounded-md border border-line bg-sunken p-0.5', className)}>
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          title={option.title}
          className={cx(
            'relative inline-flex h-7 min-w-8 grow items-center justify-center gap-1.5 whitespace-nowrap rounded-sm px-2.5 font-medium text-sm has-focus-visible:outline-2 has-focus-visible:outline-accent',
            option.value === value ? 'bg-surface text-content shadow-card' : 'text-muted hover:text-content',
            option.disabled && 'cursor-not-allowed opacity-45',
          )}
        >
          <input
            type="radio"
            name={name}
            className="absolute inset-0 cursor-[inherit] opacity-0"
            checked={option.value === value}
            disabled={option.disabled ?? false}
            onChange={() => onChange(option.value)}
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
