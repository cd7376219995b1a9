'use client';
import { useTranslations } from 'next-intl';
import { Fragment, useState } from 'react';
import type { UsageRow } from '@/api/types';
import { cx } from '@/lib/cx';
import { lazily } from '@/lib/lazily';
import { useFormat } from '@/lib/use-format';
import { useConsole } from '@/shell/console-context';
import { Badge } from '@/ui/badge';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { ChevronRight } from '@/ui/icons';
import { Skeleton } from '@/ui/skeleton';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';

const InvoiceLink = lazily(() => import('./invoice-link'));
const AllocationBlocks = lazily(() => import('./allocation-blocks'), <Skeleton className="h-24 w-full" />);

/** Usage by allocation; a row opens to the blocks of 60 one-second values that it was made of. */
export function UsageRows({ rows, showName = true }: { rows: readonly UsageRow[]; showName?: boolean }) {
  const t = useTranslations('usage');
  const [open, setOpen] = useState<string | null>(null);
  if (rows.length === 0) {
    return (
      <Card flush>
        <EmptyState title={t('noRows')}>{t('noRowsText')}</EmptyState>
      </Card>
    );
  }
  return (
    <Card flush className="overflow-hidden">
      <Table label={t('rows')}>
        <Head>
          <Th>{t('workload')}</Th>
          <Th from="lg">{t('span')}</Th>
          <Th align="right" from="sm">
            {t('billed')}
          </Th>
          <Th align="right" from="xl">
            {t('undelivered')}
          </Th>
          <Th align="right" from="md">
            {t('average')}
          </Th>
          <Th align="right">{t('amount')}</Th>
        </Head>
        <tbody>
          {rows.map((row) => (
            <Fragment key={row.allocation_id}>
              <Row
                row={row}
                showName={showName}
                open={open === row.allocation_id}
                onToggle={() => setOpen(open === row.allocation_id ? null : row.allocation_id)}
              />
              {open === row.allocation_id && (
                <tr className="border-line border-b">
                  <td colSpan={6} className="bg-sunken px-4 py-4 sm:px-5">
                    <InvoiceLink row={row} />
                    <AllocationBlocks allocationId={row.allocation_id} span={{ fromS: row.from_s, toS: row.to_s }} />
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

interface RowProps {
  row: UsageRow;
  showName: boolean;
  open: boolean;
  onToggle: () => void;
}

function Row({ row, showName, open, onToggle }: RowProps) {
  const t = useTranslations('usage');
  const format = useFormat();
  const { names } = useConsole();
  const model = names.accelerators[row.accelerator_id];
  const what = `${row.gpus} × ${model ? format.text(model) : row.accelerator_id}`;
  return (
    <Tr className="h-14">
      <Td>
        <button
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
              <span className="truncate">{showName ? row.workload_name : what}</span>
              {row.kind === 'cluster' && <Badge>{t('rank', { rank: row.rank })}</Badge>}
              {row.running && <Badge tone="success">{t('running')}</Badge>}
            </span>
            <span className="block truncate text-muted text-xs">{showName ? what : row.sku}</span>
          </span>
        </button>
      </Td>
      <Td from="lg" className="whitespace-nowrap text-muted text-xs">
        <Time at={row.from_s} style="seconds" />
        <br />
        {row.running ? t('untilNow') : <Time at={row.to_s} style="seconds" />}
      </Td>
      <Td align="right" from="sm">
        {format.seconds(row.billed_seconds)}
        <span className="block text-subtle text-xs">{format.duration(row.billed_seconds)}</span>
      </Td>
      <Td align="right" from="xl" className={row.undelivered_seconds > 0 ? 'text-danger' : 'text-subtle'}>
        {row.undelivered_seconds > 0 ? format.seconds(row.undelivered_seconds) : '0'}
      </Td>
      <Td align="right" from="md" className="text-muted">
        {row.average_utilization_ppm === null ? '—' : format.percent(row.average_utilization_ppm)}
      </Td>
      <Td align="right" className="font-medium">
        {format.money(row.amount)}
      </Td>
    </Tr>
  );
}
