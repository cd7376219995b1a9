'use client';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { postOwn } from '@/api/browser-client';
import { canUsePasskeys, showPasskey } from '@/features/account/webauthn';
import { Button } from '@/ui/button';
import { Field, Input } from '@/ui/field';
import { ErrorNotice } from '@/ui/problem';

/** What the API says when the password was right and a second factor is wanted. */
export interface SecondFactor {
  ticket: string;
  methods: readonly string[];
  passkey_options: Record<string, unknown> | null;
}

interface SecondFactorFormProps {
  wanted: SecondFactor;
  onDone: () => void;
  onStartOver: () => void;
}

/** The second step of signing in: a code, a recovery code or a passkey. */
export function SecondFactorForm({ wanted, onDone, onStartOver }: SecondFactorFormProps) {
  const t = useTranslations('auth');
  const hasApp = wanted.methods.includes('totp');
  const [recovery, setRecovery] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const options = wanted.passkey_options;
  const typed = hasApp || recovery;
  const run = async (proof: () => Promise<object>) => {
    setBusy(true);
    setError(null);
    try {
      await postOwn('/api/auth/mfa', { ticket: wanted.ticket, ...(await proof()) });
      onDone();
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const value = String(new FormData(event.currentTarget).get('proof') ?? '').trim();
    void run(async () => (recovery ? { recovery_code: value } : { totp_code: value }));
  };
  return (
    <>
      <h1 className="font-semibold text-2xl">{t('factorTitle')}</h1>
      <p className="mt-1 mb-7 text-muted">
        {recovery ? t('recoveryText') : hasApp ? t('factorText') : t('passkeyText')}
      </p>
      {typed && (
        <form method="post" onSubmit={submit} className="space-y-4">
          <Field
            key={String(recovery)}
            label={recovery ? t('recoveryCode') : t('code')}
            hint={recovery ? t('recoveryRule') : t('codeRule')}
          >
            {(control) => (
              <Input
                {...control}
                name="proof"
                required
                inputMode={recovery ? 'text' : 'numeric'}
                autoComplete="one-time-code"
                maxLength={11}
              />
            )}
          </Field>
          <Button type="submit" variant="primary" size="lg" className="w-full" busy={busy}>
            {t('continue')}
          </Button>
        </form>
      )}
      {error !== null && <ErrorNotice error={error} className="mt-4" />}
      <div className="mt-4 flex flex-wrap gap-2">
        {options && canUsePasskeys() && (
          <Button onClick={() => void run(async () => ({ passkey: await showPasskey(options) }))}>
            {t('usePasskey')}
          </Button>
        )}
        {wanted.methods.includes('recovery_code') && (
          <Button variant="ghost" onClick={() => setRecovery(!recovery)}>
            {recovery && hasApp ? t('useApp') : t('useRecovery')}
          </Button>
        )}
        <Button variant="ghost" onClick={onStartOver}>
          {t('startOver')}
        </Button>
      </div>
    </>
  );
}
