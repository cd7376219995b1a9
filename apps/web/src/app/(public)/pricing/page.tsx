import { getLocale, getTranslations } from 'next-intl/server';
import { OffersTable, type PriceCurrency } from '@/features/offers/offers-table';
import { publicPage } from '@/server/public-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('pricing');

export default publicPage(async ({ preload }) => {
  const [t, locale] = await Promise.all([getTranslations('pricing'), getLocale()]);
  const currency: PriceCurrency = locale === 'zh-CN' ? 'CNY' : 'USD';
  await Promise.all([preload('listRegions', {}), preload('listOffers', { query: { currency } })]);
  return (
    <div className="mx-auto max-w-6xl px-4 py-12 sm:px-6">
      <h1 className="font-semibold text-3xl">{t('title')}</h1>
      <p className="mt-2 mb-8 max-w-2xl text-base text-muted">{t('lead')}</p>
      <OffersTable initialCurrency={currency} />
      <dl className="mt-12 grid gap-8 sm:grid-cols-3">
        {(['second', 'stopped', 'undelivered'] as const).map((rule) => (
          <div key={rule}>
            <dt className="font-semibold text-base">{t(`rules.${rule}.title`)}</dt>
            <dd className="mt-1 text-muted text-sm">{t(`rules.${rule}.text`)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
});
