'use client';
import { useTranslations } from 'next-intl';
import { Dialog } from '@/ui/dialog';
import { Kbd } from '@/ui/kbd';
import { useCommandList } from './provider';

/** All shortcuts that work here, from the same registry that makes them work. */
export default function KeyboardHelp({ onClose }: { onClose: () => void }) {
  const t = useTranslations('commands');
  const commands = useCommandList().filter((command) => command.keys);
  const rows = [
    { id: 'palette', label: t('title'), keys: '⌘K / Ctrl K' },
    { id: 'help', label: t('help'), keys: '?' },
    ...commands,
  ];
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t('help')}>
      <ul className="divide-y divide-line">
        {rows.map((row) => (
          <li key={row.id} className="flex min-h-9 items-center justify-between gap-4 text-sm">
            {row.label}
            <span className="flex gap-1">
              {(row.id === 'palette' ? [row.keys ?? ''] : (row.keys ?? '').split(' ')).map((key) => (
                <Kbd key={key}>{key.length === 1 ? key.toUpperCase() : key}</Kbd>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
