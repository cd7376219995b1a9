'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi } from '@/api/hooks';
import { lazily } from '@/lib/lazily';
import { useConsole } from '@/shell/console-context';
import { Button } from '@/ui/button';
import { Checkbox } from '@/ui/field';
import { Plus } from '@/ui/icons';
import { Notice } from '@/ui/notice';

const SshKeyDialog = lazily(() => import('@/features/keys/ssh-key-dialog'));

interface SshKeyPickerProps {
  chosen: readonly string[];
  onChange: (ids: readonly string[]) => void;
}

/** Keys that may sign in; one can be added without leaving the page, and is chosen at once. */
export function SshKeyPicker({ chosen, onChange }: SshKeyPickerProps) {
  const t = useTranslations('launch');
  const { can } = useConsole();
  const [adding, setAdding] = useState(false);
  const keys = useApi('listSshKeys', { query: { limit: 100 } });
  const items = keys.data?.items ?? [];
  const toggle = (id: string) =>
    onChange(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
  return (
    <fieldset>
      <legend className="sr-only">{t('sshKeys')}</legend>
      {items.length > 0 ? (
        <div className="grid grid-cols-1 gap-2.5 sm:grid-cols-2">
          {items.map((key) => (
            <Checkbox
              key={key.id}
              label={key.name}
              description={<code className="block truncate font-mono">{key.fingerprint}</code>}
              checked={chosen.includes(key.id)}
              onChange={() => toggle(key.id)}
            />
          ))}
        </div>
      ) : (
        <Notice tone="info">{t('noKeys')}</Notice>
      )}
      {can('ssh_key.create') && (
        <Button size="sm" className="mt-3" onClick={() => setAdding(true)}>
          <Plus className="size-3.5" />
          {t('addKey')}
        </Button>
      )}
      {adding && <SshKeyDialog onClose={() => setAdding(false)} onCreated={(key) => onChange([...chosen, key.id])} />}
    </fieldset>
  );
}
