'use client';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import type { Workload } from '@/api/types';
import { KINDS, kindOf } from '@/features/workload/kind';
import { compareDecimal } from '@/lib/decimal';
import { useFormat } from '@/lib/use-format';
import { paths } from '@/nav/paths';
import { useConsole } from '@/shell/console-context';
import { ButtonLink } from '@/ui/button';
import { Notice } from '@/ui/notice';

const SHORT_RUNWAY_S = 3 * 86_400;
const MOST_SHOWN = 3;

/** What needs attention: money that runs out, workloads that lost their machine, requests that wait. */
export function Alerts({ live }: { live: readonly Workload[] }) {
  const t = useTranslations('overview.alerts');
  const format = useFormat();
  const { orgSlug, projectSlug, can } = useConsole();
  const balance = useApi('getBalance', {}, { enabled: can('billing.read') });
  const runway = balance.data?.runway_seconds ?? null;
  const overdrawn = balance.data !== undefined && compareDecimal(balance.data.available.amount, '0') < 0;
  const troubled = live.filter(({ state }) => state === 'interrupted').slice(0, MOST_SHOWN);
  const topUp = (
    <ButtonLink size="sm" href={paths.billing(orgSlug)}>
      {t('topUp')}
    </ButtonLink>
  );
  if (!overdrawn && (runway === null || runway >= SHORT_RUNWAY_S) && troubled.length === 0) return null;
  return (
    <div className="space-y-3">
      {overdrawn ? (
        <Notice tone="danger" title={t('overdrawn')} action={topUp} />
      ) : (
        runway !== null &&
        runway < SHORT_RUNWAY_S && (
          <Notice tone="warning" title={t('runway', { runway: format.duration(runway) })} action={topUp} />
        )
      )}
      {troubled.map((workload) => (
        <Notice
          key={workload.id}
          tone="warning"
          title={t('interrupted', { name: workload.name })}
          action={
            <ButtonLink size="sm" href={KINDS[kindOf(workload)].href(orgSlug, projectSlug, workload.id)}>
              {t('look')}
            </ButtonLink>
          }
        >
          {workload.status_reason ? format.text(workload.status_reason) : null}
        </Notice>
      ))}
    </div>
  );
}
