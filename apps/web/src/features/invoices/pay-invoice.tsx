'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi } from '@/api/hooks';
import type { Invoice } from '@/api/types';
import { compareDecimal } from '@/lib/decimal';
import { lazily } from '@/lib/lazily';
import { useConsole } from '@/shell/console-context';
import { Button } from '@/ui/button';

const PayDialog = lazily(() => import('./pay-dialog'));

/** Pays what is due on an issued invoice online. Nothing where nothing is due, or there are no online payments. */
export function PayInvoice({ invoice }: { invoice: Invoice }) {
  const t = useTranslations('billing');
  const { can, organization } = useConsole();
  const [paying, setPaying] = useState(false);
  const isDue = invoice.status === 'final' && compareDecimal(invoice.due.amount, '0') > 0;
  const asks = isDue && organization.mode === 'live' && can('billing.modify');
  const methods = useApi('listPaymentMethods', {}, { enabled: asks });
  if (!asks || !methods.data?.online) return null;
  const hasCard = methods.data.items.some((method) => method.is_default && method.status === 'active');
  return (
    <>
      <Button variant="primary" onClick={() => setPaying(true)}>
        {t('payInvoice')}
      </Button>
      {paying && <PayDialog invoice={invoice} hasCard={hasCard} onClose={() => setPaying(false)} />}
    </>
  );
}
