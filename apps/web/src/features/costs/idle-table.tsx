'use client';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import { useFormat } from '@/lib/use-format';
import { paths } from '@/nav/paths';
import { useConsole } from '@/shell/console-context';
import { Section } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';

/** What runs and does nothing, with what it burns and when it is stopped. */
export function IdleTable() {
  const t = useTranslations('costs');
  const format = useFormat();
  const { projects, orgSlug, projectSlug } = useConsole();
  const idle = useApi('listIdle', { query: {} }, { pollMs: 60_000 });
  const slugOf = (id: string) => projects.find((project) => project.id === id)?.slug ?? projectSlug;
  return (
    <Section title={t('idle')} description={t('idleText')} flush>
      {idle.error && !idle.data && <ErrorNotice error={idle.error} className="m-4" />}
      {idle.data?.items.length === 0 ? (
        <EmptyState title={t('noIdle')}>{t('noIdleText')}</EmptyState>
      ) : (
        <Table label={t('idle')}>
          <Head>
            <Th>{t('workload')}</Th>
            <Th align="right" from="sm">
              {t('average')}
            </Th>
            <Th align="right">{t('perHour')}</Th>
            <Th from="sm">{t('stops')}</Th>
          </Head>
          <tbody>
            {idle.data?.items.map((one) => {
              const address = one.kind === 'cluster' ? paths.cluster : paths.instance;
              return (
                <Tr key={one.workload_id}>
                  <Td className="font-medium">
                    <Link
                      href={address(orgSlug, slugOf(one.project_id), one.workload_id)}
                      className="rounded-sm hover:underline"
                    >
                      {one.workload_name}
                    </Link>
                  </Td>
                  <Td align="right" from="sm" className="tnum text-muted">
                    {format.percent(one.average_utilization_ppm, 1)}
                  </Td>
                  <Td align="right" className="tnum font-medium text-danger">
                    {format.money(one.burn_per_hour)}
                  </Td>
                  <Td from="sm" className="text-muted">
                    {one.stops_at ? <Time at={one.stops_at} /> : t('never')}
                  </Td>
                </Tr>
              );
            })}
          </tbody>
        </Table>
      )}
    </Section>
  );
}
