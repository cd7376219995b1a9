import { NextIntlClientProvider } from 'next-intl';
import { getMessages } from 'next-intl/server';
import type { ReactNode } from 'react';
import { pickMessages } from '@/i18n/messages';
import type { Namespace } from '@/i18n/namespaces';
import type { Messages } from '@/i18n/types';

/** Hands messages to client components: all, or only the namespaces that a small page needs. */
export async function ClientMessages({ only, children }: { only?: readonly Namespace[]; children: ReactNode }) {
  const messages = (await getMessages()) as Messages;
  return (
    <NextIntlClientProvider messages={only ? pickMessages(messages, only) : messages}>
      {children}
    </NextIntlClientProvider>
  );
}
