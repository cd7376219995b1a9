'use client';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { CreditNoteSummary } from '@/api/types';
import { useRowKeys } from '@/features/list/use-row-keys';
import { useFormat } from '@/lib/use-format';
import { paths } from '@/nav/paths';
import { useConsole } from '@/shell/console-context';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';

/** Credit notes as rows. */
export function CreditNotesTable({ notes }: { notes: readonly CreditNoteSummary[] }) {
  const t = useTranslations('creditNotes');
  const format = useFormat();
  const { orgSlug } = useConsole();
  const ref = useRowKeys<HTMLTableSectionElement>();
  return (
    <Table label={t('title')}>
      <Head>
        <Th>{t('number')}</Th>
        <Th>{t('corrects')}</Th>
        <Th from="md">{t('issued')}</Th>
        <Th align="right" from="lg">
          {t('settled')}
        </Th>
        <Th align="right" from="lg">
          {t('toBalance')}
        </Th>
        <Th align="right">{t('total')}</Th>
      </Head>
      <tbody ref={ref}>
        {notes.map((note) => (
          <Tr key={note.id}>
            <Td>
              <Link
                data-row
                href={paths.creditNote(orgSlug, note.id)}
                className="rounded-sm font-medium hover:underline"
              >
                {note.number}
              </Link>
            </Td>
            <Td>
              <Link
                href={paths.invoice(orgSlug, note.invoice_id)}
                className="rounded-sm text-muted underline underline-offset-2 hover:text-ink"
              >
                {note.invoice_number}
              </Link>
            </Td>
            <Td from="md" className="text-muted">
              <Time at={note.issued_at} style="date" />
            </Td>
            <Td align="right" from="lg" className="text-muted">
              {format.money(note.settled)}
            </Td>
            <Td align="right" from="lg" className="text-muted">
              {format.money(note.to_balance)}
            </Td>
            <Td align="right" className="font-medium">
              {format.money(note.total)}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
