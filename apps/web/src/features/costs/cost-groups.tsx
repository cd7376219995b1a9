'use client';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import type { CostReport } from '@/api/types';
import { DayBars } from '@/features/charts/day-bars';
import { datesBetween } from '@/features/usage/period';
import { useFormat } from '@/lib/use-format';
import { paths } from '@/nav/paths';
import { useConsole } from '@/shell/console-context';
import { EmptyState } from '@/ui/empty-state';
import { Meter } from '@/ui/meter';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import type { Dimension } from './costs-query';

const HOUR_S = 3_600;

interface Props {
  report: CostReport;
  dimension: Dimension;
}

/** The groups of a report, most costly first; days as bars in their order. */
export function CostGroups({ report, dimension }: Props) {
  const t = useTranslations('costs');
  if (report.groups.length === 0) return <EmptyState title={t('nothing')}>{t('nothingText')}</EmptyState>;
  return dimension === 'day' ? <Days report={report} /> : <Rows report={report} dimension={dimension} />;
}

function Rows({ report, dimension }: Props) {
  const t = useTranslations('costs');
  const format = useFormat();
  const total = Number(report.total.amount);
  const groups = [...report.groups].sort((a, b) => Number(b.amount.amount) - Number(a.amount.amount));
  return (
    <Table label={t(`dimensions.${dimension}`)}>
      <Head>
        <Th>{t(`dimensions.${dimension}`)}</Th>
        <Th from="sm">{t('share')}</Th>
        <Th align="right" from="md">
          {t('gpuHours')}
        </Th>
        <Th align="right">{t('amount')}</Th>
      </Head>
      <tbody>
        {groups.map((group) => {
          const ppm = total > 0 ? Math.round((Number(group.amount.amount) / total) * 1_000_000) : 0;
          const share = format.percent(ppm, 1);
          return (
            <Tr key={group.group}>
              <Td className="max-w-80 truncate font-medium">
                <GroupName id={group.group} dimension={dimension} />
              </Td>
              <Td from="sm" className="w-56">
                <Meter label={group.group || t('noGroup')} value={ppm} max={1_000_000} text={share} />
                <span className="tnum text-subtle text-xs">{share}</span>
              </Td>
              <Td align="right" from="md" className="tnum text-muted">
                {format.count(Number(BigInt(group.gpu_seconds)) / HOUR_S, 1)}
              </Td>
              <Td align="right" className="tnum font-medium">
                {format.money(group.amount)}
              </Td>
            </Tr>
          );
        })}
      </tbody>
    </Table>
  );
}

/** A group's name, leading to what is behind it where there is a page for that. */
function GroupName({ id, dimension }: { id: string; dimension: Dimension }) {
  const t = useTranslations('costs');
  const { projects, orgSlug, projectSlug } = useConsole();
  if (id === '') return <span className="text-subtle">{t('noGroup')}</span>;
  const project = dimension === 'project' ? projects.find((one) => one.id === id) : undefined;
  const to = project
    ? `${paths.usage(orgSlug)}?project=${project.slug}`
    : id.startsWith('inst_')
      ? paths.instance(orgSlug, projectSlug, id)
      : id.startsWith('clus_')
        ? paths.cluster(orgSlug, projectSlug, id)
        : null;
  const name = project?.name ?? id;
  return to ? (
    <Link href={to} className="rounded-sm hover:underline">
      {name}
    </Link>
  ) : (
    name
  );
}

function Days({ report }: { report: CostReport }) {
  const t = useTranslations('costs');
  const format = useFormat();
  const usage = useTranslations('usage');
  const router = useRouter();
  const { orgSlug } = useConsole();
  const byDay = new Map(report.groups.map((group) => [group.group, group]));
  const nothing = { amount: '0', currency: report.currency };
  const bars = datesBetween(report.from_s, report.to_s, format.timeZone).map((date) => {
    const day = byDay.get(date);
    const label = format.date(`${date}T12:00:00Z`, 'day');
    const amount = day?.amount ?? nothing;
    const hours = format.count(Number(day?.gpu_seconds ?? 0) / HOUR_S, 1);
    const text = t('dayText', { day: label, amount: format.money(amount), hours });
    return { key: date, label, value: Number(amount.amount), text };
  });
  const highest = report.groups.reduce(
    (most, one) => (Number(one.amount.amount) > Number(most.amount) ? one.amount : most),
    nothing,
  );
  return (
    <DayBars
      summary={t('chartText', { count: bars.length, total: format.money(report.total) })}
      bars={bars}
      topText={format.money(highest)}
      onPick={{
        run: (day) => router.push(`${paths.usage(orgSlug)}?day=${day}`),
        hint: usage('openDay'),
      }}
    />
  );
}
