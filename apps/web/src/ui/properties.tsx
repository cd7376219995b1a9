import type { ReactNode } from 'react';
import { cx } from '@/lib/cx';

export interface Property {
  label: ReactNode;
  value: ReactNode;
  wide?: boolean;
}

/** Facts about one thing, label above value, in as many columns as fit. */
export function Properties({ items, className }: { items: readonly Property[]; className?: string }) {
  return (
    <dl className={cx('grid grid-cols-[repeat(auto-fill,minmax(9.5rem,1fr))] gap-x-6 gap-y-4', className)}>
      {items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list is fixed per page
        <div key={index} className={cx('min-w-0', item.wide && 'col-span-full')}>
          <dt className="text-subtle text-xs">{item.label}</dt>
          <dd className="mt-1 min-w-0 break-words text-sm">{item.value}</dd>
        </div>
      ))}
    </dl>
  );
}
