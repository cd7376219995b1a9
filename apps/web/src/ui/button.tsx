import Link from 'next/link';
import type { ComponentProps, MouseEvent, ReactNode } from 'react';
import { cx } from '@/lib/cx';
import { Spinner } from './spinner';

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

interface ButtonProps extends Omit<ComponentProps<'button'>, 'disabled'> {
  variant?: ButtonVariant;
  size?: ButtonSize;
  /** Work is under way: a spinner shows and further clicks do nothing, but focus stays. */
  busy?: boolean;
  disabled?: boolean;
}

export function Button({ variant, size, busy = false, className, children, onClick, type, ...rest }: ButtonProps) {
  const click = (event: MouseEvent<HTMLButtonElement>) => {
    if (busy) event.preventDefault();
    else onClick?.(event);
  };
  return (
    <button
      type={type ?? 'button'}
      className={buttonClass(variant, size, className)}
      aria-busy={busy || undefined}
      onClick={click}
      {...rest}
    >
      {busy && <Spinner />}
      {children}
    </button>
  );
}

interface ButtonLinkProps {
  href: string;
  variant?: ButtonVariant;
  size?: ButtonSize;
  className?: string;
  children: ReactNode;
}

/** A link that looks like a button. */
export function ButtonLink({ href, variant, size, className, children }: ButtonLinkProps) {
  return (
    <Link href={href} className={buttonClass(variant, size, className)}>
      {children}
    </Link>
  );
}

interface IconButtonProps extends Omit<ButtonProps, 'children' | 'aria-label'> {
  label: string;
  children: ReactNode;
}

const SQUARES: Record<ButtonSize, string> = { sm: 'w-7 px-0', md: 'w-8 px-0', lg: 'w-10 px-0' };

/** Classes of a square button that shows only an icon. */
export function iconButtonClass(variant: ButtonVariant = 'ghost', size: ButtonSize = 'md', className?: string): string {
  return cx(BASE, VARIANTS[variant], SIZES[size].replace(/px-\S+/, ''), SQUARES[size], className);
}

/** A square button with an icon; `label` is its name and its tooltip. */
export function IconButton({ label, className, size, variant, children, busy = false, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      className={iconButtonClass(variant, size, className)}
      aria-label={label}
      title={label}
      aria-busy={busy || undefined}
      {...rest}
    >
      {busy ? <Spinner /> : children}
    </button>
  );
}
