'use client';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { cx } from '@/lib/cx';

interface LinkTabsProps {
  label: string;
  items: readonly { href: string; label: string }[];
}

/** Tabs that are routes: links with the present one marked, so Back, bookmarks and new windows work. */
export function LinkTabs({ label, items }: LinkTabsProps) {
  const pathname = usePathname();
  return (
    <nav aria-label={label} className="mb-6 border-line border-b">
      <ul className="hide-scrollbar -mb-px flex gap-1 overflow-x-auto">
        {items.map((item) => {
          const here = pathname === item.href;
          return (
            <li key={item.href}>
              <Link
                href={item.href}
                aria-current={here ? 'page' : undefined}
                className={cx(
                  'flex h-9 items-center whitespace-nowrap border-b-2 px-3 text-sm -outline-offset-2',
                  here ? 'border-content font-medium text-content' : 'border-transparent text-muted hover:text-content',
                )}
              >
                {item.label}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
