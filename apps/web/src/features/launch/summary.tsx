'use client';
import type { Offer } from '@suanxiang/contract/schemas/fleet';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import type { WorkloadKind } from '@/features/workload/kind';
import { plusTimes, secondsAt, timesDecimal } from '@/lib/decimal';
import { lazily } from '@/lib/lazily';
import { useFormat } from '@/lib/use-format';
import { useConsole } from '@/shell/console-context';
import { CircleCheck } from '@/ui/icons';
import { Spinner } from '@/ui/spinner';
import { gpusOfDraft, type LaunchDraft, MONTH_HOURS } from './draft';
import type { Alternative } from './refusal';
import type { Verdict } from './use-verdict';

const Refusal = lazily(() => import('./refusal'));

interface SummaryProps {
  kind: WorkloadKind;
  draft: LaunchDraft;
  offer: Offer | null;
  verdict: Verdict;
  onTake: (alternative: Alternative) => void;
  onQueue: () => void;
}

/** What it will cost, how long the money lasts, what is left of the quota, and whether it can start now. */
export function Summary({ kind, draft, offer, verdict, onTake, onQueue }: SummaryProps) {
  const t = useTranslations('launch.summary');
  const format = useFormat();
  const { names } = useConsole();
  const gpus = gpusOfDraft(kind, draft);
  const region = names.regions[draft.regionId];
  if (!offer) return null;
  const perHour = timesDecimal(offer.price_per_gpu_hour, gpus);
  const rows = [
    { label: t('perSecond'), value: format.price(timesDecimal(offer.price_per_gpu_second, gpus), offer.currency) },
    { label: t('perMonth'), value: format.price(timesDecimal(perHour, MONTH_HOURS), offer.currency, 2) },
  ];
  return (
    <div>
      <p className="font-medium text-sm">
        {kind === 'cluster' ? `${draft.nodeCount} × ${draft.gpus}` : gpus} × {format.text(offer.accelerator.name)}
      </p>
      <p className="text-muted text-xs">
        {region ? format.text(region) : draft.regionId} ·{' '}
        {t('memory', { gib: format.count(gpus * offer.accelerator.memory_gib) })}
      </p>
      <p className="tnum mt-4 font-semibold text-2xl">
        {format.price(perHour, offer.currency, 4)}
        <span className="font-normal text-muted text-sm"> {t('perHour')}</span>
      </p>
      <dl className="mt-3 space-y-1.5 border-line border-b pb-3 text-sm">
        {rows.map((row) => (
          <div key={row.label} className="flex justify-between gap-3">
            <dt className="text-muted">{row.label}</dt>
            <dd className="tnum">{row.value}</dd>
          </div>
        ))}
      </dl>
      <Limits perHour={perHour} gpus={gpus} />
      <div className="mt-4" aria-live="polite">
        {verdict.state === 'asking' && (
          <p className="flex items-center gap-2 text-muted text-sm">
            <Spinner /> {t('asking')}
          </p>
        )}
        {verdict.state === 'able' && (
          <p className="flex items-center gap-2 text-sm text-success">
            <CircleCheck className="size-4" /> {draft.queue ? t('queueable') : t('able')}
          </p>
        )}
        {verdict.state === 'refused' && <Refusal problem={verdict.error.problem} onTake={onTake} onQueue={onQueue} />}
      </div>
    </div>
  );
}

/** Quota after the launch, and how long the balance would last with it. */
function Limits({ perHour, gpus }: { perHour: string; gpus: number }) {
  const t = useTranslations('launch.summary');
  const format = useFormat();
  const { can } = useConsole();
  const quotas = useApi('listQuotas', {}, { enabled: can('quota.read') });
  const balance = useApi('getBalance', {}, { enabled: can('billing.read') });
  const quota = quotas.data?.items.find(({ metric }) => metric === 'accelerators');
  const runway = balance.data ? runwayWith(balance.data, perHour) : null;
  return (
    <dl className="space-y-1.5 pt-3 text-sm">
      {quota && (
        <div className="flex justify-between gap-3">
          <dt className="text-muted">{t('quota')}</dt>
          <dd className={quota.used + gpus > quota.limit ? 'tnum text-danger' : 'tnum'}>
            {t('quotaAfter', { used: format.count(quota.used + gpus), limit: format.count(quota.limit) })}
          </dd>
        </div>
      )}
      {balance.data && (
        <div className="flex justify-between gap-3">
          <dt className="text-muted">{t('available')}</dt>
          <dd className="tnum">{format.money(balance.data.available)}</dd>
        </div>
      )}
      {runway !== null && (
        <div className="flex justify-between gap-3">
          <dt className="text-muted">{t('runway')}</dt>
          <dd className={runway < 3_600 ? 'tnum text-danger' : 'tnum'}>{format.duration(runway)}</dd>
        </div>
      )}
    </dl>
  );
}

/** Seconds that the available money lasts when what runs now and the new one run together. */
function runwayWith(
  balance: { available: { amount: string }; burn_per_hour: { amount: string } },
  perHour: string,
): number | null {
  return secondsAt(balance.available.amount, plusTimes(balance.burn_per_hour.amount, perHour, 1, 8));
}
