'use client';
import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { useApi, useApiMutation } from '@/api/hooks';
import type { Payment } from '@/api/types';
import { useContractForm } from '@/forms/use-contract-form';
import { useFormat } from '@/lib/use-format';
import { useConsole } from '@/shell/console-context';
import { Button } from '@/ui/button';
import { CodeBlock } from '@/ui/code-block';
import { Dialog, DialogActions } from '@/ui/dialog';
import { Field, Input, Select } from '@/ui/field';
import { Notice } from '@/ui/notice';
import { ErrorNotice } from '@/ui/problem';
import { notify } from '@/ui/toast';
import { OnlinePayment } from './online-payment';

type Method = 'card' | 'alipay' | 'wechat_pay';

const PRESETS = ['500', '2000', '10000', '50000'];

/** Adds to the balance: at once in a sandbox, else online or by a bank transfer whose reference is shown. */
export default function TopUpDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('billing');
  const common = useTranslations('common');
  const format = useFormat();
  const { organization, currency } = useConsole();
  const [pending, setPending] = useState<Payment | null>(null);
  const methods = useApi('listPaymentMethods', {});
  const online = methods.data?.online === true && organization.mode === 'live';
  const hasCard = methods.data?.items.some((method) => method.is_default && method.status === 'active') === true;
  const input = useRef<HTMLInputElement>(null);
  // One dialog is one payment: a second try after a lost answer must not pay twice.
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const create = useApiMutation('createTopUp', ['getBalance', 'listPayments', 'listLedger']);
  const form = useContractForm({
    schema: async () => (await import('@suanxiang/contract/schemas/identity')).topUpBody,
    body: ({ amount = '', method = 'bank_transfer' }) => ({
      amount: amount.trim(),
      ...(method === 'bank_transfer' ? {} : { method: method as Method, return_url: window.location.href }),
    }),
    send: async (body) => {
      const payment = await create.mutateAsync({ body, idempotencyKey });
      if (payment.status === 'pending') return setPending(payment);
      notify(t('added', { amount: format.money(payment.amount) }));
      onClose();
    },
  });
  if (pending?.provider === 'stripe') {
    return (
      <Dialog open onOpenChange={(open) => !open && onClose()} title={t('topUp')}>
        <OnlinePayment paymentId={pending.id} onClose={onClose} />
      </Dialog>
    );
  }
  if (pending) {
    return (
      <Dialog open onOpenChange={(open) => !open && onClose()} title={t('transferTitle')}>
        <p className="text-muted text-sm">{t('transferText', { amount: format.money(pending.amount) })}</p>
        <CodeBlock code={pending.reference} label={t('copyReference')} className="mt-4 bg-sunken" />
        <DialogActions>
          <Button variant="primary" onClick={onClose}>
            {common('close')}
          </Button>
        </DialogActions>
      </Dialog>
    );
  }
  const sandbox = organization.mode === 'sandbox';
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t('topUp')}>
      <form ref={form.ref} onSubmit={form.onSubmit} noValidate className="space-y-4">
        {!online && <Notice tone={sandbox ? 'info' : 'neutral'}>{sandbox ? t('sandboxText') : t('liveText')}</Notice>}
        {online && (
          <Field label={t('method')}>
            {(control) => (
              <Select {...control} name="method" defaultValue={hasCard ? 'card' : 'alipay'}>
                {hasCard && <option value="card">{t('payBy.card')}</option>}
                <option value="alipay">{t('payBy.alipay')}</option>
                <option value="wechat_pay">{t('payBy.wechat_pay')}</option>
                <option value="bank_transfer">{t('payBy.bank_transfer')}</option>
              </Select>
            )}
          </Field>
        )}
        <Field label={t('amountIn', { currency })} error={form.problemOf('amount', t('amountRule'))}>
          {(control) => (
            <Input
              {...control}
              ref={input}
              name="amount"
              inputMode="decimal"
              autoComplete="off"
              placeholder="2000.00"
              className="tnum"
            />
          )}
        </Field>
        <div className="flex flex-wrap gap-2">
          {PRESETS.map((amount) => (
            <Button
              key={amount}
              size="sm"
              onClick={() => {
                if (input.current) input.current.value = amount;
              }}
            >
              {format.money({ amount, currency })}
            </Button>
          ))}
        </div>
        {form.error !== null && <ErrorNotice error={form.error} />}
        <DialogActions>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button type="submit" variant="primary" busy={form.busy}>
            {t('topUp')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
