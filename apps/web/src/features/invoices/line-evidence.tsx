'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi } from '@/api/hooks';
import type { InvoiceLine } from '@/api/types';
import { BlockList } from '@/features/usage/block-list';
import { useFormat } from '@/lib/use-format';
import { MonoId } from '@/ui/mono-id';
import { ErrorNotice } from '@/ui/problem';
import { Skeleton } from '@/ui/skeleton';

interface LineEvidenceProps {
  invoiceId: string;
  line: InvoiceLine;
  currency: string;
}

/** From a line to its segments of constant price, and from there to the blocks. */
export default function LineEvidence({ invoiceId, line, currency }: LineEvidenceProps) {
  const t = useTranslations('invoices');
  const format = useFormat();
  return (
    <div className="space-y-5">
      <div>
        <h3 className="mb-2 font-medium text-sm">{t('segments')}</h3>
        <div className="overflow-x-auto rounded-md border border-line bg-surface">
          <table className="w-full text-xs" aria-label={t('segments')}>
            <thead className="text-left text-muted">
              <tr className="border-line border-b">
                <th scope="col" className="px-3 py-2 font-medium">
                  {t('span')}
                </th>
                <th scope="col" className="px-3 py-2 text-right font-medium">
                  {t('unitPrice')}
                </th>
                <th scope="col" className="px-3 py-2 text-right font-medium">
                  {t('quantity')}
                </th>
                <th scope="col" className="px-3 py-2 text-right font-medium">
                  {t('exact')}
                </th>
              </tr>
            </thead>
            <tbody>
              {line.segments.map((segment) => (
                <tr
                  key={`${segment.from_s}${segment.to_s}${segment.price_per_gpu_hour}`}
                  className="border-line border-b last:border-b-0"
                >
                  <td className="whitespace-nowrap px-3 py-2">
                    {segment.from_s === segment.to_s
                      ? t('minimum')
                      : `${format.date(segment.from_s, 'seconds')} – ${format.date(segment.to_s, 'seconds')}`}
                  </td>
                  <td className="whitespace-nowrap px-3 py-2 text-right">
                    {format.price(segment.price_per_gpu_hour, currency)}
                  </td>
                  <td className="px-3 py-2 text-right font-mono">{segment.qty}</td>
                  <td className="px-3 py-2 text-right font-mono">{segment.exact_minor}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <p className="mt-2 text-subtle text-xs">{t('segmentsText')}</p>
      </div>
      <div>
        <h3 className="mb-2 flex flex-wrap items-center gap-x-3 font-medium text-sm">
          {t('blocks')}
          <span className="inline-flex items-center gap-1 font-normal text-subtle text-xs">
            {t('blocksDigest')} <MonoId id={`sha256:${line.blocks_digest}`} />
          </span>
        </h3>
        <LineBlocks invoiceId={invoiceId} line={line} />
      </div>
    </div>
  );
}

function LineBlocks({ invoiceId, line }: Omit<LineEvidenceProps, 'currency'>) {
  const t = useTranslations('usage');
  const [cursor, setCursor] = useState<string | null>(null);
  const blocks = useApi(
    'listInvoiceEvidence',
    { params: { invoice_id: invoiceId }, query: { key: line.key, limit: 10, ...(cursor ? { cursor } : {}) } },
    { keepPrevious: true },
  );
  if (blocks.error && !blocks.data) return <ErrorNotice error={blocks.error} onRetry={() => void blocks.refetch()} />;
  if (!blocks.data) return <Skeleton className="h-24 w-full" />;
  return (
    <BlockList
      label={t('blocks')}
      blocks={blocks.data.items}
      span={{ fromS: line.from_s, toS: line.to_s }}
      cursor={cursor ?? ''}
      nextCursor={blocks.data.next_cursor}
      onGo={setCursor}
    />
  );
}
