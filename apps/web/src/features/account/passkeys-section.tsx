'use client';
import type { CallOutput } from '@suanxiang/contract/client';
import { useTranslations } from 'next-intl';
import { type FormEvent, useEffect, useState } from 'react';
import { useApiMutation } from '@/api/hooks';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Field, Input } from '@/ui/field';
import { Notice } from '@/ui/notice';
import { ErrorNotice } from '@/ui/problem';
import { Time } from '@/ui/time';
import { canUsePasskeys, makePasskey } from './webauthn';

type Passkeys = CallOutput<'getAccountSecurity'>['passkeys'];

/** Passkeys: those there are, and a new one. */
export function PasskeysSection({ passkeys }: { passkeys: Passkeys }) {
  const t = useTranslations('account');
  const common = useTranslations('common');
  const stale = ['getAccountSecurity', 'listSessions'] as const;
  const start = useApiMutation('startPasskey');
  const add = useApiMutation('addPasskey', stale);
  const remove = useApiMutation('removePasskey', stale);
  const [able, setAble] = useState(false);
  const [failed, setFailed] = useState(false);
  useEffect(() => setAble(canUsePasskeys()), []);
  const make = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const name = String(new FormData(form).get('name') ?? '').trim();
    setFailed(false);
    try {
      const { ticket, public_key } = await start.mutateAsync({});
      const passkey = await makePasskey(public_key).catch(() => setFailed(true));
      if (!passkey) return;
      await add.mutateAsync({ body: { ticket, name, passkey } });
      form.reset();
    } catch {
      // start.error, add.error say what it was.
    }
  };
  const error = start.error ?? add.error ?? remove.error;
  return (
    <Section title={t('passkeys')} description={t('passkeysText')}>
      <ul className="mb-4 divide-y divide-line">
        {passkeys.length === 0 && <li className="text-muted text-sm">{t('noPasskeys')}</li>}
        {passkeys.map((one) => (
          <li key={one.id} className="flex flex-wrap items-center justify-between gap-3 py-2 text-sm">
            <span className="min-w-0">
              <span className="font-medium">{one.name}</span>
              <span className="block text-muted text-xs">
                {t('lastUsed')}: {one.last_used_at ? <Time at={one.last_used_at} /> : common('never')}
              </span>
            </span>
            <Button
              size="sm"
              aria-label={t('removePasskey', { name: one.name })}
              onClick={() => remove.mutate({ params: { passkey_id: one.id } })}
            >
              {t('remove')}
            </Button>
          </li>
        ))}
      </ul>
      {able ? (
        <form onSubmit={(event) => void make(event)} className="space-y-3">
          <Field label={t('passkeyName')}>
            {(control) => <Input {...control} name="name" required maxLength={63} autoComplete="off" />}
          </Field>
          <Button type="submit" busy={start.isPending || add.isPending}>
            {t('addPasskey')}
          </Button>
        </form>
      ) : (
        <p className="text-subtle text-xs">{t('noWebAuthn')}</p>
      )}
      {failed && (
        <Notice tone="danger" live className="mt-3">
          {t('passkeyFailed')}
        </Notice>
      )}
      {error && <ErrorNotice error={error} className="mt-3" />}
    </Section>
  );
}
