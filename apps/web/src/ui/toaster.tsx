'use client';
import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import { Toaster as Sonner, toast } from 'sonner';
import type { Toast } from './toast';

/** Hands each new notice to sonner once. */
export default function Toaster({ toasts }: { toasts: readonly Toast[] }) {
  const t = useTranslations('shell');
  const shown = useRef(0);
  useEffect(() => {
    for (const { id, text, tone } of toasts) {
      if (id <= shown.current) continue;
      shown.current = id;
      if (tone === 'danger') toast.error(text);
      else toast.success(text);
    }
  }, [toasts]);
  return (
    <Sonner
      position="bottom-right"
      containerAriaLabel={t('notices')}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            'flex w-full items-center gap-2.5 rounded-lg border border-line bg-raised px-4 py-3 text-content text-sm shadow-raised sm:w-(--width)',
          error: '[&_[data-icon]]:text-danger',
          success: '[&_[data-icon]]:text-success',
        },
      }}
    />
  );
}
