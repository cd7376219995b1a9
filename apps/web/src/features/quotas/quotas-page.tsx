'use client';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import type { Quota } from '@/api/types';
import { useFormat } from '@/lib/use-format';
import { Card } from '@/ui/card';
import { Meter } from '@/ui/meter';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';

export function QuotasPage() {
  const t = useTranslations('quotas');
  const quotas = useApi('listQuotas', {}, { pollMs: 30_000 });
  return (
    <>
      <PageHeader title={t('title')} description={t('description')} />
      {quotas.error && !quotas.data ? (
        <ErrorNotice error={quotas.error} onRetry={() => void quotas.refetch()} />
      ) : (
        <ul className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
          {quotas.data?.items.map((quota) => (
            <li key={quota.metric}>
              <QuotaCard quota={quota} />
            </li>
          ))}
        </ul>
      )}
      <p className="mt-6 max-w-prose text-muted text-sm">{t('more')}</p>
    </>
  );
}

function QuotaCard({ quota }: { quota: Quota }) {
  const t = useTranslations('quotas');
  const format = useFormat();
  const [metric = '', vendor] = quota.metric.split(':');
  const key = `metrics.${metric}` as Parameters<typeof t>[0];
  const base = t.has(key) ? t(key) : metric;
  const name = vendor ? t('ofVendor', { metric: base, vendor }) : base;
  const share = quota.limit > 0 ? quota.used / quota.limit : 1;
  const text = t('usedOf', { used: format.count(quota.used), limit: format.count(quota.limit) });
  return (
    <Card>
      <div className="flex items-baseline justify-between gap-3">
        <p className="font-medium text-sm">{name}</p>
        <p className="tnum text-muted text-sm">{text}</p>
      </div>
      <Meter
        className="mt-3"
        label={name}
        value={quota.used}
        max={quota.limit}
        text={text}
        tone={share >= 1 ? 'danger' : share > 0.85 ? 'warning' : 'accent'}
      />
    </Card>
  );
}
