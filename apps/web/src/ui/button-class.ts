import { cx } from '@/lib/cx';

export type ButtonVariant = 'primary' | 'secondary' | 'ghost' | 'danger';
export type ButtonSize = 'sm' | 'md' | 'lg';

const BASE =
  'inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-colors duration-100 disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:opacity-50';
const VARIANTS: Record<ButtonVariant, string> = {
  primary: 'bg-primary text-inverse hover:bg-primary-hover',
  secondary: 'border border-line-strong bg-surface text-content hover:bg-hover active:bg-pressed',
  ghost: 'text-muted hover:bg-hover hover:text-content active:bg-pressed',
  danger: 'bg-danger-solid text-white hover:bg-danger-solid-hover',
};
const SIZES: Record<ButtonSize, string> = {
  sm: 'h-7 px-2.5 text-sm',
  md: 'h-8 px-3 text-sm',
  lg: 'h-10 px-4 text-base',
};

/** Classes of a button, for elements that only look like one. */
export function buttonClass(variant: ButtonVariant = 'secondary', size: ButtonSize = 'md', className?: string): string {
  return cx(BASE, VARIANTS[variant], SIZES[size], className);
}

const SQUARES: Record<ButtonSize, string> = { sm: 'w-7 px-0', md: 'w-8 px-0', lg: 'w-10 px-0' };

/** Classes of a square button that shows only an icon. */
export function iconButtonClass(variant: ButtonVariant = 'ghost', size: ButtonSize = 'md', className?: string): string {
  return cx(BASE, VARIANTS[variant], SIZES[size].replace(/px-\S+/, ''), SQUARES[size], className);
}
