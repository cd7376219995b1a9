'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { postOwn } from '@/api/browser-client';
import type { OperatorOrganization } from '@/api/types';
import { paths } from '@/nav/paths';
import { Button, ButtonLink } from '@/ui/button';
import { Dialog, DialogActions } from '@/ui/dialog';
import { Field, Input, Select } from '@/ui/field';
import { Notice } from '@/ui/notice';
import { ErrorNotice } from '@/ui/problem';

const MINUTES = [5, 15, 30];

/** Starts looking into an organisation. The token goes into the console's cookie and never to this page. */
export function ImpersonateDialog({
  organization,
  onClose,
}: {
  organization: OperatorOrganization;
  onClose: () => void;
}) {
  const t = useTranslations('tenants');
  const common = useTranslations('common');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [waiting, setWaiting] = useState(false);
  const start = async (form: HTMLFormElement) => {
    setBusy(true);
    setError(null);
    const fields = new FormData(form);
    const body = {
      organization_id: organization.id,
      ticket: String(fields.get('ticket') ?? '').trim(),
      reason: String(fields.get('reason') ?? '').trim(),
      minutes: Number(fields.get('minutes')),
    };
    try {
      const { state } = (await postOwn('/api/operator/impersonate', body)) as { state: string };
      if (state === 'active') window.location.assign(paths.organization(organization.slug));
      else setWaiting(true);
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('impersonateTitle', { name: organization.name })}
      description={t('impersonateText')}
    >
      {waiting ? (
        <>
          <Notice tone="info" live>
            {t('waiting')}
          </Notice>
          <DialogActions>
            <Button onClick={onClose}>{common('close')}</Button>
            <ButtonLink href={paths.organization(organization.slug)}>{t('openConsole')}</ButtonLink>
          </DialogActions>
        </>
      ) : (
        <form
          className="space-y-4"
          onSubmit={(event) => {
            event.preventDefault();
            void start(event.currentTarget);
          }}
        >
          <Field label={t('ticket')}>
            {(control) => <Input {...control} name="ticket" required maxLength={64} autoComplete="off" />}
          </Field>
          <Field label={t('reason')} hint={t('reasonHint')}>
            {(control) => (
              <Input {...control} name="reason" required minLength={5} maxLength={500} autoComplete="off" />
            )}
          </Field>
          <Field label={t('minutes')}>
            {(control) => (
              <Select {...control} name="minutes" defaultValue="15">
                {MINUTES.map((minutes) => (
                  <option key={minutes} value={minutes}>
                    {t('minuteCount', { minutes })}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          {error !== null && <ErrorNotice error={error} />}
          <DialogActions>
            <Button onClick={onClose}>{common('cancel')}</Button>
            <Button type="submit" variant="primary" busy={busy}>
              {t('impersonate')}
            </Button>
          </DialogActions>
        </form>
      )}
    </Dialog>
  );
}
