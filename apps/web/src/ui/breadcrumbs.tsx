import Link from 'next/link';
import type { ReactNode } from 'react';
import { ChevronRight } from '@/ui/icons';

interface Crumb {
  label: ReactNode;
  href: string;
}

/** The way up from here. The page itself is the heading below, not a link. */
export function Breadcrumbs({ label, items }: { label: string; items: readonly Crumb[] }) {
  return (
    <nav aria-label={label} className="mb-2">
      <ol className="flex flex-wrap items-center gap-1 text-muted text-sm">
        {items.map((item, index) => (
          <li key={item.href} className="flex min-w-0 items-center gap-1">
            {index > 0 && <ChevronRight className="size-3.5 shrink-0 text-subtle" aria-hidden="true" />}
            <Link href={item.href} className="max-w-48 truncate rounded-sm hover:text-content">
              {item.label}
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}
