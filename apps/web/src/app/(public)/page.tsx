import { getLocale, getTranslations } from 'next-intl/server';
import { Hero } from '@/features/landing/hero';
import { Principles } from '@/features/landing/principles';
import { OffersTable, type PriceCurrency } from '@/features/offers/offers-table';
import { publicPage } from '@/server/public-page';

export default publicPage(async ({ preload }) => {
  const [t, locale] = await Promise.all([getTranslations('landing'), getLocale()]);
  const currency: PriceCurrency = locale === 'zh-CN' ? 'CNY' : 'USD';
  await Promise.all([preload('listRegions', {}), preload('listOffers', { query: { currency } })]);
  return (
    <>
      <Hero />
      <section className="mx-auto max-w-6xl px-4 pb-20 sm:px-6" aria-labelledby="prices">
        <h2 id="prices" className="mb-1 font-semibold text-2xl">
          {t('stockTitle')}
        </h2>
        <p className="mb-6 max-w-2xl text-muted">{t('stockText')}</p>
        <OffersTable initialCurrency={currency} />
      </section>
      <Principles />
    </>
  );
});
