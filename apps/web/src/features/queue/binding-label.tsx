'use client';
import { useTranslations } from 'next-intl';

/** What keeps a request waiting, in a word or two. */
export function BindingLabel({ binding }: { binding: string }) {
  const t = useTranslations('queue');
  const key = `bindings.${binding}` as Parameters<typeof t>[0];
  return <>{t.has(key) ? t(key) : binding}</>;
}
