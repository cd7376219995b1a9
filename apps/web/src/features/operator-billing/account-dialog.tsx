'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApiMutation } from '@/api/hooks';
import type { AccountBilling } from '@/api/types';
import { compareDecimal } from '@/lib/decimal';
import { useFormat } from '@/lib/use-format';
import { Confirm } from '@/ui/confirm';
import { Checkbox, Field, Input } from '@/ui/field';
import { notify } from '@/ui/toast';

type Invoice = AccountBilling['invoices'][number];
type Payment = AccountBilling['payments'][number];

/** What an operator is about to do with an account's money. */
export type Act =
  | { kind: 'grant'; account: AccountBilling }
  | { kind: 'credit' | 'void'; invoice: Invoice }
  | { kind: 'refund'; payment: Payment };

const STALE = ['operatorAccountBilling', 'operatorCreditProposals'] as const;

/** Asks for amount and reason, and says beforehand what will have changed. */
export function AccountDialog({ act, onClose }: { act: Act; onClose: () => void }) {
  const t = useTranslations('operatorBilling');
  const [amount, setAmount] = useState('');
  const [reason, setReason] = useState('');
  const [reissue, setReissue] = useState(false);
  const doing = useDoing(act);
  const send = async () => {
    const said = await doing.send({ amount: amount.trim(), reason: reason.trim(), reissue }).catch(() => null);
    if (said === null) return;
    notify(said);
    onClose();
  };
  return (
    <Confirm
      title={t(`${act.kind}Title`)}
      action={t(`${act.kind}Action`)}
      danger={act.kind !== 'grant'}
      busy={doing.isPending}
      error={doing.error}
      onConfirm={() => void send()}
      onClose={onClose}
    >
      <Consequences act={act} amount={amount.trim()} reissue={reissue} />
      <div className="mt-4 space-y-4">
        {act.kind === 'void' ? (
          <Checkbox
            label={t('reissue')}
            description={t('reissueText')}
            checked={reissue}
            onChange={(event) => setReissue(event.target.checked)}
          />
        ) : (
          <Field label={t('amountIn', { currency: currencyOf(act) })}>
            {(control) => (
              <Input
                {...control}
                inputMode="decimal"
                className="tnum"
                value={amount}
                onChange={(event) => setAmount(event.target.value)}
              />
            )}
          </Field>
        )}
        <Field label={t('reason')} hint={t(`${act.kind}Reason`)}>
          {(control) => (
            <Input {...control} value={reason} maxLength={200} onChange={(event) => setReason(event.target.value)} />
          )}
        </Field>
      </div>
    </Confirm>
  );
}

function currencyOf(act: Exclude<Act, { kind: 'void' }> | Act): string {
  if (act.kind === 'grant') return act.account.balance.currency;
  return act.kind === 'refund' ? act.payment.amount.currency : act.invoice.total.currency;
}

const isAmount = (text: string) => /^\d+(\.\d+)?$/.test(text);

/** True for a grant that one operator may not give by himself. */
function isLarge(act: Act, amount: string): boolean {
  return act.kind === 'grant' && isAmount(amount) && compareDecimal(amount, act.account.one_operator_limit.amount) > 0;
}

function useDoing(act: Act) {
  const t = useTranslations('operatorBilling');
  const grant = useApiMutation('operatorGrantCredit', STALE);
  const propose = useApiMutation('operatorProposeCredit', STALE);
  const credit = useApiMutation('operatorCreditInvoice', STALE);
  const voiding = useApiMutation('operatorVoidInvoice', STALE);
  const refund = useApiMutation('operatorRefundPayment', STALE);
  const all = [grant, propose, credit, voiding, refund];
  const send = async ({ amount, reason, reissue }: { amount: string; reason: string; reissue: boolean }) => {
    if (act.kind === 'grant') {
      const input = { params: { organization_id: act.account.org_id }, body: { amount, reason } };
      await (isLarge(act, amount) ? propose.mutateAsync(input) : grant.mutateAsync(input));
      return t(isLarge(act, amount) ? 'proposed' : 'granted');
    }
    if (act.kind === 'refund') {
      await refund.mutateAsync({ params: { payment_id: act.payment.id }, body: { amount, reason } });
      return t('refundDone');
    }
    const params = { invoice_id: act.invoice.id };
    if (act.kind === 'void') {
      await voiding.mutateAsync({ params, body: { reason, reissue } });
      return t('voidDone');
    }
    const { number } = await credit.mutateAsync({ params, body: { amount, reason } });
    return t('creditDone', { number });
  };
  return { send, isPending: all.some((one) => one.isPending), error: all.find((one) => one.error)?.error };
}

function Consequences({ act, amount, reissue }: { act: Act; amount: string; reissue: boolean }) {
  const t = useTranslations('operatorBilling');
  const format = useFormat();
  const lines = (): string[] => {
    if (act.kind === 'grant') {
      const limit = format.money(act.account.one_operator_limit);
      return [t('grantText'), t(isLarge(act, amount) ? 'grantTwo' : 'grantOne', { limit })];
    }
    if (act.kind === 'refund') {
      const most = format.money(act.payment.refundable);
      return [t('refundText'), t('refundMost', { most })];
    }
    const { number, due, paid, promotional, creditable } = act.invoice;
    if (act.kind === 'credit') {
      return [
        t('creditText', { number, due: format.money(due) }),
        t('creditMost', { most: format.money(creditable) }),
        t('creditBars'),
      ];
    }
    return [
      t('voidText', { number }),
      t('voidMoney', { paid: format.money(paid), due: format.money(due), promotional: format.money(promotional) }),
      t(reissue ? 'voidReissued' : 'voidForGood'),
    ];
  };
  return (
    <ul className="list-disc space-y-1 pl-4">
      {lines().map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
