'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApiMutation } from '@/api/hooks';
import { useFormat } from '@/lib/use-format';
import { Confirm } from '@/ui/confirm';
import { Field, Input } from '@/ui/field';
import { notify } from '@/ui/toast';

/** Redeems a promotional code. */
export default function RedeemDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('billing');
  const format = useFormat();
  const [code, setCode] = useState('');
  const redeem = useApiMutation('redeemCoupon', ['listCreditGrants', 'getBalance', 'getForecast']);
  const act = async () => {
    const granted = await redeem.mutateAsync({ body: { coupon_code: code.trim() } }).catch(() => null);
    if (!granted) return;
    notify(t('redeemDone', { amount: format.money(granted.amount) }));
    onClose();
  };
  return (
    <Confirm
      title={t('redeem')}
      action={t('redeem')}
      danger={false}
      busy={redeem.isPending}
      error={redeem.error}
      onConfirm={() => void act()}
      onClose={onClose}
    >
      <Field label={t('redeemCode')} hint={t('redeemHint')}>
        {(control) => (
          <Input
            {...control}
            value={code}
            maxLength={32}
            autoComplete="off"
            className="font-mono uppercase"
            onChange={(event) => setCode(event.target.value)}
          />
        )}
      </Field>
    </Confirm>
  );
}
