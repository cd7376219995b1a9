'use client';
import type { Offer } from '@suanxiang/contract/schemas/fleet';
import { useTranslations } from 'next-intl';
import { StockMeter } from '@/features/offers/stock-meter';
import type { WorkloadKind } from '@/features/workload/kind';
import { cx } from '@/lib/cx';
import { compareDecimal } from '@/lib/decimal';
import { useFormat } from '@/lib/use-format';
import { VendorMark } from '@/ui/vendor-mark';
import { type LaunchDraft, type Shortage, shortageOf } from './draft';

interface CardPickerProps {
  kind: WorkloadKind;
  offers: readonly Offer[];
  draft: LaunchDraft;
  onChoose: (acceleratorId: string) => void;
}

/** The accelerators of a region as cards. What cannot serve the wanted size is dimmed and says what it could. */
export function CardPicker({ kind, offers, draft, onChoose }: CardPickerProps) {
  const t = useTranslations('launch');
  const rows = offers
    // What a region does not have at all is not offered there.
    .filter(({ region_id, stock }) => region_id === draft.regionId && stock.total > 0)
    .sort((a, b) => compareDecimal(b.price_per_gpu_hour, a.price_per_gpu_hour));
  return (
    <fieldset>
      <legend className="sr-only">{t('accelerator')}</legend>
      <div className="grid gap-3 sm:grid-cols-2 2xl:grid-cols-3">
        {rows.map((offer) => (
          <OfferCard
            key={offer.sku}
            offer={offer}
            shortage={shortageOf(kind, offer, draft)}
            queue={draft.queue}
            checked={draft.acceleratorId === offer.accelerator.id}
            onChoose={() => onChoose(offer.accelerator.id)}
          />
        ))}
      </div>
    </fieldset>
  );
}

interface OfferCardProps {
  offer: Offer;
  shortage: Shortage | null;
  queue: boolean;
  checked: boolean;
  onChoose: () => void;
}

function OfferCard({ offer, shortage, queue, checked, onChoose }: OfferCardProps) {
  const t = useTranslations('launch');
  const pricing = useTranslations('pricing');
  const format = useFormat();
  const { accelerator } = offer;
  const name = format.text(accelerator.name);
  const unable = shortage !== null && !queue;
  return (
    <label
      className={cx(
        'relative flex flex-col gap-3 rounded-lg border p-3.5 transition-colors has-focus-visible:outline-2 has-focus-visible:outline-accent',
        checked
          ? 'border-content bg-surface shadow-card ring-1 ring-content'
          : 'border-line bg-surface hover:border-line-strong',
        unable && !checked && 'bg-sunken',
      )}
    >
      <input
        type="radio"
        name="accelerator"
        value={accelerator.id}
        checked={checked}
        onChange={onChoose}
        className="absolute inset-0 cursor-pointer opacity-0"
      />
      <span className="flex items-start gap-2.5">
        <VendorMark vendor={accelerator.vendor_class} />
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium text-sm">{name}</span>
          <span className="tnum block text-muted text-xs">
            {format.count(accelerator.memory_gib)} GiB
            {accelerator.bf16_tflops !== null && ` · ${format.count(accelerator.bf16_tflops)} TFLOP/s`}
          </span>
          {accelerator.interconnect && (
            <span className="tnum block text-subtle text-xs">
              {accelerator.interconnect}
              {accelerator.interconnect_gb_s !== null && ` · ${format.count(accelerator.interconnect_gb_s)} GB/s`}
            </span>
          )}
        </span>
      </span>
      <span className="flex items-end justify-between gap-2">
        <span className="tnum">
          <span className="block font-semibold text-base">
            {format.price(offer.price_per_gpu_hour, offer.currency)}
            <span className="font-normal text-subtle text-xs"> / h</span>
          </span>
          <span className="block text-subtle text-xs">
            {format.price(offer.price_per_gpu_second, offer.currency)} / s
          </span>
        </span>
        <StockMeter stock={offer.stock} label={pricing('stockOf', { name })} />
      </span>
      {shortage && <span className="text-warning text-xs">{shortageText(t, shortage)}</span>}
    </label>
  );
}

type Translate = ReturnType<typeof useTranslations<'launch'>>;

/** A shortage in words. */
export function shortageText(t: Translate, shortage: Shortage): string {
  if (shortage.why === 'none_free') return t('shortage.none');
  if (shortage.why === 'nodes') return t('shortage.nodes', { most: shortage.most });
  return t('shortage.perNode', { most: shortage.most });
}
