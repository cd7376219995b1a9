'use client';
import type { Offer } from '@suanxiang/contract/schemas/fleet';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useFormat } from '@/lib/use-format';
import { useConsole } from '@/shell/console-context';
import { Field, Select } from '@/ui/field';
import { Meter } from '@/ui/meter';
import { Notice } from '@/ui/notice';
import { VendorMark } from '@/ui/vendor-mark';
import { memoryNeedGib, type Precision, type Purpose, type Suggestion, suggest } from './need';

const SIZES = [1.5, 7, 14, 32, 70, 123, 235, 405, 671];

interface NeedHelperProps {
  offers: readonly Offer[];
  onChoose: (suggestion: Suggestion) => void;
}

/** From a model's size to the instances that hold it, cheapest first. */
export default function NeedHelper({ offers, onChoose }: NeedHelperProps) {
  const t = useTranslations('launch.need');
  const format = useFormat();
  const [billions, setBillions] = useState(70);
  const [purpose, setPurpose] = useState<Purpose>('inference');
  const [precision, setPrecision] = useState<Precision>('bf16');
  const needGib = memoryNeedGib(billions, purpose, precision);
  const suggestions = suggest(offers, needGib, 4);
  return (
    <div>
      <div className="grid gap-4 sm:grid-cols-3">
        <Field label={t('size')}>
          {(control) => (
            <Select {...control} value={billions} onChange={(event) => setBillions(Number(event.target.value))}>
              {SIZES.map((size) => (
                <option key={size} value={size}>
                  {t('billions', { size: String(size) })}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('purpose')}>
          {(control) => (
            <Select {...control} value={purpose} onChange={(event) => setPurpose(event.target.value as Purpose)}>
              {(['inference', 'lora', 'full'] as const).map((value) => (
                <option key={value} value={value}>
                  {t(`purposes.${value}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('precision')}>
          {(control) => (
            <Select
              {...control}
              value={precision}
              disabled={purpose !== 'inference'}
              onChange={(event) => setPrecision(event.target.value as Precision)}
            >
              {(['bf16', 'int8', 'int4'] as const).map((value) => (
                <option key={value} value={value}>
                  {value}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <p className="mt-3 text-muted text-sm">{t('need', { gib: format.count(needGib) })}</p>
      {suggestions.length === 0 ? (
        <Notice tone="info" className="mt-3">
          {t('tooLarge')}
        </Notice>
      ) : (
        <ul className="mt-3 grid gap-2 sm:grid-cols-2">
          {suggestions.map((suggestion) => (
            <li key={suggestion.offer.sku}>
              <SuggestionButton suggestion={suggestion} needGib={needGib} onChoose={onChoose} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface SuggestionButtonProps {
  suggestion: Suggestion;
  needGib: number;
  onChoose: (suggestion: Suggestion) => void;
}

function SuggestionButton({ suggestion, needGib, onChoose }: SuggestionButtonProps) {
  const t = useTranslations('launch.need');
  const format = useFormat();
  const { names } = useConsole();
  const { offer, gpus, memoryGib, perHour } = suggestion;
  const region = names.regions[offer.region_id];
  const fit = t('fit', { need: format.count(needGib), total: format.count(memoryGib) });
  return (
    <button
      type="button"
      onClick={() => onChoose(suggestion)}
      className="flex w-full items-start gap-3 rounded-md border border-line bg-surface p-3 text-left hover:border-line-strong hover:bg-hover"
    >
      <VendorMark vendor={offer.accelerator.vendor_class} />
      <span className="min-w-0 flex-1">
        <span className="flex justify-between gap-2 font-medium text-sm">
          <span className="truncate">
            {gpus} × {format.text(offer.accelerator.name)}
          </span>
          <span className="tnum">
            {format.price(perHour, offer.currency, 2)}
            <span className="font-normal text-subtle"> / h</span>
          </span>
        </span>
        <span className="block text-muted text-xs">{region ? format.text(region) : offer.region_id}</span>
        <Meter label={fit} value={needGib} max={memoryGib} text={fit} className="mt-2" />
        <span className="mt-1 block text-subtle text-xs">{fit}</span>
      </span>
    </button>
  );
}
