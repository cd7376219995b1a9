'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi, useApiMutation } from '@/api/hooks';
import type { SshKey } from '@/api/types';
import { useCommands } from '@/commands/provider';
import { Pager } from '@/features/list/pager';
import { useUrlState } from '@/features/list/use-url-state';
import { lazily } from '@/lib/lazily';
import { useConsole } from '@/shell/console-context';
import { Button, IconButton } from '@/ui/button';
import { Card } from '@/ui/card';
import { Confirm } from '@/ui/confirm';
import { CopyButton } from '@/ui/copy';
import { EmptyState } from '@/ui/empty-state';
import { Plus, SquareTerminal, Trash2 } from '@/ui/icons';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';
import { notify } from '@/ui/toast';
import { KEYS_PAGE } from './pages';

const SshKeyDialog = lazily(() => import('./ssh-key-dialog'));

export function SshKeysPage() {
  const t = useTranslations('sshKeys');
  const common = useTranslations('common');
  const url = useUrlState();
  const { can } = useConsole();
  const [adding, setAdding] = useState(false);
  const [deleting, setDeleting] = useState<SshKey | null>(null);
  const cursor = url.get('cursor');
  const keys = useApi(
    'listSshKeys',
    { query: { limit: KEYS_PAGE, ...(cursor ? { cursor } : {}) } },
    { keepPrevious: true },
  );
  const add = () => setAdding(true);
  useCommands(
    () => [{ id: 'add-ssh-key', label: t('add'), group: 'actions', keys: 'c', icon: Plus, run: () => setAdding(true) }],
    [t],
  );
  const button = can('ssh_key.create') && (
    <Button variant="primary" onClick={add}>
      <Plus className="size-4" />
      {t('add')}
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
            <EmptyState icon={<SquareTerminal />} title={t('emptyTitle')} action={button}>
              {t('emptyText')}
            </EmptyState>
          ) : (
            <Table label={t('title')}>
              <Head>
                <Th>{common('name')}</Th>
                <Th from="md">{t('fingerprint')}</Th>
                <Th align="right" from="sm">
                  {common('created')}
                </Th>
                <Th className="w-12">
                  <span className="sr-only">{common('actions')}</span>
                </Th>
              </Head>
              <tbody>
                {keys.data?.items.map((key) => (
                  <Tr key={key.id}>
                    <Td>
                      <span className="font-medium">{key.name}</span>
                      <code className="block max-w-64 truncate font-mono text-subtle text-xs md:hidden">
                        {key.fingerprint}
                      </code>
                    </Td>
                    <Td from="md">
                      <span className="flex items-center gap-1">
                        <code className="truncate font-mono text-muted text-xs">{key.fingerprint}</code>
                        <CopyButton text={key.public_key} label={t('copyKey')} />
                      </span>
                    </Td>
                    <Td align="right" from="sm" className="text-muted">
                      <Time at={key.created_at} style="date" />
                    </Td>
                    <Td align="right">
                      {can('ssh_key.delete') && (
                        <IconButton label={t('delete', { name: key.name })} onClick={() => setDeleting(key)}>
                          <Trash2 className="size-4" />
                        </IconButton>
                      )}
                    </Td>
                  </Tr>
                ))}
              </tbody>
            </Table>
          )}
        </Card>
      )}
      <Pager cursor={cursor} nextCursor={keys.data?.next_cursor} onGo={(next) => url.set({ cursor: next }, 'push')} />
      {adding && <SshKeyDialog onClose={() => setAdding(false)} />}
      {deleting && <DeleteKey sshKey={deleting} onClose={() => setDeleting(null)} />}
    </>
  );
}

function DeleteKey({ sshKey, onClose }: { sshKey: SshKey; onClose: () => void }) {
  const t = useTranslations('sshKeys');
  const common = useTranslations('common');
  const remove = useApiMutation('deleteSshKey', ['listSshKeys', 'listQuotas']);
  const confirm = async () => {
    try {
      await remove.mutateAsync({ params: { ssh_key_id: sshKey.id } });
      notify(t('deleted', { name: sshKey.name }));
      onClose();
    } catch {
      // The dialog shows remove.error.
    }
  };
  return (
    <Confirm
      title={t('deleteTitle', { name: sshKey.name })}
      action={common('delete')}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      {t('deleteText')}
    </Confirm>
  );
}
