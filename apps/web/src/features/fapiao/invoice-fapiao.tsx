'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi } from '@/api/hooks';
import type { Invoice } from '@/api/types';
import { compareDecimal } from '@/lib/decimal';
import { lazily } from '@/lib/lazily';
import { useFormat } from '@/lib/use-format';
import { useConsole } from '@/shell/console-context';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { FAPIAO_TONES } from './tones';

const FapiaoDialog = lazily(() => import('./fapiao-dialog'));

/** What was asked for of this invoice's fapiao. Nothing outside China, where there are none. */
export function InvoiceFapiao({ invoice }: { invoice: Invoice }) {
  const t = useTranslations('fapiao');
  const format = useFormat();
  const { can, organization } = useConsole();
  const [asking, setAsking] = useState(false);
  const applies =
    organization.mode === 'live' && organization.country === 'CN' && invoice.total.currency === 'CNY' && invoice.digest;
  const query = { invoice_id: invoice.id, limit: 100 };
  const found = useApi('listFapiaoRequests', { query }, { enabled: Boolean(applies) });
  if (!applies || !found.data) return null;
  const { items } = found.data;
  const isPaid = invoice.status === 'final' && compareDecimal(invoice.paid.amount, '0') > 0;
  const mayAsk = isPaid && can('billing.modify') && !items.some(({ status }) => status === 'requested');
  return (
    <Section title={t('title')} description={t('text')} flush>
      {items.length === 0 ? (
        <p className="px-5 py-4 text-muted text-sm">{t('none')}</p>
      ) : (
        <Table label={t('title')}>
          <Head>
            <Th>{t('buyerTitle')}</Th>
            <Th from="md">{t('kind')}</Th>
            <Th align="right">{t('amount')}</Th>
            <Th>{t('status')}</Th>
          </Head>
          <tbody>
            {items.map((one) => (
              <Tr key={one.id}>
                <Td className="font-medium">{one.buyer_title}</Td>
                <Td from="md">{t(`kinds.${one.kind}`)}</Td>
                <Td align="right" className="tnum">
                  {format.money(one.amount)}
                </Td>
                <Td>
                  <Badge tone={FAPIAO_TONES[one.status]}>{t(`statuses.${one.status}`)}</Badge>
                  <span className="block text-subtle text-xs">{one.fapiao_number ?? one.reason}</span>
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
      {mayAsk && (
        <div className="flex justify-end px-5 py-4">
          <Button onClick={() => setAsking(true)}>{t('request')}</Button>
        </div>
      )}
      {asking && <FapiaoDialog invoice={invoice} onClose={() => setAsking(false)} />}
    </Section>
  );
}
