'use client';
import { WORKLOAD_STATES } from '@suanxiang/domain/workload-state';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import type { Workload } from '@/api/types';
import { useCommands } from '@/commands/provider';
import { Pager } from '@/features/list/pager';
import { SearchBox } from '@/features/list/search-box';
import { useRowKeys } from '@/features/list/use-row-keys';
import { useUrlState } from '@/features/list/use-url-state';
import { parseStateFilter, workloadListQuery } from '@/features/workload/list-query';
import { timesDecimal } from '@/lib/decimal';
import { useFormat } from '@/lib/use-format';
import { useConsole } from '@/shell/console-context';
import { Button, ButtonLink } from '@/ui/button';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { Select } from '@/ui/field';
import { Boxes, Cpu, Plus, SearchX } from '@/ui/icons';
import { MonoId } from '@/ui/mono-id';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { StateBadge } from '@/ui/state-badge';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Ago } from '@/ui/time';
import { gpusOf, isCluster, KINDS, type WorkloadKind } from './kind';
import { useWorkloadList } from './queries';

/** The list of instances or clusters of a project: search, state filter and pages in the address. */
export function WorkloadList({ kind }: { kind: WorkloadKind }) {
  const t = useTranslations(kind === 'instance' ? 'instances' : 'clusters');
  const common = useTranslations('common');
  const url = useUrlState();
  const { orgSlug, projectSlug, project, can } = useConsole();
  const search = { q: url.get('q'), state: url.get('state'), cursor: url.get('cursor') };
  const list = useWorkloadList(kind, workloadListQuery(search, project?.id ?? ''));
  const { set } = url;
  const onSearch = useCallback((q: string) => set({ q, cursor: null }), [set]);
  const items = list.data?.items ?? [];
  const filtered = search.q !== '' || search.state !== '';
  const newHref = KINDS[kind].newHref(orgSlug, projectSlug);
  const launch = can(KINDS[kind].create) && (
    <ButtonLink href={newHref} variant="primary">
      <Plus className="size-4" />
      {t('new')}
    </ButtonLink>
  );
  return (
    <>
      <PageHeader title={t('title')} description={t('description')} actions={launch} />
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <SearchBox label={t('search')} value={search.q} onChange={onSearch} />
        <StateFilterSelect value={search.state} onChange={(state) => set({ state, cursor: null })} />
      </div>
      {list.error && !list.data ? (
        <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <Card flush className="overflow-hidden">
          {items.length > 0 ? (
            <Rows kind={kind} items={items} />
          ) : filtered ? (
            <EmptyState
              icon={<SearchX />}
              title={t('noMatch')}
              action={<Button onClick={() => set({ q: null, state: null, cursor: null })}>{common('clear')}</Button>}
            />
          ) : (
            <EmptyState icon={kind === 'instance' ? <Cpu /> : <Boxes />} title={t('emptyTitle')} action={launch}>
              {t('emptyText')}
            </EmptyState>
          )}
        </Card>
      )}
      <Pager cursor={search.cursor} nextCursor={list.data?.next_cursor} onGo={(cursor) => set({ cursor }, 'push')} />
    </>
  );
}

function StateFilterSelect({ value, onChange }: { value: string; onChange: (state: string | null) => void }) {
  const t = useTranslations('workload');
  const filter = parseStateFilter(value);
  return (
    <Select
      className="w-full sm:w-44"
      aria-label={t('filter')}
      value={filter}
      onChange={(event) => onChange(event.target.value === 'live' ? null : event.target.value)}
    >
      <option value="live">{t('filterLive')}</option>
      <option value="all">{t('filterAll')}</option>
      {WORKLOAD_STATES.map((state) => (
        <option key={state} value={state}>
          {t(`states.${state}`)}
        </option>
      ))}
    </Select>
  );
}

function Rows({ kind, items }: { kind: WorkloadKind; items: readonly Workload[] }) {
  const t = useTranslations('workload');
  const title = useTranslations(kind === 'instance' ? 'instances' : 'clusters')('title');
  const ref = useRowKeys<HTMLTableSectionElement>();
  const commands = useTranslations('commands');
  const router = useRouter();
  const { orgSlug, projectSlug } = useConsole();
  const shown = items.map(({ id, name }) => `${id} ${name}`).join('\n');
  useCommands(
    () =>
      items.map(({ id, name }) => ({
        id: `open-${id}`,
        label: commands('open', { name }),
        group: 'navigation',
        keywords: id,
        run: () => router.push(KINDS[kind].href(orgSlug, projectSlug, id)),
      })),
    [commands, shown, kind, orgSlug, projectSlug],
  );
  return (
    <Table label={title}>
      <Head>
        <Th>{t('name')}</Th>
        <Th>{t('state')}</Th>
        <Th from="sm">{t('accelerators')}</Th>
        <Th from="lg">{t('region')}</Th>
        <Th align="right" from="md">
          {t('perHour')}
        </Th>
        <Th align="right" from="xl">
          {t('created')}
        </Th>
      </Head>
      <tbody ref={ref}>
        {items.map((item) => (
          <Row key={item.id} kind={kind} item={item} />
        ))}
      </tbody>
    </Table>
  );
}

function Row({ kind, item }: { kind: WorkloadKind; item: Workload }) {
  const format = useFormat();
  const { orgSlug, projectSlug, names } = useConsole();
  const gpus = gpusOf(item);
  const model = names.accelerators[item.accelerator_id];
  const region = names.regions[item.region_id];
  return (
    <Tr className="h-14">
      <Td className="max-w-0 sm:max-w-64">
        <Link
          data-row
          href={KINDS[kind].href(orgSlug, projectSlug, item.id)}
          className="block truncate rounded-sm py-0.5 font-medium hover:underline"
        >
          {item.name}
        </Link>
        <MonoId id={item.id} className="-my-1" />
      </Td>
      <Td className="w-32 sm:w-auto">
        <StateBadge state={item.state} />
      </Td>
      <Td from="sm" className="whitespace-nowrap">
        {isCluster(item) ? `${item.node_count} × ${item.gpus_per_node}` : gpus} ×{' '}
        {model ? format.text(model) : item.accelerator_id}
      </Td>
      <Td from="lg" className="whitespace-nowrap text-muted">
        {region ? format.text(region) : item.region_id}
      </Td>
      <Td align="right" from="md">
        {item.state === 'running' ? (
          format.price(timesDecimal(item.price_per_gpu_hour, gpus), item.currency, 4)
        ) : (
          <span className="text-subtle">—</span>
        )}
      </Td>
      <Td align="right" from="xl" className="text-muted">
        <Ago at={item.created_at} />
      </Td>
    </Tr>
  );
}
