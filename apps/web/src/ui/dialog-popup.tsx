'use client';
import { Dialog as Base } from '@base-ui/react/dialog';
import { useTranslations } from 'next-intl';
import { cx } from '@/lib/cx';
import { X } from '@/ui/icons';
import type { DialogProps } from './dialog';

const PLACEMENTS = {
  center:
    'inset-x-3 top-[12dvh] mx-auto max-h-[80dvh] max-w-lg rounded-xl data-ending-style:scale-98 data-starting-style:scale-98',
  side: 'inset-y-0 right-0 w-full max-w-lg border-y-0 border-r-0 sm:rounded-l-xl data-ending-style:translate-x-8 data-starting-style:translate-x-8',
};

/** A modal with title, focus kept inside, Escape and the scrim to close. */
export default function DialogPopup({
  open,
  onOpenChange,
  title,
  description,
  children,
  placement,
  className,
}: DialogProps) {
  const t = useTranslations('common');
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-overlay bg-scrim transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup
          className={cx(
            'fixed z-overlay flex flex-col overflow-hidden border border-line bg-raised shadow-raised transition duration-150 focus:outline-none data-ending-style:opacity-0 data-starting-style:opacity-0',
            PLACEMENTS[placement ?? 'center'],
            className,
          )}
        >
          <header className="flex items-start justify-between gap-4 px-5 pt-5 pb-3">
            <div className="min-w-0">
              <Base.Title className="font-semibold text-lg">{title}</Base.Title>
              {description && <Base.Description className="mt-1 text-muted text-sm">{description}</Base.Description>}
            </div>
            <Base.Close
              className="-m-1.5 rounded-md p-1.5 text-muted hover:bg-hover hover:text-content"
              aria-label={t('close')}
            >
              <X className="size-4" />
            </Base.Close>
          </header>
          <div className="min-h-0 overflow-y-auto px-5 pb-5">{children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
