import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { parseTheme, THEME_COOKIE } from '@/lib/preferences';
import { ClientMessages } from '@/server/client-messages';
import { OperatorShell } from '@/shell/operator-shell';

export default async function OperatorLayout({ children }: { children: ReactNode }) {
  const jar = await cookies();
  return (
    <ClientMessages
      only={[
        'brand',
        'commands',
        'common',
        'errors',
        'fapiao',
        'mails',
        'operator',
        'operatorBilling',
        'preferences',
        'problem',
        'queue',
        'quotas',
        'scheduling',
        'shell',
        'tenants',
        'terms',
        'user',
        'workload',
      ]}
    >
      <OperatorShell theme={parseTheme(jar.get(THEME_COOKIE)?.value)}>{children}</OperatorShell>
    </ClientMessages>
  );
}
