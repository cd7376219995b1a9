import { getTranslations } from 'next-intl/server';
import { Boxes, CirclePause, Layers, ReceiptText, ShieldCheck, Terminal } from '@/ui/icons';

const PRINCIPLES = [
  ['proof', ReceiptText],
  ['broken', ShieldCheck],
  ['vendors', Layers],
  ['clusters', Boxes],
  ['stopped', CirclePause],
  ['api', Terminal],
] as const;

/** What is different here, in six short paragraphs. */
export async function Principles() {
  const t = await getTranslations('landing.principles');
  return (
    <section className="border-line border-t bg-sunken" aria-labelledby="why">
      <div className="mx-auto max-w-6xl px-4 py-20 sm:px-6">
        <h2 id="why" className="font-semibold text-2xl">
          {t('title')}
        </h2>
        <ul className="mt-10 grid gap-x-10 gap-y-10 sm:grid-cols-2 lg:grid-cols-3">
          {PRINCIPLES.map(([key, Icon]) => (
            <li key={key}>
              <Icon className="size-5 text-brand" strokeWidth={1.75} aria-hidden="true" />
              <h3 className="mt-3 font-semibold text-base">{t(`${key}.title`)}</h3>
              <p className="mt-1 text-muted text-sm">{t(`${key}.text`)}</p>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
