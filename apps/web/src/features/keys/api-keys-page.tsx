'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi, useApiMutation } from '@/api/hooks';
import type { ApiKey } from '@/api/types';
import { useCommands } from '@/commands/provider';
import { Pager } from '@/features/list/pager';
import { useUrlState } from '@/features/list/use-url-state';
import { lazily } from '@/lib/lazily';
import { useNow } from '@/lib/use-now';
import { useConsole } from '@/shell/console-context';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { Confirm } from '@/ui/confirm';
import { EmptyState } from '@/ui/empty-state';
import { KeyRound, Plus } from '@/ui/icons';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Ago, Time } from '@/ui/time';
import { notify } from '@/ui/toast';
import { DeprecatedCalls } from './deprecated-calls';
import { KEYS_PAGE } from './pages';

const ApiKeyDialog = lazily(() => import('./api-key-dialog'));

export function ApiKeysPage() {
  const t = useTranslations('apiKeys');
  const common = useTranslations('common');
  const url = useUrlState();
  const { can } = useConsole();
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const cursor = url.get('cursor');
  const keys = useApi(
    'listApiKeys',
    { query: { limit: KEYS_PAGE, ...(cursor ? { cursor } : {}) } },
    { keepPrevious: true },
  );
  useCommands(
    () => [
      { id: 'add-api-key', label: t('create'), group: 'actions', keys: 'c', icon: Plus, run: () => setCreating(true) },
    ],
    [t],
  );
  const button = can('api_key.create') && (
    <Button variant="primary" onClick={() => setCreating(true)}>
      <Plus className="size-4" />
      {t('create')}
    </Button>
  );
  return (
    <>
      <PageHeader title={t('title')} description={t('description')} actions={button} />
      {keys.error && !keys.data ? (
        <ErrorNotice error={keys.error} onRetry={() => void keys.refetch()} />
      ) : (
        <Card flush className="overflow-hidden">
          {keys.data?.items.length === 0 ? (
            <EmptyState icon={<KeyRound />} title={t('emptyTitle')} action={button}>
              {t('emptyText')}
            </EmptyState>
          ) : (
            <Table label={t('title')}>
              <Head>
                <Th>{common('name')}</Th>
                <Th from="md">{t('scopes')}</Th>
                <Th from="lg">{t('lastUsed')}</Th>
                <Th from="sm">{t('expires')}</Th>
                <Th align="right">
                  <span className="sr-only">{common('actions')}</span>
                </Th>
              </Head>
              <tbody>
                {keys.data?.items.map((key) => (
                  <KeyRow key={key.id} apiKey={key} onRevoke={() => setRevoking(key)} />
                ))}
              </tbody>
            </Table>
          )}
        </Card>
      )}
      <Pager cursor={cursor} nextCursor={keys.data?.next_cursor} onGo={(next) => url.set({ cursor: next }, 'push')} />
      <DeprecatedCalls />
      {creating && <ApiKeyDialog onClose={() => setCreating(false)} />}
      {revoking && <RevokeKey apiKey={revoking} onClose={() => setRevoking(null)} />}
    </>
  );
}

function KeyRow({ apiKey, onRevoke }: { apiKey: ApiKey; onRevoke: () => void }) {
  const t = useTranslations('apiKeys');
  const common = useTranslations('common');
  const { can, projects } = useConsole();
  const now = useNow(60_000);
  const expired = apiKey.expires_at !== null && now !== null && Date.parse(apiKey.expires_at) < now;
  const project = projects.find(({ id }) => id === apiKey.project_id);
  return (
    <Tr className={apiKey.revoked_at ? 'h-14 text-subtle' : 'h-14'}>
      <Td>
        <span className="flex flex-wrap items-center gap-2 font-medium">
          {apiKey.name}
          {apiKey.revoked_at ? <Badge>{t('revoked')}</Badge> : expired && <Badge tone="warning">{t('expired')}</Badge>}
          {apiKey.needs_review && <Badge tone="warning">{t('needsReview')}</Badge>}
          {project && <Badge>{project.name}</Badge>}
        </span>
        <code className="block font-mono text-subtle text-xs">{apiKey.display}</code>
      </Td>
      <Td from="md">
        <span className="flex flex-wrap gap-1">
          {apiKey.scopes.map((scope) => (
            <Badge key={scope}>{scope}</Badge>
          ))}
        </span>
      </Td>
      <Td from="lg" className="text-muted">
        {apiKey.last_used_at ? <Ago at={apiKey.last_used_at} /> : common('never')}
      </Td>
      <Td from="sm" className="text-muted">
        {apiKey.expires_at ? <Time at={apiKey.expires_at} style="date" /> : common('never')}
      </Td>
      <Td align="right">
        {can('api_key.delete') && !apiKey.revoked_at && (
          <Button size="sm" onClick={onRevoke} aria-label={t('revokeNamed', { name: apiKey.name })}>
            {t('revoke')}
          </Button>
        )}
      </Td>
    </Tr>
  );
}

function RevokeKey({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const t = useTranslations('apiKeys');
  const revoke = useApiMutation('revokeApiKey', ['listApiKeys', 'listQuotas']);
  const confirm = async () => {
    try {
      await revoke.mutateAsync({ params: { api_key_id: apiKey.id } });
      notify(t('revokedNow', { name: apiKey.name }));
      onClose();
    } catch {
      // The dialog shows revoke.error.
    }
  };
  return (
    <Confirm
      title={t('revokeTitle', { name: apiKey.name })}
      action={t('revoke')}
      busy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      {t('revokeText')}
    </Confirm>
  );
}
