'use client';
import { useTranslations } from 'next-intl';
import { Fragment, useEffect, useRef, useState } from 'react';
import type { Invoice, InvoiceLine } from '@/api/types';
import { useUrlState } from '@/features/list/use-url-state';
import { cx } from '@/lib/cx';
import { lazily } from '@/lib/lazily';
import { useFormat } from '@/lib/use-format';
import { Badge } from '@/ui/badge';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { ChevronRight } from '@/ui/icons';
import { Skeleton } from '@/ui/skeleton';
import { Head, Table, Td, Th, Tr } from '@/ui/table';

const LineEvidence = lazily(() => import('./line-evidence'), <Skeleton className="h-24 w-full" />);

/** The lines of an invoice. Each opens to its price segments and further to the usage blocks it was made of. */
export function InvoiceLines({ invoice }: { invoice: Invoice }) {
  const t = useTranslations('invoices');
  // An address may point to the line of one allocation.
  const wanted = useUrlState().get('allocation');
  const pointedAt = wanted ? invoice.lines.find(({ allocation_id }) => allocation_id === wanted)?.key : undefined;
  const [open, setOpen] = useState<string | null>(pointedAt ?? null);
  if (invoice.lines.length === 0) {
    return (
      <Card flush>
        <EmptyState title={t('noLines')}>{t('noLinesText')}</EmptyState>
      </Card>
    );
  }
  return (
    <Card flush className="overflow-hidden">
      <Table label={t('lines')}>
        <Head>
          <Th>{t('line')}</Th>
          <Th align="right" from="sm">
            {t('billed')}
          </Th>
          <Th align="right" from="lg">
            {t('undelivered')}
          </Th>
          <Th align="right" from="lg">
            {t('blocks')}
          </Th>
          <Th align="right">{t('amount')}</Th>
        </Head>
        <tbody>
          {invoice.lines.map((line) => (
            <Fragment key={line.key}>
              <LineRow
                line={line}
                open={open === line.key}
                pointedAt={pointedAt === line.key}
                onToggle={() => setOpen(open === line.key ? null : line.key)}
              />
              {open === line.key && (
                <tr className="border-line border-b">
                  <td colSpan={5} className="bg-sunken px-4 py-4 sm:px-5">
                    <LineEvidence invoiceId={invoice.id} line={line} currency={invoice.total.currency} />
                  </td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

interface LineRowProps {
  line: InvoiceLine;
  open: boolean;
  /** The page was opened to show this very line. */
  pointedAt: boolean;
  onToggle: () => void;
}

function LineRow({ line, open, pointedAt, onToggle }: LineRowProps) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!pointedAt) return;
    button.current?.scrollIntoView({ block: 'center' });
    button.current?.focus({ preventScroll: true });
  }, [pointedAt]);
  const t = useTranslations('invoices');
  const format = useFormat();
  return (
    <Tr className="h-14">
      <Td>
        <button
          ref={button}
          type="button"
          aria-expanded={open}
          onClick={onToggle}
          className="flex max-w-full items-start gap-2 rounded-sm text-left"
        >
          <ChevronRight
            className={cx('mt-1 size-3.5 shrink-0 text-subtle transition-transform', open && 'rotate-90')}
            aria-hidden="true"
          />
          <span className="min-w-0">
            <span className="flex items-center gap-2 font-medium">
              {format.text(line.description)}
              {line.kind === 'adjustment' && <Badge tone="warning">{t('adjustment')}</Badge>}
            </span>
            <span className="tnum block text-muted text-xs">
              {format.date(line.from_s, 'seconds')} – {format.date(line.to_s, 'seconds')}
            </span>
          </span>
        </button>
      </Td>
      <Td align="right" from="sm">
        {format.seconds(line.billed_seconds)}
        <span className="block text-subtle text-xs">{format.duration(line.billed_seconds)}</span>
      </Td>
      <Td align="right" from="lg" className={line.undelivered_seconds > 0 ? 'text-danger' : 'text-subtle'}>
        {line.undelivered_seconds > 0 ? format.seconds(line.undelivered_seconds) : '0'}
      </Td>
      <Td align="right" from="lg" className="text-muted">
        {format.count(line.block_count)}
      </Td>
      <Td align="right" className="font-medium">
        {format.money(line.amount)}
      </Td>
    </Tr>
  );
}
