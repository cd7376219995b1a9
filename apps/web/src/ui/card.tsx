import type { ReactNode } from 'react';
import { cx } from '@/lib/cx';

interface CardProps {
  children: ReactNode;
  className?: string;
  /** Without inner padding, for tables and lists. */
  flush?: boolean;
}

/** A bordered surface. */
export function Card({ children, className, flush = false }: CardProps) {
  return (
    <div className={cx('rounded-lg border border-line bg-surface shadow-card', !flush && 'p-4 sm:p-5', className)}>
      {children}
    </div>
  );
}

interface SectionProps {
  title: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
  flush?: boolean;
  /** Without a card around the content, which brings its own. */
  bare?: boolean;
  id?: string;
}

/** A titled card: the building block of pages. */
export function Section({
  title,
  description,
  actions,
  children,
  className,
  flush = false,
  bare = false,
  id,
}: SectionProps) {
  return (
    <section className={cx('min-w-0', className)} {...(id ? { id } : {})}>
      <div className="mb-2.5 flex min-h-7 flex-wrap items-end justify-between gap-x-4 gap-y-1">
        <div>
          <h2 className="font-semibold text-base">{title}</h2>
          {description && <p className="mt-0.5 max-w-prose text-muted text-sm">{description}</p>}
        </div>
        {actions && <div className="flex items-center gap-2">{actions}</div>}
      </div>
      {bare ? (
        children
      ) : (
        <Card flush={flush} className={flush ? 'overflow-hidden' : ''}>
          {children}
        </Card>
      )}
    </section>
  );
}
