'use client';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { useApi, useApiMutation } from '@/api/hooks';
import { useConsole } from '@/shell/console-context';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { ErrorNotice } from '@/ui/problem';

/** Saved cards; they are entered on the provider's page and never here. Nothing where there are no online payments. */
export function SavedCards() {
  const t = useTranslations('billing');
  const { can } = useConsole();
  const [adding, setAdding] = useState<string | null>(null);
  const methods = useApi(
    'listPaymentMethods',
    {},
    { pollMs: (data) => (adding ? 1_000 : data?.items.some(({ status }) => status !== 'active') ? 3_000 : 60_000) },
  );
  const add = useApiMutation('addPaymentMethod', ['listPaymentMethods']);
  const remove = useApiMutation('removePaymentMethod', ['listPaymentMethods']);
  const page = methods.data?.items.find((method) => method.id === adding)?.redirect_url;
  useEffect(() => {
    if (page) window.location.assign(page);
  }, [page]);
  if (!methods.data?.online) return null;
  const cards = methods.data.items.filter((method) => method.status === 'active');
  const begin = () =>
    add.mutateAsync({ body: { return_url: window.location.href } }).then(
      (method) => setAdding(method.id),
      () => {},
    );
  return (
    <Section
      title={t('cards')}
      description={t('cardsText')}
      actions={
        can('billing.modify') && (
          <Button busy={add.isPending || adding !== null} onClick={() => void begin()}>
            {t('cardAdd')}
          </Button>
        )
      }
    >
      {cards.length === 0 && <p className="text-muted text-sm">{t('cardsNone')}</p>}
      <ul className="space-y-3">
        {cards.map((card) => (
          <li key={card.id} className="flex flex-wrap items-center gap-3 text-sm">
            <span className="tnum font-medium">
              {t('cardName', { brand: card.brand ?? '', last4: card.last4 ?? '' })}
            </span>
            {card.is_default && <Badge tone="info">{t('cardDefault')}</Badge>}
            {can('billing.modify') && (
              <Button
                size="sm"
                variant="ghost"
                busy={remove.isPending}
                onClick={() => remove.mutate({ params: { payment_method_id: card.id } })}
              >
                {t('cardRemove')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {(add.error ?? remove.error) && <ErrorNotice error={add.error ?? remove.error} />}
    </Section>
  );
}
