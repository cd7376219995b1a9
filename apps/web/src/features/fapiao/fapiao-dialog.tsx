'use client';
import { useTranslations } from 'next-intl';
import { useApiMutation } from '@/api/hooks';
import type { Invoice } from '@/api/types';
import { useContractForm } from '@/forms/use-contract-form';
import { Button } from '@/ui/button';
import { Dialog, DialogActions } from '@/ui/dialog';
import { Field, Input, Select } from '@/ui/field';
import { ErrorNotice } from '@/ui/problem';
import { notify } from '@/ui/toast';

const OPTIONAL = [
  ['address', 'address', 200],
  ['phone', 'phone', 40],
  ['bank_name', 'bankName', 100],
  ['bank_account', 'bankAccount', 40],
] as const;

/** Asks for a fapiao; the buyer is as it stands on the invoice, to be corrected. */
export default function FapiaoDialog({ invoice, onClose }: { invoice: Invoice; onClose: () => void }) {
  const t = useTranslations('fapiao');
  const common = useTranslations('common');
  const ask = useApiMutation('createFapiaoRequest', ['listFapiaoRequests']);
  const form = useContractForm({
    schema: async () => (await import('@suanxiang/contract/schemas/fapiao')).createFapiaoBody,
    body: ({ kind = 'ordinary', buyer_title = '', tax_id = '', email = '', ...rest }) => ({
      kind: kind === 'special' ? ('special' as const) : ('ordinary' as const),
      buyer_title,
      tax_id,
      email: email.trim(),
      address: rest.address ?? '',
      phone: rest.phone ?? '',
      bank_name: rest.bank_name ?? '',
      bank_account: rest.bank_account ?? '',
    }),
    send: async (body) => {
      await ask.mutateAsync({ params: { invoice_id: invoice.id }, body });
      notify(t('asked'));
      onClose();
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('request')}
      description={t('requestText', { number: invoice.number ?? '' })}
    >
      <form ref={form.ref} onSubmit={form.onSubmit} noValidate>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t('kind')} hint={t('kindHint')}>
            {(control) => (
              <Select {...control} name="kind" defaultValue="ordinary">
                <option value="ordinary">{t('kinds.ordinary')}</option>
                <option value="special">{t('kinds.special')}</option>
              </Select>
            )}
          </Field>
          <Field label={t('email')} error={form.problemOf('email', t('emailRule'))}>
            {(control) => <Input {...control} name="email" type="email" maxLength={254} />}
          </Field>
          <Field label={t('buyerTitle')} error={form.problemOf('buyer_title', t('lineRule'))}>
            {(control) => <Input {...control} name="buyer_title" defaultValue={invoice.buyer.name} maxLength={100} />}
          </Field>
          <Field label={t('taxId')} error={form.problemOf('tax_id', t('taxIdRule'))}>
            {(control) => (
              <Input
                {...control}
                name="tax_id"
                defaultValue={invoice.buyer.tax_id}
                maxLength={18}
                className="font-mono"
              />
            )}
          </Field>
          {OPTIONAL.map(([name, label, most]) => (
            <Field
              key={name}
              label={t(label)}
              optional={common('optional')}
              error={form.problemOf(name, t('lineRule'))}
            >
              {(control) => (
                <Input
                  {...control}
                  name={name}
                  maxLength={most}
                  defaultValue={name === 'address' ? invoice.buyer.address : ''}
                />
              )}
            </Field>
          ))}
        </div>
        {form.error !== null && <ErrorNotice error={form.error} className="mt-4" />}
        <DialogActions>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button type="submit" variant="primary" busy={form.busy}>
            {t('request')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
