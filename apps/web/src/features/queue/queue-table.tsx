import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { QueueEntry } from '@/api/types';
import { useFormat } from '@/lib/use-format';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Ago } from '@/ui/time';
import { BindingLabel } from './binding-label';
import { StartEstimate } from './start-estimate';

/** What one side shows of its entries beside what both do. */
export interface QueueColumn<E> {
  title: string;
  from?: 'sm' | 'md' | 'lg' | 'xl';
  cell: (entry: E) => ReactNode;
}

interface QueueTableProps<E> {
  label: string;
  entries: readonly E[];
  /** Before the place in the queue. */
  before: readonly QueueColumn<E>[];
  /** After it. */
  after?: readonly QueueColumn<E>[];
}

/** Waiting requests, for tenants and operators alike: what they are, their place, why they wait and when they will start. */
export function QueueTable<E extends QueueEntry>({ label, entries, before, after = [] }: QueueTableProps<E>) {
  const t = useTranslations('queue');
  const format = useFormat();
  const heads = (columns: readonly QueueColumn<E>[]) =>
    columns.map(({ title, from }) => (
      <Th key={title} from={from}>
        {title}
      </Th>
    ));
  const cells = (columns: readonly QueueColumn<E>[], entry: E) =>
    columns.map(({ title, from, cell }) => (
      <Td key={title} from={from}>
        {cell(entry)}
      </Td>
    ));
  return (
    <Table label={label}>
      <Head>
        {heads(before)}
        <Th align="right">{t('place')}</Th>
        {heads(after)}
        <Th from="sm">{t('why')}</Th>
        <Th>{t('start')}</Th>
        <Th from="xl">{t('waiting')}</Th>
      </Head>
      <tbody>
        {entries.map((entry) => (
          <Tr key={entry.operation_id} className="h-14">
            {cells(before, entry)}
            <Td align="right" className="tnum">
              {format.count(entry.place)}
            </Td>
            {cells(after, entry)}
            <Td from="sm" className="py-2">
              <BindingLabel binding={entry.binding} />
              <span className="hidden max-w-sm text-subtle text-xs lg:block">{format.text(entry.reason)}</span>
            </Td>
            <Td>
              <StartEstimate estimate={entry.estimate} />
            </Td>
            <Td from="xl" className="text-muted">
              <Ago at={entry.waiting_since} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
