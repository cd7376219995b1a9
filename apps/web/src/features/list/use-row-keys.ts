'use client';
import { useTranslations } from 'next-intl';
import { useRef } from 'react';
import { useCommands } from '@/commands/provider';

/** "j" and "k" move the focus over the rows' links of the table in the returned ref; Enter opens, as links do. */
export function useRowKeys<T extends HTMLElement>() {
  const t = useTranslations('commands');
  const ref = useRef<T>(null);
  const move = (by: 1 | -1) => {
    const links = [...(ref.current?.querySelectorAll<HTMLAnchorElement>('a[data-row]') ?? [])];
    const here = links.indexOf(document.activeElement as HTMLAnchorElement);
    links.at(Math.min(links.length - 1, Math.max(0, here < 0 ? 0 : here + by)))?.focus();
  };
  useCommands(
    () => [
      { id: 'row-next', label: t('nextRow'), group: 'navigation', keys: 'j', run: () => move(1) },
      { id: 'row-previous', label: t('previousRow'), group: 'navigation', keys: 'k', run: () => move(-1) },
    ],
    [t],
  );
  return ref;
}
