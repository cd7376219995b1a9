'use client';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import type { Payment } from '@/api/types';
import { compareDecimal } from '@/lib/decimal';
import { useFormat } from '@/lib/use-format';
import { Badge, type Tone } from '@/ui/badge';
import { CopyButton } from '@/ui/copy';
import { EmptyState } from '@/ui/empty-state';
import { Check, Clock, X } from '@/ui/icons';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';
import { BILLING_PAGE } from './pages';

const STATUS: Record<Payment['status'], { tone: Tone; icon: React.ReactNode }> = {
  pending: { tone: 'warning', icon: <Clock className="size-3" /> },
  requires_action: { tone: 'warning', icon: <Clock className="size-3" /> },
  processing: { tone: 'warning', icon: <Clock className="size-3" /> },
  succeeded: { tone: 'success', icon: <Check className="size-3" /> },
  failed: { tone: 'danger', icon: <X className="size-3" /> },
  canceled: { tone: 'neutral', icon: <X className="size-3" /> },
};

export function PaymentsTable() {
  const t = useTranslations('billing');
  const format = useFormat();
  const payments = useApi('listPayments', { query: { limit: BILLING_PAGE } }, { pollMs: 30_000 });
  if (payments.error && !payments.data) return <ErrorNotice error={payments.error} className="m-4" />;
  if (payments.data?.items.length === 0) return <EmptyState title={t('noPayments')}>{t('noPaymentsText')}</EmptyState>;
  return (
    <Table label={t('payments')}>
      <Head>
        <Th>{t('date')}</Th>
        <Th>{t('status')}</Th>
        <Th from="sm">{t('method')}</Th>
        <Th from="md">{t('reference')}</Th>
        <Th align="right">{t('amount')}</Th>
      </Head>
      <tbody>
        {payments.data?.items.map((payment) => (
          <Tr key={payment.id}>
            <Td className="text-muted">
              <Time at={payment.created_at} />
            </Td>
            <Td>
              <span className="flex flex-wrap gap-1">
                <Badge tone={STATUS[payment.status].tone} icon={STATUS[payment.status].icon}>
                  {t(`statuses.${payment.status}`)}
                </Badge>
                {compareDecimal(payment.refunded.amount, '0') > 0 && (
                  <Badge tone="info">{t('refundedBadge', { amount: format.money(payment.refunded) })}</Badge>
                )}
                {payment.dispute && (
                  <Badge tone={payment.dispute.status === 'won' ? 'success' : 'danger'}>
                    {t(`disputes.${payment.dispute.status}`, { amount: format.money(payment.dispute.amount) })}
                  </Badge>
                )}
              </span>
              {payment.failure && <span className="block text-danger text-xs">{payment.failure}</span>}
            </Td>
            <Td from="sm" className="text-muted">
              {t(`purposes.${payment.purpose}`)} · {t(`methods.${payment.provider}`)}
            </Td>
            <Td from="md">
              <span className="inline-flex items-center gap-1">
                <code className="font-mono text-xs">{payment.reference}</code>
                <CopyButton text={payment.reference} />
              </span>
            </Td>
            <Td align="right" className="font-medium">
              {format.money(payment.amount)}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
