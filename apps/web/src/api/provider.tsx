'use client';
import { QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { StepUpHost } from '@/features/account/step-up-host';
import { OrganizationIdContext } from './hooks';
import { createQueryClient } from './query-client';

interface ApiProviderProps {
  organizationId: string | null;
  /** Where to go when the session has ended. */
  signInPath: string;
  children: ReactNode;
}

/** Gives a part of the page its query cache and the organisation that it acts in. */
export function ApiProvider({ organizationId, signInPath, children }: ApiProviderProps) {
  const [client] = useState(() =>
    createQueryClient(() => {
      const here = `${window.location.pathname}${window.location.search}`;
      if (window.location.pathname !== signInPath) {
        window.location.assign(`${signInPath}?next=${encodeURIComponent(here)}`);
      }
    }),
  );
  return (
    <QueryClientProvider client={client}>
      <OrganizationIdContext value={organizationId}>
        {children}
        <StepUpHost />
      </OrganizationIdContext>
    </QueryClientProvider>
  );
}
