'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { useConsole } from '@/shell/console-context';
import type { LiveStatus } from './event-stream';

/**
 * Keeps every page of this tab as the server is (see `keepLive`), and shows whether it can: a bead that is green while changes
 * arrive by themselves. Its machinery is fetched after the page stands.
 */
export function LiveUpdates() {
  const t = useTranslations('shell.live');
  const client = useQueryClient();
  const router = useRouter();
  const { organization, can } = useConsole();
  const [status, setStatus] = useState<LiveStatus>('connecting');
  const mayListen = can('event.read');
  useEffect(() => {
    let end: (() => void) | null = null;
    let left = false;
    void import('./keep-live').then(({ keepLive }) => {
      if (left) return;
      end = keepLive({
        client,
        organizationId: organization.id,
        mayListen,
        onStatus: setStatus,
        onFrame: () => router.refresh(),
      });
    });
    return () => {
      left = true;
      end?.();
    };
  }, [client, organization.id, mayListen, router]);
  const live = status === 'live';
  const label = status === 'polling' ? t('polling') : live ? t('live') : t('connecting');
  return (
    <span
      role="img"
      aria-label={label}
      title={label}
      data-live={status}
      className="flex size-6 items-center justify-center"
    >
      <span
        className={`size-2 rounded-full ${live ? 'bg-success' : status === 'polling' ? 'bg-warning' : 'bg-line'}`}
      />
    </span>
  );
}
