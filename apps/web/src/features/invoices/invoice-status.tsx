'use client';
import { useTranslations } from 'next-intl';
import type { InvoiceSummary } from '@/api/types';
import { compareDecimal } from '@/lib/decimal';
import { Badge } from '@/ui/badge';
import { CircleCheck, CircleSlash2, Hourglass, PencilLine } from '@/ui/icons';

/** Where an invoice stands: running, closing, open, paid or void. */
export function InvoiceStatus({ invoice }: { invoice: Pick<InvoiceSummary, 'status' | 'due'> }) {
  const t = useTranslations('invoices.status');
  if (invoice.status === 'draft') {
    return (
      <Badge tone="info" icon={<PencilLine className="size-3" />}>
        {t('draft')}
      </Badge>
    );
  }
  if (invoice.status === 'closing') {
    return (
      <Badge tone="info" icon={<Hourglass className="size-3" />}>
        {t('closing')}
      </Badge>
    );
  }
  if (invoice.status === 'void') return <Badge icon={<CircleSlash2 className="size-3" />}>{t('void')}</Badge>;
  return compareDecimal(invoice.due.amount, '0') > 0 ? (
    <Badge tone="warning" icon={<Hourglass className="size-3" />}>
      {t('open')}
    </Badge>
  ) : (
    <Badge tone="success" icon={<CircleCheck className="size-3" />}>
      {t('paid')}
    </Badge>
  );
}
