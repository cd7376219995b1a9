'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi, useApiMutation } from '@/api/hooks';
import type { PriceBook } from '@/api/types';
import { useFormat } from '@/lib/use-format';
import { Confirm } from '@/ui/confirm';
import { Field, Input, Select } from '@/ui/field';

/** What is read again when a book has changed. */
export const STALE_BOOK = ['operatorPriceBook', 'operatorPriceBooks', 'operatorPreviewPriceBook'] as const;

/** The prices of a book as they are sent again. */
export function bodiesOf(book: PriceBook) {
  return book.prices.map(({ sku, currency, price, min_seconds, from }) => ({
    sku,
    currency,
    price,
    min_seconds,
    from,
  }));
}

/** Adds one price to a draft: what, in which currency, how much, from when. */
export function AddPrice({ book, onClose }: { book: PriceBook; onClose: () => void }) {
  const t = useTranslations('operatorBilling');
  const format = useFormat();
  const inForce = useApi('operatorPrices', {});
  const update = useApiMutation('operatorUpdatePriceBook', STALE_BOOK);
  const [chosen, setChosen] = useState('');
  const [price, setPrice] = useState('');
  const [from, setFrom] = useState('');
  const items = inForce.data?.items ?? [];
  const one = items.find(({ sku, currency }) => `${sku} ${currency}` === chosen) ?? items[0];
  const act = async () => {
    if (!one) return;
    const added = {
      sku: one.sku,
      currency: one.currency,
      price: price.trim(),
      min_seconds: one.min_seconds,
      from: from ? new Date(`${from}:00Z`).toISOString() : null,
    };
    const input = { params: { price_book_id: book.id }, body: { prices: [...bodiesOf(book), added] } };
    await update.mutateAsync(input).then(onClose, () => undefined);
  };
  return (
    <Confirm
      title={t('addPrice')}
      action={t('addPrice')}
      danger={false}
      busy={update.isPending}
      error={update.error}
      onConfirm={() => void act()}
      onClose={onClose}
    >
      <div className="space-y-4">
        <Field label={t('sku')}>
          {(control) => (
            <Select
              {...control}
              value={one ? `${one.sku} ${one.currency}` : ''}
              onChange={(event) => setChosen(event.target.value)}
            >
              {items.map((item) => (
                <option key={`${item.sku} ${item.currency}`} value={`${item.sku} ${item.currency}`}>
                  {`${format.text(item.name)} · ${item.region_id} · ${item.currency}`}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field
          label={t('pricePerHour', { currency: one?.currency ?? '' })}
          hint={one && t('priceNow', { price: format.price(one.price, one.currency) })}
        >
          {(control) => (
            <Input
              {...control}
              inputMode="decimal"
              className="tnum"
              value={price}
              onChange={(event) => setPrice(event.target.value)}
            />
          )}
        </Field>
        <Field label={t('holdsFrom')} hint={t('holdsFromHint')}>
          {(control) => (
            <Input {...control} type="datetime-local" value={from} onChange={(event) => setFrom(event.target.value)} />
          )}
        </Field>
      </div>
    </Confirm>
  );
}
