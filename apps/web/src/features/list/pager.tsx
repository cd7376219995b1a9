'use client';
import { useTranslations } from 'next-intl';
import { Button } from '@/ui/button';
import { ChevronRight, ChevronsLeft } from '@/ui/icons';

interface PagerProps {
  cursor: string;
  nextCursor: string | null | undefined;
  onGo: (cursor: string | null) => void;
}

/** Cursor pages: forward, and back to the first; the browser's Back goes one page back. Hidden when one page is all. */
export function Pager({ cursor, nextCursor, onGo }: PagerProps) {
  const t = useTranslations('common');
  if (!cursor && !nextCursor) return null;
  return (
    <nav className="mt-3 flex justify-end gap-2" aria-label={t('pages')}>
      {cursor && (
        <Button size="sm" onClick={() => onGo(null)}>
          <ChevronsLeft className="size-3.5" />
          {t('first')}
        </Button>
      )}
      {nextCursor && (
        <Button size="sm" onClick={() => onGo(nextCursor)}>
          {t('next')}
          <ChevronRight className="size-3.5" />
        </Button>
      )}
    </nav>
  );
}
