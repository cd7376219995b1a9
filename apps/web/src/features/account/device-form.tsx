'use client';
import type { CallOutput } from '@suanxiang/contract/client';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { callApi } from '@/api/browser-client';
import { Button } from '@/ui/button';
import { Field, Input } from '@/ui/field';
import { Notice } from '@/ui/notice';
import { ErrorNotice } from '@/ui/problem';
import { DeviceChoice } from './device-choice';

interface DeviceFormProps {
  /** Of the address, which a terminal may print whole. */
  code: string;
  organizations: readonly { id: string; name: string }[];
}

type Stage =
  | { name: 'code' }
  | { name: 'choice'; code: string; request: CallOutput<'lookUpDevice'> }
  | { name: 'approved' | 'denied' };

/** Approves a command line: first whose request it is, then what it may do. Nothing happens by opening the page. */
export function DeviceForm({ code, organizations }: DeviceFormProps) {
  const t = useTranslations('account');
  const [stage, setStage] = useState<Stage>({ name: 'code' });
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const lookUp = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = String(new FormData(event.currentTarget).get('code') ?? '').trim();
    setBusy(true);
    setError(null);
    try {
      const request = await callApi('lookUpDevice', { body: { user_code: typed } }, null);
      setStage({ name: 'choice', code: typed, request });
    } catch (caught) {
      setError(caught);
    }
    setBusy(false);
  };
  return (
    <>
      <h1 className="font-semibold text-2xl">{t('deviceTitle')}</h1>
      {stage.name === 'code' && (
        <form onSubmit={(event) => void lookUp(event)} className="mt-1 space-y-4">
          <p className="mb-7 text-muted">{t('deviceText')}</p>
          <Field label={t('deviceCode')} hint={t('deviceCodeRule')}>
            {(control) => (
              <Input
                {...control}
                name="code"
                required
                defaultValue={code}
                autoComplete="off"
                maxLength={9}
                className="font-mono uppercase"
              />
            )}
          </Field>
          {error !== null && <ErrorNotice error={error} />}
          {organizations.length === 0 && <Notice tone="warning">{t('noOrganization')}</Notice>}
          <Button type="submit" variant="primary" size="lg" className="w-full" busy={busy}>
            {t('look')}
          </Button>
        </form>
      )}
      {stage.name === 'choice' && (
        <DeviceChoice
          code={stage.code}
          request={stage.request}
          organizations={organizations}
          onDone={(name) => setStage({ name })}
        />
      )}
      {stage.name === 'approved' && (
        <Notice tone="success" live className="mt-6">
          {t('approved')}
        </Notice>
      )}
      {stage.name === 'denied' && (
        <Notice live className="mt-6">
          {t('denied')}
        </Notice>
      )}
    </>
  );
}
