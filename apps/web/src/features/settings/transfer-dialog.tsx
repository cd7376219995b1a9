'use client';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi, useApiMutation } from '@/api/hooks';
import { useConsole } from '@/shell/console-context';
import { Confirm } from '@/ui/confirm';
import { Field, Select } from '@/ui/field';
import { notify } from '@/ui/toast';

/** Makes another member an owner and oneself an admin. */
export default function TransferDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('settings');
  const router = useRouter();
  const { me, organization } = useConsole();
  const members = useApi('listMembers', { query: { limit: 100 } });
  const transfer = useApiMutation('transferOwnership', ['listMembers']);
  const [chosen, setChosen] = useState('');
  const others = members.data?.items.filter((member) => member.user_id !== me.id) ?? [];
  const act = async () => {
    if (!chosen) return;
    try {
      const params = { organization_id: organization.id };
      const next = await transfer.mutateAsync({ params, body: { membership_id: chosen } });
      notify(t('transferred', { name: next.name }));
      onClose();
      router.refresh();
    } catch {
      // The dialog shows transfer.error.
    }
  };
  return (
    <Confirm
      title={t('transferTitle')}
      action={t('transfer')}
      busy={transfer.isPending}
      error={transfer.error ?? members.error}
      onConfirm={() => void act()}
      onClose={onClose}
    >
      <p>{t('transferText')}</p>
      {members.data && others.length === 0 ? (
        <p className="mt-4">{t('transferNobody')}</p>
      ) : (
        <Field label={t('transferTo')} className="mt-4 text-content">
          {(control) => (
            <Select {...control} value={chosen} onChange={({ target }) => setChosen(target.value)}>
              <option value="">{t('transferChoose')}</option>
              {others.map((member) => (
                <option key={member.id} value={member.id}>
                  {`${member.name} (${member.email})`}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
    </Confirm>
  );
}
