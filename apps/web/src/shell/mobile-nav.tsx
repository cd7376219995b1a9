'use client';
import { Dialog } from '@base-ui/react/dialog';
import { useTranslations } from 'next-intl';
import { Sidebar } from './sidebar';

/** The navigation as a drawer, for narrow screens. */
export default function MobileNav({ onClose }: { onClose: () => void }) {
  const t = useTranslations('nav');
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-overlay bg-scrim" />
        <Dialog.Popup
          className="fixed inset-y-0 left-0 z-overlay w-72 max-w-[85vw] border-line border-r bg-canvas shadow-raised outline-none transition duration-150 data-starting-style:-translate-x-8 data-starting-style:opacity-0"
          aria-label={t('label')}
        >
          <Sidebar onNavigate={onClose} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
