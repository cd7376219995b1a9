'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi, useApiMutation } from '@/api/hooks';
import type { Contract } from '@/api/types';
import { useFormat } from '@/lib/use-format';
import { Confirm } from '@/ui/confirm';
import { Field, Input, Select, Textarea } from '@/ui/field';
import { STALE_CONTRACT } from './queries';

type Model = Contract['prices'][number]['model'];
const MODELS: readonly Model[] = ['discount', 'graduated', 'volume'];

/** The prices of a contract as they are sent again. */
function priceBodies(contract: Contract) {
  return contract.prices.map(({ sku, model, discount_percent, bands }) => ({ sku, model, discount_percent, bands }));
}

/** Lines like "100 2.50", the last "* 1.80", as bands. */
function readBands(text: string) {
  return text
    .split('\n')
    .map((line) => line.trim().split(/[\s:：]+/))
    .filter(([first]) => first)
    .map(([upTo = '', price = '']) => ({ up_to_hours: upTo === '*' ? null : Number(upTo), price }));
}

/** Adds a discount or tiers to a draft. */
export default function ContractPriceDialog({ contract, onClose }: { contract: Contract; onClose: () => void }) {
  const t = useTranslations('operatorBilling');
  const format = useFormat();
  const sold = useApi('operatorPrices', {});
  const update = useApiMutation('operatorUpdateContract', STALE_CONTRACT);
  const [sku, setSku] = useState('');
  const [model, setModel] = useState<Model>('discount');
  const [percent, setPercent] = useState('');
  const [bands, setBands] = useState('');
  const skus = new Map(sold.data?.items.map((one) => [one.sku, one]));
  const first = skus.keys().next().value ?? '';
  const chosen = model === 'discount' ? sku || null : sku || first;
  const act = async () => {
    const isDiscount = model === 'discount';
    const added = {
      sku: chosen,
      model,
      discount_percent: isDiscount ? percent.trim() : null,
      bands: isDiscount ? [] : readBands(bands),
    };
    const input = { params: { contract_id: contract.id }, body: { prices: [...priceBodies(contract), added] } };
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
        <Field label={t('model')}>
          {(control) => (
            <Select {...control} value={model} onChange={(event) => setModel(event.target.value as Model)}>
              {MODELS.map((one) => (
                <option key={one} value={one}>
                  {t(`models.${one}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('sku')}>
          {(control) => (
            <Select {...control} value={chosen ?? ''} onChange={(event) => setSku(event.target.value)}>
              {model === 'discount' && <option value="">{t('everythingElse')}</option>}
              {[...skus.values()].map((one) => (
                <option key={one.sku} value={one.sku}>
                  {`${format.text(one.name)} · ${one.region_id}`}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {model === 'discount' ? (
          <Field label={t('discountPercent')}>
            {(control) => (
              <Input {...control} inputMode="decimal" value={percent} onChange={(e) => setPercent(e.target.value)} />
            )}
          </Field>
        ) : (
          <Field label={t('bands')} hint={t('bandsHint')}>
            {(control) => (
              <Textarea
                {...control}
                rows={4}
                className="tnum"
                value={bands}
                onChange={(e) => setBands(e.target.value)}
              />
            )}
          </Field>
        )}
      </div>
    </Confirm>
  );
}
