'use client';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { callApi } from '@/api/browser-client';
import { useApi } from '@/api/hooks';
import { Button } from '@/ui/button';
import { Dialog, DialogActions } from '@/ui/dialog';
import { Field, Input } from '@/ui/field';
import { ErrorNotice } from '@/ui/problem';
import { canUsePasskeys, showPasskey } from './webauthn';

interface StepUpDialogProps {
  onProved: () => void;
  onCancel: () => void;
}

/** Asks for password, code or passkey before something sensitive; what was asked for then goes on. */
export default function StepUpDialog({ onProved, onCancel }: StepUpDialogProps) {
  const t = useTranslations('account');
  const common = useTranslations('common');
  const security = useApi('getAccountSecurity', {});
  const [byCode, setByCode] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const run = async (prove: () => Promise<unknown>) => {
    setBusy(true);
    setError(null);
    await prove().then(onProved, setError);
    setBusy(false);
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    // A portal's events bubble to forms of the page that opened it.
    event.stopPropagation();
    const value = String(new FormData(event.currentTarget).get('proof') ?? '').trim();
    const body = byCode ? { totp_code: value } : { password: value };
    void run(() => callApi('reauthenticate', { body }, null));
  };
  const passkey = () =>
    run(async () => {
      const { ticket, public_key } = await callApi('startPasskeyProof', {}, null);
      return callApi('reauthenticate', { body: { ticket, passkey: await showPasskey(public_key) } }, null);
    });
  const offersPasskey = (security.data?.passkeys.length ?? 0) > 0 && canUsePasskeys();
  return (
    <Dialog open onOpenChange={(open) => !open && onCancel()} title={t('proofTitle')} description={t('proofText')}>
      <form onSubmit={submit} className="space-y-4">
        <Field key={String(byCode)} label={byCode ? t('proofCode') : t('proofPassword')}>
          {(control) => (
            <Input
              {...control}
              name="proof"
              required
              type={byCode ? 'text' : 'password'}
              inputMode={byCode ? 'numeric' : undefined}
              autoComplete={byCode ? 'one-time-code' : 'current-password'}
              maxLength={200}
            />
          )}
        </Field>
        {error !== null && <ErrorNotice error={error} />}
        <div className="flex flex-wrap gap-2">
          {security.data?.totp && (
            <Button size="sm" variant="ghost" onClick={() => setByCode(!byCode)}>
              {byCode ? t('usePassword') : t('useCode')}
            </Button>
          )}
          {offersPasskey && (
            <Button size="sm" variant="ghost" onClick={() => void passkey()}>
              {t('usePasskey')}
            </Button>
          )}
        </div>
        <DialogActions>
          <Button onClick={onCancel}>{common('cancel')}</Button>
          <Button type="submit" variant="primary" busy={busy}>
            {t('confirm')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
