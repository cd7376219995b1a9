'use client';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { cx } from '@/lib/cx';
import { type NavItem, ORGANIZATION_GROUPS, PROJECT_NAV } from '@/nav/nav-items';
import { paths } from '@/nav/paths';
import { Tag } from '@/ui/icons';
import { Logo } from '@/ui/logo';
import { useConsole } from './console-context';
import { ScopeSwitcher } from './scope-switcher';

const stay = () => {};

/** The navigation of the tenant side. `onNavigate` closes the drawer it stands in on narrow screens. */
export function Sidebar({ onNavigate = stay }: { onNavigate?: () => void }) {
  const t = useTranslations('nav');
  const brand = useTranslations('brand');
  const { projectSlug, orgSlug, project, can } = useConsole();
  const visible = (items: readonly NavItem[]) => items.filter((item) => can(item.permission));
  return (
    <div className="flex h-full flex-col">
      <div className="flex h-14 shrink-0 items-center px-4">
        <Link href={paths.overview(orgSlug, projectSlug)} onClick={onNavigate} className="flex rounded-md">
          <Logo name={brand('name')} />
        </Link>
      </div>
      <div className="px-3 pb-2">
        <ScopeSwitcher />
      </div>
      <nav className="min-h-0 flex-1 overflow-y-auto px-3 pb-4" aria-label={t('label')}>
        <NavGroup title={project?.name ?? projectSlug} items={visible(PROJECT_NAV)} onNavigate={onNavigate} />
        {ORGANIZATION_GROUPS.map(({ key, items }) => (
          <NavGroup key={key} title={t(`groups.${key}`)} items={visible(items)} onNavigate={onNavigate} />
        ))}
        <ul className="mt-4">
          <li>
            <Link href={paths.pricing} onClick={onNavigate} className={navLinkClass(false)}>
              <Tag className="size-4 shrink-0" />
              {t('prices')}
            </Link>
          </li>
        </ul>
      </nav>
    </div>
  );
}

interface NavGroupProps {
  title: string;
  items: readonly NavItem[];
  onNavigate: () => void;
}

function NavGroup({ title, items, onNavigate }: NavGroupProps) {
  const t = useTranslations('nav.items');
  const pathname = usePathname();
  const { orgSlug, projectSlug } = useConsole();
  if (items.length === 0) return null;
  return (
    <div className="mt-3">
      <p className="truncate px-2.5 pb-1 text-subtle text-xs">{title}</p>
      <ul className="space-y-px">
        {items.map((item) => {
          const href = item.href(orgSlug, projectSlug);
          const here = item.exact ? pathname === href : pathname === href || pathname.startsWith(`${href}/`);
          return (
            <li key={item.key}>
              <Link
                href={href}
                onClick={onNavigate}
                aria-current={here ? 'page' : undefined}
                className={navLinkClass(here)}
              >
                <item.icon className={cx('size-4 shrink-0', here && 'text-content')} />
                {t(item.key)}
              </Link>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** The present page is marked by surface and weight and, in a side bar, by a cinnabar bead. */
export function navLinkClass(here: boolean, bead = true): string {
  return cx(
    'relative flex h-8 items-center gap-2.5 rounded-md px-2.5 text-sm transition-colors',
    here ? 'bg-hover font-medium text-content' : 'text-muted hover:bg-hover hover:text-content',
    here && bead && 'before:absolute before:-left-3 before:h-4 before:w-1 before:rounded-r-full before:bg-brand',
  );
}
