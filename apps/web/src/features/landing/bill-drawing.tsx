import { rational } from '@suanxiang/domain/rational';
import { encodeBlock } from '@suanxiang/domain/usage-block';
import { blockDigest } from '@suanxiang/domain/usage-digest';
import { getLocale, getTranslations } from 'next-intl/server';
import { decimalText } from '@/lib/decimal';
import { formatPrice } from '@/lib/format';
import { BlockStrip } from '@/ui/block-strip';
import { LogoMark } from '@/ui/logo';

/** Sixty seconds of eight busy accelerators, with a fault of four seconds in it: an example, always the same. */
const SECONDS = Array.from({ length: 60 }, (_, second) => {
  if (second >= 41 && second < 45) return null;
  const wave = 0.84 + 0.1 * Math.sin(second / 4.6) + 0.05 * Math.sin(second * 1.7);
  return Math.floor(Math.min(1, second === 45 ? 0.35 : wave) * 10_000) * 100;
});

const DELIVERED = SECONDS.filter((ppm) => ppm !== null).length;
const GPUS = 8n;
const PRICE_CENTS = 1860n;
/** The example is a real block: this is the digest that the platform would store for it. */
const DIGEST = blockDigest({ allocationId: 'alloc_example', winStartS: 1_793_068_920, rev: 0 }, encodeBlock(SECONDS));
const AMOUNT = decimalText(rational(GPUS * BigInt(DELIVERED) * PRICE_CENTS, 3600n * 100n), 8);

/**
 * The idea of the product as a picture: seconds become a block, a block becomes an amount, and the amount carries a seal.
 */
export async function BillDrawing() {
  const [t, locale] = await Promise.all([getTranslations('landing.drawing'), getLocale()]);
  const values = {
    delivered: t('delivered.value', { seconds: DELIVERED, gpus: Number(GPUS) }),
    undelivered: t('undelivered.value', { seconds: 60 - DELIVERED }),
    price: t('price.value'),
  };
  return (
    <figure className="rounded-xl border border-line bg-surface shadow-raised">
      <div className="border-line border-b px-5 py-4">
        <div className="flex items-baseline justify-between gap-4 text-sm">
          <span className="font-medium">{t('resource')}</span>
          <span className="tnum text-muted">10:42:00 – 10:43:00</span>
        </div>
        <BlockStrip values={SECONDS} label={t('label')} className="mt-4 h-20" />
        <div className="tnum mt-1.5 flex justify-between text-subtle text-xs" aria-hidden="true">
          <span>0 s</span>
          <span>15</span>
          <span>30</span>
          <span>45</span>
          <span>60</span>
        </div>
      </div>
      <dl className="divide-y divide-line text-sm">
        {(['delivered', 'undelivered', 'price'] as const).map((row) => (
          <div key={row} className="flex items-baseline justify-between gap-4 px-5 py-2.5">
            <dt className="text-muted">{t(`${row}.label`)}</dt>
            <dd className={row === 'undelivered' ? 'tnum text-danger' : 'tnum'}>{values[row]}</dd>
          </div>
        ))}
      </dl>
      <figcaption className="flex items-center justify-between gap-4 rounded-b-xl border-line border-t bg-sunken px-5 py-4">
        <span>
          <span className="block text-muted text-xs">{t('amount.label')}</span>
          <span className="tnum font-semibold text-xl">{formatPrice(AMOUNT, 'CNY', locale, 4)}</span>
        </span>
        <span className="flex items-center gap-2.5 text-right">
          <span className="text-subtle text-xs">
            {t('seal')}
            <code className="block font-mono">{`sha256 ${DIGEST.slice(0, 6)}…${DIGEST.slice(-6)}`}</code>
          </span>
          <LogoMark className="size-8" />
        </span>
      </figcaption>
    </figure>
  );
}
