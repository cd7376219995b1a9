'use client';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApiMutation } from '@/api/hooks';
import { lazily } from '@/lib/lazily';
import { paths } from '@/nav/paths';
import { useConsole } from '@/shell/console-context';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Confirm } from '@/ui/confirm';
import { Checkbox, Field, Input } from '@/ui/field';
import { ErrorNotice } from '@/ui/problem';
import { notify } from '@/ui/toast';
import { Blockers, blockersOf } from './blockers';

const TransferDialog = lazily(() => import('./transfer-dialog'));

/** Whether operators have to ask before they look in. */
export function ConsentSetting() {
  const t = useTranslations('settings');
  const common = useTranslations('common');
  const router = useRouter();
  const { organization, can } = useConsole();
  const update = useApiMutation('updateOrganization', ['getOrganization']);
  const [asked, setAsked] = useState(organization.impersonation_consent);
  const change = async (wanted: boolean) => {
    setAsked(wanted);
    try {
      const body = { impersonation_consent: wanted };
      await update.mutateAsync({ params: { organization_id: organization.id }, body });
      notify(common('saved'));
      router.refresh();
    } catch {
      setAsked(!wanted);
    }
  };
  return (
    <Section title={t('consent')} description={t('consentText')}>
      <Checkbox
        label={t('consentLabel')}
        description={t('consentHint')}
        checked={asked}
        disabled={!can('impersonation.modify') || update.isPending}
        onChange={(event) => void change(event.target.checked)}
      />
      {update.error && <ErrorNotice error={update.error} className="mt-4" />}
    </Section>
  );
}

/** Leaving an organisation, giving it into other hands, and closing it. */
export function EndSection() {
  const t = useTranslations('settings');
  const { can } = useConsole();
  const [open, setOpen] = useState<'leave' | 'transfer' | 'close' | null>(null);
  return (
    <Section title={t('end')} description={t('endText')}>
      <div className="flex flex-wrap gap-3">
        <Button onClick={() => setOpen('leave')}>{t('leave')}</Button>
        {can('organization.delete') && (
          <>
            <Button onClick={() => setOpen('transfer')}>{t('transfer')}</Button>
            <Button variant="danger" onClick={() => setOpen('close')}>
              {t('close')}
            </Button>
          </>
        )}
      </div>
      {open === 'leave' && <Leave onClose={() => setOpen(null)} />}
      {open === 'transfer' && <TransferDialog onClose={() => setOpen(null)} />}
      {open === 'close' && <Close onClose={() => setOpen(null)} />}
    </Section>
  );
}

function Leave({ onClose }: { onClose: () => void }) {
  const t = useTranslations('settings');
  const { organization } = useConsole();
  const leave = useApiMutation('leaveOrganization');
  const act = async () => {
    try {
      await leave.mutateAsync({ params: { organization_id: organization.id } });
      window.location.assign(paths.console);
    } catch {
      // The dialog shows leave.error.
    }
  };
  return (
    <Confirm
      title={t('leaveTitle', { name: organization.name })}
      action={t('leave')}
      busy={leave.isPending}
      error={leave.error}
      onConfirm={() => void act()}
      onClose={onClose}
    >
      {t('leaveText')}
    </Confirm>
  );
}

function Close({ onClose }: { onClose: () => void }) {
  const t = useTranslations('settings');
  const { organization } = useConsole();
  const [slug, setSlug] = useState('');
  const close = useApiMutation('closeOrganization');
  const act = async () => {
    try {
      await close.mutateAsync({ params: { organization_id: organization.id }, body: { slug: slug.trim() } });
      window.location.assign(paths.console);
    } catch {
      // The dialog shows close.error.
    }
  };
  const blockers = blockersOf(close.error);
  return (
    <Confirm
      title={t('closeTitle', { name: organization.name })}
      action={t('close')}
      busy={close.isPending}
      error={blockers.length > 0 ? null : close.error}
      onConfirm={() => void act()}
      onClose={onClose}
    >
      <p>{t('closeText')}</p>
      <Field label={t('closeSlug', { slug: organization.slug })} className="mt-4">
        {(control) => (
          <Input
            {...control}
            value={slug}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setSlug(event.target.value)}
            className="font-mono"
          />
        )}
      </Field>
      {blockers.length > 0 && <Blockers blockers={blockers} />}
    </Confirm>
  );
}
