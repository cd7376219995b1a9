import { getTranslations } from 'next-intl/server';
import { paths } from '@/nav/paths';
import { ButtonLink } from '@/ui/button';
import { BillDrawing } from './bill-drawing';

export async function Hero() {
  const t = await getTranslations('landing');
  return (
    <section className="mx-auto grid max-w-6xl items-center gap-x-16 gap-y-12 px-4 pt-16 pb-20 sm:px-6 lg:grid-cols-[1.05fr_1fr] lg:pt-24">
      <div>
        <h1 className="break-keep text-balance font-semibold text-[clamp(2rem,1.2rem+2.6vw,3.25rem)] leading-[1.15]">
          {t('headline')}
        </h1>
        <p className="mt-5 max-w-xl text-balance text-lg text-muted">{t('lead')}</p>
        <div className="mt-8 flex flex-wrap gap-3">
          <ButtonLink href={paths.signUp} variant="primary" size="lg">
            {t('start')}
          </ButtonLink>
          <ButtonLink href={paths.pricing} size="lg">
            {t('seePrices')}
          </ButtonLink>
        </div>
        <p className="mt-4 text-sm text-subtle">{t('startNote')}</p>
      </div>
      <BillDrawing />
    </section>
  );
}
