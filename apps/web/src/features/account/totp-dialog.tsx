'use client';
import type { CallOutput } from '@suanxiang/contract/client';
import { useTranslations } from 'next-intl';
import { encode } from 'uqr';
import { useApiMutation } from '@/api/hooks';
import { useContractForm } from '@/forms/use-contract-form';
import { Button } from '@/ui/button';
import { CodeBlock } from '@/ui/code-block';
import { Dialog, DialogActions } from '@/ui/dialog';
import { Field, Input } from '@/ui/field';
import { ErrorNotice } from '@/ui/problem';

interface TotpDialogProps {
  offered: CallOutput<'startTotp'>;
  onClose: () => void;
  onAdded: (recoveryCodes: readonly string[]) => void;
}

/** A QR code as one path. Black on white in both themes: cameras want it so. */
function Qr({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { border: 2 });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return (
    <svg
      viewBox={`0 0 ${size} ${size}`}
      className="size-44 rounded-md"
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

/** Shows the secret once, and takes the first code as proof that it has arrived. */
export default function TotpDialog({ offered, onClose, onAdded }: TotpDialogProps) {
  const t = useTranslations('account');
  const common = useTranslations('common');
  const confirm = useApiMutation('confirmTotp', ['getAccountSecurity', 'listSessions']);
  const form = useContractForm({
    schema: async () => (await import('@suanxiang/contract/schemas/account')).confirmTotpBody,
    body: ({ totp_code = '' }) => ({ totp_code: totp_code.replace(/\s/g, '') }),
    send: async (body) => onAdded((await confirm.mutateAsync({ body })).recovery_codes),
  });
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t('totp')} description={t('scan')}>
      <form ref={form.ref} onSubmit={form.onSubmit} noValidate className="space-y-4">
        <Qr text={offered.uri} label={t('qr')} />
        <CodeBlock code={offered.secret} label={t('totp')} wrap />
        <Field label={t('code')} error={form.problemOf('totp_code', t('codeRule'))}>
          {(control) => (
            <Input {...control} name="totp_code" inputMode="numeric" autoComplete="one-time-code" maxLength={7} />
          )}
        </Field>
        {form.error !== null && <ErrorNotice error={form.error} />}
        <DialogActions>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button type="submit" variant="primary" busy={form.busy}>
            {t('confirm')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
