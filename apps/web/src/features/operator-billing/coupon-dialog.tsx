'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApiMutation } from '@/api/hooks';
import { Confirm } from '@/ui/confirm';
import { Field, Input, Select } from '@/ui/field';

const CURRENCIES = ['CNY', 'USD', 'EUR', 'JPY', 'KWD'] as const;
const FIELDS = ['coupon_code', 'amount', 'reason', 'most_redemptions', 'credit_days'] as const;

/** Makes a promotional code. */
export function CouponDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('operatorBilling');
  const create = useApiMutation('operatorCreateCoupon', ['operatorCoupons']);
  const [currency, setCurrency] = useState<(typeof CURRENCIES)[number]>('CNY');
  const [until, setUntil] = useState('');
  const [values, setValues] = useState({
    coupon_code: '',
    amount: '',
    reason: '',
    most_redemptions: '100',
    credit_days: '90',
  });
  const act = async () => {
    const body = {
      coupon_code: values.coupon_code,
      currency,
      amount: values.amount.trim(),
      reason: values.reason,
      most_redemptions: Number(values.most_redemptions),
      redeem_until: until ? new Date(`${until}T23:59:59Z`).toISOString() : '',
      credit_days: values.credit_days.trim() === '' ? null : Number(values.credit_days),
    };
    await create.mutateAsync({ body }).then(onClose, () => undefined);
  };
  return (
    <Confirm
      title={t('newCoupon')}
      action={t('create')}
      danger={false}
      busy={create.isPending}
      error={create.error}
      onConfirm={() => void act()}
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        {FIELDS.map((name) => (
          <Field key={name} label={t(`couponFields.${name}`)} hint={t(`couponHints.${name}`)}>
            {(control) => (
              <Input
                {...control}
                value={values[name]}
                autoComplete="off"
                onChange={(event) => setValues({ ...values, [name]: event.target.value })}
              />
            )}
          </Field>
        ))}
        <Field label={t('currency')}>
          {(control) => (
            <Select
              {...control}
              value={currency}
              onChange={(event) => setCurrency(event.target.value as typeof currency)}
            >
              {CURRENCIES.map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('redeemUntil')} className="sm:col-span-2">
          {(control) => (
            <Input {...control} type="date" value={until} onChange={(event) => setUntil(event.target.value)} />
          )}
        </Field>
      </div>
      <p className="mt-4">{t('couponText')}</p>
    </Confirm>
  );
}
