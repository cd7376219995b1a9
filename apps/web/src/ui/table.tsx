import type { ComponentProps, ReactNode } from 'react';
import { cx } from '@/lib/cx';

/** A table that scrolls inside itself on narrow screens, never the page. `label` names it for screen readers. */
export function Table({ label, children, className }: { label: string; children: ReactNode; className?: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
    <section className="relative w-full overflow-x-auto" aria-label={label} tabIndex={0}>
      <table className={cx('w-full border-collapse text-sm', className)} aria-label={label}>
        {children}
      </table>
    </section>
  );
}

type Align = 'left' | 'right';

interface CellProps extends Omit<ComponentProps<'td'>, 'align'> {
  align?: Align;
  /** Hidden below this width, for what the row can do without. */
  from?: 'sm' | 'md' | 'lg' | 'xl' | undefined;
}

const FROM = {
  sm: 'hidden sm:table-cell',
  md: 'hidden md:table-cell',
  lg: 'hidden lg:table-cell',
  xl: 'hidden xl:table-cell',
};

export function Head({ children }: { children: ReactNode }) {
  return (
    <thead>
      <tr className="border-line border-b bg-sunken">{children}</tr>
    </thead>
  );
}

export function Th({ align = 'left', from, className, ...rest }: CellProps) {
  return (
    <th
      scope="col"
      className={cx(
        'h-9 whitespace-nowrap px-3 font-medium text-muted text-xs first:pl-4 last:pr-4 sm:first:pl-5 sm:last:pr-5',
        align === 'right' ? 'text-right' : 'text-left',
        from && FROM[from],
        className,
      )}
      {...rest}
    />
  );
}

export function Td({ align = 'left', from, className, ...rest }: CellProps) {
  return (
    <td
      className={cx(
        'h-11 px-3 first:pl-4 last:pr-4 sm:first:pl-5 sm:last:pr-5',
        align === 'right' ? 'whitespace-nowrap text-right' : 'text-left',
        from && FROM[from],
        className,
      )}
      {...rest}
    />
  );
}

export function Tr({ className, ...rest }: ComponentProps<'tr'>) {
  return <tr className={cx('border-line border-b last:border-b-0 hover:bg-sunken', className)} {...rest} />;
}
