'use client';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi, useApiMutation } from '@/api/hooks';
import type { PriceBookSummary } from '@/api/types';
import { useFormat } from '@/lib/use-format';
import { paths } from '@/nav/paths';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Confirm } from '@/ui/confirm';
import { EmptyState } from '@/ui/empty-state';
import { Field, Input } from '@/ui/field';
import { Plus, ReceiptText } from '@/ui/icons';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';
import { BillingTabs } from './billing-tabs';
import { DraftBadge } from './draft-steps';

/** Price books, newest first, and what is in force. */
export function PricesPage() {
  const t = useTranslations('operatorBilling');
  const [drafting, setDrafting] = useState(false);
  const books = useApi('operatorPriceBooks', {}, { pollMs: 30_000 });
  const button = (
    <Button variant="primary" onClick={() => setDrafting(true)}>
      <Plus className="size-4" />
      {t('newBook')}
    </Button>
  );
  return (
    <>
      <PageHeader title={t('prices')} description={t('pricesText')} actions={button} />
      <BillingTabs />
      {books.error && <ErrorNotice error={books.error} onRetry={() => void books.refetch()} />}
      <div className="space-y-8">
        <Section title={t('books')} flush>
          {books.data?.items.length === 0 ? (
            <EmptyState icon={<ReceiptText />} title={t('noBooks')}>
              {t('noBooksText')}
            </EmptyState>
          ) : (
            <Books books={books.data?.items ?? []} />
          )}
        </Section>
        <Section title={t('inForce')} description={t('inForceText')} flush>
          <InForce />
        </Section>
      </div>
      {drafting && <NewBook onClose={() => setDrafting(false)} />}
    </>
  );
}

function Books({ books }: { books: readonly PriceBookSummary[] }) {
  const t = useTranslations('operatorBilling');
  const format = useFormat();
  return (
    <Table label={t('books')}>
      <Head>
        <Th>{t('book')}</Th>
        <Th>{t('state')}</Th>
        <Th align="right">{t('priceCount')}</Th>
        <Th align="right" from="sm">
          {t('version')}
        </Th>
        <Th align="right" from="md">
          {t('changed')}
        </Th>
      </Head>
      <tbody>
        {books.map((book) => (
          <Tr key={book.id}>
            <Td className="font-medium">
              <Link href={paths.operatorPriceBook(book.id)} className="hover:underline">
                {book.name}
              </Link>
              {book.note && <span className="block text-subtle text-xs">{book.note}</span>}
            </Td>
            <Td>
              <DraftBadge draft={book} />
            </Td>
            <Td align="right" className="tnum">
              {format.count(book.price_count)}
            </Td>
            <Td align="right" from="sm" className="tnum">
              {book.version ?? '—'}
            </Td>
            <Td align="right" from="md" className="text-muted">
              <Time at={book.published_at ?? book.updated_at} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

function InForce() {
  const t = useTranslations('operatorBilling');
  const format = useFormat();
  const found = useApi('operatorPrices', {}, { pollMs: 60_000 });
  return (
    <Table label={t('inForce')}>
      <Head>
        <Th>{t('sku')}</Th>
        <Th align="right">{t('price')}</Th>
        <Th align="right" from="md">
          {t('since')}
        </Th>
        <Th align="right">{t('next')}</Th>
      </Head>
      <tbody>
        {found.data?.items.map((one) => (
          <Tr key={`${one.sku} ${one.currency}`}>
            <Td className="font-medium">
              {format.text(one.name)}
              <span className="block font-normal text-subtle text-xs">{one.region_id}</span>
            </Td>
            <Td align="right" className="tnum">
              {format.price(one.price, one.currency)}
            </Td>
            <Td align="right" from="md" className="text-muted">
              <Time at={one.since} style="date" />
            </Td>
            <Td align="right" className="tnum">
              {one.next_price && one.next_from ? (
                <>
                  {format.price(one.next_price, one.currency)}
                  <span className="block text-subtle text-xs">
                    <Time at={one.next_from} />
                  </span>
                </>
              ) : (
                '—'
              )}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

function NewBook({ onClose }: { onClose: () => void }) {
  const t = useTranslations('operatorBilling');
  const router = useRouter();
  const [name, setName] = useState('');
  const [note, setNote] = useState('');
  const create = useApiMutation('operatorCreatePriceBook', ['operatorPriceBooks']);
  const act = async () => {
    try {
      const book = await create.mutateAsync({ body: { name: name.trim(), note: note.trim() } });
      router.push(paths.operatorPriceBook(book.id));
    } catch {
      // The dialog shows the error.
    }
  };
  return (
    <Confirm
      title={t('newBook')}
      action={t('draft')}
      danger={false}
      busy={create.isPending}
      error={create.error}
      onConfirm={() => void act()}
      onClose={onClose}
    >
      <div className="space-y-4">
        <Field label={t('book')} hint={t('bookHint')}>
          {(control) => (
            <Input {...control} value={name} maxLength={63} onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
        <Field label={t('note')}>
          {(control) => (
            <Input {...control} value={note} maxLength={1000} onChange={(event) => setNote(event.target.value)} />
          )}
        </Field>
      </div>
    </Confirm>
  );
}
