'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi, useApiMutation } from '@/api/hooks';
import type { OperatorPayment } from '@/api/types';
import { useFormat } from '@/lib/use-format';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { Confirm } from '@/ui/confirm';
import { CopyButton } from '@/ui/copy';
import { EmptyState } from '@/ui/empty-state';
import { Landmark } from '@/ui/icons';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';
import { notify } from '@/ui/toast';

/** Bank transfers that tenants have announced and the operator has to find on the bank statement. */
export function PaymentsPage() {
  const t = useTranslations('operator');
  const [confirming, setConfirming] = useState<OperatorPayment | null>(null);
  const payments = useApi('operatorPayments', {}, { pollMs: 15_000 });
  return (
    <>
      <PageHeader title={t('nav.payments')} description={t('paymentsText')} />
      {payments.error && !payments.data ? (
        <ErrorNotice error={payments.error} onRetry={() => void payments.refetch()} />
      ) : (
        <Card flush className="overflow-hidden">
          {payments.data?.items.length === 0 ? (
            <EmptyState icon={<Landmark />} title={t('noPayments')}>
              {t('noPaymentsText')}
            </EmptyState>
          ) : (
            <PaymentRows payments={payments.data?.items ?? []} onConfirm={setConfirming} />
          )}
        </Card>
      )}
      {confirming && <ConfirmPayment payment={confirming} onClose={() => setConfirming(null)} />}
    </>
  );
}

interface PaymentRowsProps {
  payments: readonly OperatorPayment[];
  onConfirm: (payment: OperatorPayment) => void;
}

function PaymentRows({ payments, onConfirm }: PaymentRowsProps) {
  const t = useTranslations('operator');
  const format = useFormat();
  return (
    <Table label={t('nav.payments')}>
      <Head>
        <Th>{t('tenant')}</Th>
        <Th>{t('reference')}</Th>
        <Th from="md">{t('announced')}</Th>
        <Th align="right">{t('amount')}</Th>
        <Th>
          <span className="sr-only">{t('confirm')}</span>
        </Th>
      </Head>
      <tbody>
        {payments.map((payment) => (
          <Tr key={payment.id}>
            <Td className="font-medium">{payment.org_name}</Td>
            <Td>
              <span className="inline-flex items-center gap-1">
                <code className="font-mono text-xs">{payment.reference}</code>
                <CopyButton text={payment.reference} />
              </span>
            </Td>
            <Td from="md" className="text-muted">
              <Time at={payment.created_at} />
            </Td>
            <Td align="right" className="font-medium">
              {format.money(payment)}
            </Td>
            <Td align="right">
              <Button size="sm" onClick={() => onConfirm(payment)}>
                {t('confirm')}
              </Button>
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

function ConfirmPayment({ payment, onClose }: { payment: OperatorPayment; onClose: () => void }) {
  const t = useTranslations('operator');
  const format = useFormat();
  const confirm = useApiMutation('operatorConfirmPayment', ['operatorPayments']);
  const amount = format.money(payment);
  const act = async () => {
    try {
      await confirm.mutateAsync({ params: { payment_id: payment.id } });
      notify(t('confirmed', { amount, tenant: payment.org_name }));
      onClose();
    } catch {
      // The dialog shows confirm.error.
    }
  };
  return (
    <Confirm
      title={t('confirmTitle', { amount, tenant: payment.org_name })}
      action={t('confirm')}
      danger={false}
      busy={confirm.isPending}
      error={confirm.error}
      onConfirm={() => void act()}
      onClose={onClose}
    >
      {t('confirmText', { reference: payment.reference })}
    </Confirm>
  );
}
