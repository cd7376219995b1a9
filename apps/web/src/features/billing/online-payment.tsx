'use client';
import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import { useApi } from '@/api/hooks';
import { useFormat } from '@/lib/use-format';
import { Button } from '@/ui/button';
import { DialogActions } from '@/ui/dialog';
import { Notice } from '@/ui/notice';
import { ErrorNotice } from '@/ui/problem';
import { Spinner } from '@/ui/spinner';

const DONE = new Set(['succeeded', 'failed', 'canceled']);

/** A payment under way: goes to the provider's page as soon as there is one, and says how it ended otherwise. */
export function OnlinePayment({ paymentId, onClose }: { paymentId: string; onClose: () => void }) {
  const t = useTranslations('billing');
  const common = useTranslations('common');
  const format = useFormat();
  const payment = useApi(
    'getPayment',
    { params: { payment_id: paymentId } },
    { pollMs: (data) => (data && DONE.has(data.status) ? false : 1_000) },
  );
  const page = payment.data?.redirect_url;
  useEffect(() => {
    if (page) window.location.assign(page);
  }, [page]);
  if (payment.error && !payment.data) return <ErrorNotice error={payment.error} />;
  const status = payment.data?.status;
  const amount = payment.data ? format.money(payment.data.amount) : '';
  return (
    <>
      {status === 'succeeded' && <Notice tone="success">{t('added', { amount })}</Notice>}
      {(status === 'failed' || status === 'canceled') && (
        <Notice tone="danger" title={t('notPaid')} live>
          {t('notPaidText', { reason: payment.data?.failure ?? '' })}
        </Notice>
      )}
      {(!status || !DONE.has(status)) && (
        <p className="flex items-center gap-2 text-muted text-sm">
          <Spinner />
          {page ? t('goingToPage') : t('asking')}
        </p>
      )}
      <DialogActions>
        <Button variant="primary" onClick={onClose}>
          {common('close')}
        </Button>
      </DialogActions>
    </>
  );
}
