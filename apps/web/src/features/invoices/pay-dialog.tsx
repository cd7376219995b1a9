'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApiMutation } from '@/api/hooks';
import type { Invoice } from '@/api/types';
import { OnlinePayment } from '@/features/billing/online-payment';
import { useContractForm } from '@/forms/use-contract-form';
import { useFormat } from '@/lib/use-format';
import { Button } from '@/ui/button';
import { Dialog, DialogActions } from '@/ui/dialog';
import { Field, Select } from '@/ui/field';
import { ErrorNotice } from '@/ui/problem';

type Method = 'card' | 'alipay' | 'wechat_pay';

/** How an invoice is paid: a saved card, or a page of the provider. */
export default function PayDialog({
  invoice,
  hasCard,
  onClose,
}: {
  invoice: Invoice;
  hasCard: boolean;
  onClose: () => void;
}) {
  const t = useTranslations('billing');
  const common = useTranslations('common');
  const format = useFormat();
  const [paymentId, setPaymentId] = useState<string | null>(null);
  // One dialog is one payment: a second try after a lost answer must not pay twice.
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const pay = useApiMutation('payInvoice', ['getInvoice', 'listInvoices', 'getBalance', 'listPayments']);
  const form = useContractForm({
    schema: async () => (await import('@suanxiang/contract/schemas/money')).payInvoiceBody,
    body: ({ method = 'alipay' }) => ({ method: method as Method, return_url: window.location.href }),
    send: async (body) => {
      const payment = await pay.mutateAsync({ params: { invoice_id: invoice.id }, body, idempotencyKey });
      setPaymentId(payment.id);
    },
  });
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t('payInvoice')}>
      {paymentId !== null ? (
        <OnlinePayment paymentId={paymentId} onClose={onClose} />
      ) : (
        <form ref={form.ref} onSubmit={form.onSubmit} noValidate className="space-y-4">
          <p className="text-muted text-sm">
            {t('payInvoiceText', { amount: format.money(invoice.due), number: invoice.number ?? '' })}
          </p>
          <Field label={t('method')}>
            {(control) => (
              <Select {...control} name="method" defaultValue={hasCard ? 'card' : 'alipay'}>
                {hasCard && <option value="card">{t('payBy.card')}</option>}
                <option value="alipay">{t('payBy.alipay')}</option>
                <option value="wechat_pay">{t('payBy.wechat_pay')}</option>
              </Select>
            )}
          </Field>
          {form.error !== null && <ErrorNotice error={form.error} />}
          <DialogActions>
            <Button onClick={onClose}>{common('cancel')}</Button>
            <Button type="submit" variant="primary" busy={form.busy}>
              {t('payInvoice')}
            </Button>
          </DialogActions>
        </form>
      )}
    </Dialog>
  );
}
