'use client';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import type { Workload } from '@/api/types';
import { DayBars } from '@/features/charts/day-bars';
import { datesBetween } from '@/features/usage/period';
import { gpusOf, isCluster, KINDS, kindOf } from '@/features/workload/kind';
import { pollByState } from '@/features/workload/queries';
import { timesDecimal } from '@/lib/decimal';
import { useFormat } from '@/lib/use-format';
import { paths } from '@/nav/paths';
import { useConsole } from '@/shell/console-context';
import { ButtonLink } from '@/ui/button';
import { Section } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { Plus } from '@/ui/icons';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Stat, StatRow } from '@/ui/stat';
import { StateBadge } from '@/ui/state-badge';
import { Alerts } from './alerts';
import { NextSteps } from './next-steps';
import { OVERVIEW_LIST } from './queries';

/** What runs, what it costs, what needs attention, and what to do next. */
export function OverviewPage() {
  const t = useTranslations('overview');
  const { project, orgSlug, projectSlug, can } = useConsole();
  const query = { query: { ...OVERVIEW_LIST, project_id: project?.id ?? '' } };
  const instances = useApi('listInstances', query, {
    pollMs: (data) => pollByState(data?.items),
    enabled: can('instance.read'),
  });
  const clusters = useApi('listClusters', query, {
    pollMs: (data) => pollByState(data?.items),
    enabled: can('cluster.read'),
  });
  const live: Workload[] = [...(clusters.data?.items ?? []), ...(instances.data?.items ?? [])];
  // What could not be read is not nothing: the page must not say that nothing runs.
  const failed = [instances, clusters].find(({ data, error }) => error && !data);
  return (
    <>
      <PageHeader
        title={project?.name ?? projectSlug}
        actions={
          can('instance.create') && (
            <ButtonLink href={paths.launch(orgSlug, projectSlug)} variant="primary">
              <Plus className="size-4" />
              {t('launch')}
            </ButtonLink>
          )
        }
      />
      {failed && <ErrorNotice error={failed.error} onRetry={() => void failed.refetch()} className="mb-8" />}
      <div className="space-y-8">
        <Alerts live={live} />
        {!failed && <Figures live={live} />}
        {!failed && <NextSteps started={live.length > 0} />}
        <div className="grid gap-8 xl:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
          <Section
            title={t('live')}
            flush
            actions={
              <Link
                href={paths.instances(orgSlug, projectSlug)}
                className="rounded-sm text-muted text-sm hover:text-content"
              >
                {t('allInstances')}
              </Link>
            }
          >
            {failed ? <div className="h-24" /> : <LiveList live={live} />}
          </Section>
          {can('usage.read') && <Spend />}
        </div>
      </div>
    </>
  );
}

function Figures({ live }: { live: readonly Workload[] }) {
  const t = useTranslations('overview');
  const format = useFormat();
  const { can } = useConsole();
  const balance = useApi('getBalance', {}, { pollMs: 15_000, enabled: can('billing.read') });
  const running = live.filter(({ state }) => state === 'running');
  const gpus = running.reduce((sum, workload) => sum + gpusOf(workload), 0);
  return (
    <StatRow>
      <Stat label={t('running')} value={format.count(running.length)} hint={t('gpus', { count: gpus })} />
      {balance.data && (
        <>
          <Stat label={t('spend')} value={format.money(balance.data.unbilled)} hint={t('spendHint')} />
          <Stat label={t('burn')} value={format.money(balance.data.burn_per_hour)} hint={t('burnHint')} />
          <Stat
            label={t('runway')}
            value={balance.data.runway_seconds === null ? '∞' : format.duration(balance.data.runway_seconds)}
            hint={t('available', { amount: format.money(balance.data.available) })}
          />
        </>
      )}
    </StatRow>
  );
}

const SHOWN = 8;

function LiveList({ live }: { live: readonly Workload[] }) {
  const t = useTranslations('overview');
  const format = useFormat();
  const { orgSlug, projectSlug, names } = useConsole();
  if (live.length === 0) return <EmptyState title={t('nothing')}>{t('nothingText')}</EmptyState>;
  return (
    <ul className="divide-y divide-line">
      {live.slice(0, SHOWN).map((workload) => {
        const model = names.accelerators[workload.accelerator_id];
        const size = isCluster(workload) ? `${workload.node_count} × ${workload.gpus_per_node}` : workload.gpus;
        return (
          <li key={workload.id} className="relative flex items-center gap-3 px-4 py-2.5 hover:bg-sunken sm:px-5">
            <span className="min-w-0 flex-1">
              <Link
                href={KINDS[kindOf(workload)].href(orgSlug, projectSlug, workload.id)}
                className="block truncate rounded-sm font-medium text-sm after:absolute after:inset-0"
              >
                {workload.name}
              </Link>
              <span className="block truncate text-muted text-xs">
                {size} × {model ? format.text(model) : workload.accelerator_id}
              </span>
            </span>
            {workload.state === 'running' && (
              <span className="tnum hidden text-muted text-sm sm:block">
                {format.price(timesDecimal(workload.price_per_gpu_hour, gpusOf(workload)), workload.currency, 2)}
                <span className="text-subtle"> / h</span>
              </span>
            )}
            <StateBadge state={workload.state} />
          </li>
        );
      })}
    </ul>
  );
}

/** Cost of the present period by day. */
function Spend() {
  const t = useTranslations('overview');
  const usage = useTranslations('usage');
  const format = useFormat();
  const { orgSlug } = useConsole();
  const router = useRouter();
  const report = useApi('getUsage', { query: {} }, { pollMs: 60_000 });
  const byDay = new Map(report.data?.days.map((day) => [day.day, day.amount]));
  const zero = { amount: '0', currency: report.data?.currency ?? 'CNY' };
  const bars = report.data
    ? datesBetween(report.data.from_s, report.data.to_s, format.timeZone).map((date) => {
        const amount = byDay.get(date) ?? zero;
        const label = format.date(`${date}T12:00:00Z`, 'day');
        return { key: date, label, value: Number(amount.amount), text: `${label} · ${format.money(amount)}` };
      })
    : [];
  const top = [...byDay.values()].reduce(
    (most, amount) => (Number(amount.amount) > Number(most.amount) ? amount : most),
    zero,
  );
  return (
    <Section
      title={t('spendByDay')}
      actions={
        <Link href={paths.usage(orgSlug)} className="rounded-sm text-muted text-sm hover:text-content">
          {t('allUsage')}
        </Link>
      }
    >
      {report.data && (
        <>
          <p className="tnum mb-3 font-semibold text-xl">{format.money(report.data.total)}</p>
          <DayBars
            bars={bars}
            topText={format.money(top)}
            onPick={{ run: (day) => router.push(`${paths.usage(orgSlug)}?day=${day}`), hint: usage('openDay') }}
            summary={usage('chartText', {
              from: bars[0]?.label ?? '',
              to: bars.at(-1)?.label ?? '',
              total: format.money(report.data.total),
            })}
          />
        </>
      )}
    </Section>
  );
}
