'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi, useApiMutation } from '@/api/hooks';
import type { PriceBook } from '@/api/types';
import { useFormat } from '@/lib/use-format';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { ReceiptText } from '@/ui/icons';
import { Notice } from '@/ui/notice';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';
import { AddPrice, bodiesOf, STALE_BOOK } from './add-price';
import { BillingTabs } from './billing-tabs';
import { ApproveDraft, type Asking, AwaitsSecond, DiscardDraft, DraftActions, DraftBadge, isOpen } from './draft-steps';
import { PricePreview } from './price-preview';

/** One price book: what it changes, what that would have meant last month, and its way to being published. */
export function PriceBookPage({ id }: { id: string }) {
  const t = useTranslations('operatorBilling');
  const [asking, setAsking] = useState<Asking>(null);
  const found = useApi('operatorPriceBook', { params: { price_book_id: id } }, { pollMs: 30_000 });
  const book = found.data;
  if (!book) return found.error ? <ErrorNotice error={found.error} onRetry={() => void found.refetch()} /> : null;
  return (
    <>
      <PageHeader
        title={book.name}
        description={book.note}
        meta={<DraftBadge draft={book}>{book.version !== null && ` ${book.version}`}</DraftBadge>}
        actions={<DraftActions draft={book} canApprove={book.price_count > 0} onAsk={setAsking} />}
      />
      <BillingTabs />
      <div className="space-y-8">
        <AwaitsSecond draft={book} />
        <Warnings book={book} />
        <Section title={t('changes')} description={t('changesText')} flush>
          <Changes book={book} editable={isOpen(book)} />
        </Section>
        {book.price_count > 0 && <PricePreview id={id} />}
      </div>
      {asking === 'add' && <AddPrice book={book} onClose={() => setAsking(null)} />}
      {asking === 'approve' && <Approve book={book} onClose={() => setAsking(null)} />}
      {asking === 'discard' && <Discard book={book} onClose={() => setAsking(null)} />}
    </>
  );
}

function Warnings({ book }: { book: PriceBook }) {
  const t = useTranslations('operatorBilling');
  const format = useFormat();
  if (book.warnings.length === 0) return null;
  return (
    <Notice tone="warning" title={t('warnings')}>
      <ul className="list-disc space-y-1 pl-4">
        {book.warnings.map((warning) => (
          <li key={`${warning.pointer} ${warning.code}`}>{format.text(warning.text)}</li>
        ))}
      </ul>
    </Notice>
  );
}

function Changes({ book, editable }: { book: PriceBook; editable: boolean }) {
  const t = useTranslations('operatorBilling');
  const format = useFormat();
  const update = useApiMutation('operatorUpdatePriceBook', STALE_BOOK);
  if (book.prices.length === 0) {
    return (
      <EmptyState icon={<ReceiptText />} title={t('noPrices')}>
        {t('noPricesText')}
      </EmptyState>
    );
  }
  const remove = (index: number) => {
    const prices = bodiesOf(book).filter((_, at) => at !== index);
    update.mutate({ params: { price_book_id: book.id }, body: { prices } });
  };
  const change = (ppm: number | null) => (ppm === null ? '—' : `${ppm > 0 ? '+' : ''}${format.percent(ppm)}`);
  return (
    <>
      {update.error && <ErrorNotice error={update.error} className="m-4" />}
      <Table label={t('changes')}>
        <Head>
          <Th>{t('sku')}</Th>
          <Th align="right">{t('before')}</Th>
          <Th align="right">{t('after')}</Th>
          <Th align="right">{t('change')}</Th>
          <Th align="right" from="md">
            {t('holdsFrom')}
          </Th>
          <Th>
            <span className="sr-only">{t('remove')}</span>
          </Th>
        </Head>
        <tbody>
          {book.prices.map((price, index) => (
            <Tr key={`${price.sku} ${price.currency} ${price.from}`}>
              <Td className="font-medium">
                {format.text(price.name)}
                <span className="block font-normal text-subtle text-xs">{price.region_id}</span>
              </Td>
              <Td align="right" className="tnum text-muted">
                {price.price_before ? format.price(price.price_before, price.currency) : '—'}
              </Td>
              <Td align="right" className="tnum font-medium">
                {format.price(price.price, price.currency)}
              </Td>
              <Td align="right" className="tnum">
                {change(price.change_ppm)}
              </Td>
              <Td align="right" from="md" className="text-muted">
                {price.from ? <Time at={price.from} /> : t('atOnce')}
              </Td>
              <Td align="right">
                {editable && (
                  <Button size="sm" variant="ghost" busy={update.isPending} onClick={() => remove(index)}>
                    {t('remove')}
                  </Button>
                )}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </>
  );
}

const STALE_PUBLISHED = ['operatorPriceBook', 'operatorPriceBooks', 'operatorPrices'] as const;

function Approve({ book, onClose }: { book: PriceBook; onClose: () => void }) {
  const t = useTranslations('operatorBilling');
  const { mutateAsync, isPending, error } = useApiMutation('operatorApprovePriceBook', STALE_PUBLISHED);
  const act = () => mutateAsync({ params: { price_book_id: book.id } });
  return (
    <ApproveDraft draft={book} busy={isPending} error={error} act={act} onClose={onClose}>
      <p>{t(book.status === 'draft' ? 'agreeText' : 'publishText', { count: book.price_count })}</p>
      <p className="mt-2">{t('runningLeases')}</p>
    </ApproveDraft>
  );
}

function Discard({ book, onClose }: { book: PriceBook; onClose: () => void }) {
  const stale = ['operatorPriceBook', 'operatorPriceBooks'] as const;
  const { mutateAsync, isPending, error } = useApiMutation('operatorDiscardPriceBook', stale);
  const act = () => mutateAsync({ params: { price_book_id: book.id } });
  return <DiscardDraft draft={book} busy={isPending} error={error} act={act} onClose={onClose} />;
}
