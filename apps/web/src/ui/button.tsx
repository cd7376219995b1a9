import Link from 'next/link';
import type { ComponentProps, MouseEvent, ReactNode } from 'react';
import { type ButtonSize, type ButtonVariant, buttonClass, iconButtonClass } from './button-class';
import { Spinner } from './spinner';

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
