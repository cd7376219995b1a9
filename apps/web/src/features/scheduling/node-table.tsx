'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi, useApiMutation } from '@/api/hooks';
import type { Drain, FleetNode } from '@/api/types';
import { Pager } from '@/features/list/pager';
import { useUrlState } from '@/features/list/use-url-state';
import { placeName } from '@/lib/place-name';
import { useFormat } from '@/lib/use-format';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Input } from '@/ui/field';
import { ErrorNotice } from '@/ui/problem';
import { Skeleton } from '@/ui/skeleton';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import type { NodeAction } from './node-dialog';

interface NodeTableProps {
  zoneId: string;
  drains: readonly Drain[];
  onAct: (action: NodeAction) => void;
}

const NODES_PER_PAGE = 50;

/** Nodes of a zone, those out of service first, a page at a time, with what can be done to each. */
export function NodeTable({ zoneId, drains, onAct }: NodeTableProps) {
  const t = useTranslations('scheduling');
  const [filter, setFilter] = useState('');
  const url = useUrlState();
  const nodes = useApi('operatorNodes', { query: { zone_id: zoneId } }, { pollMs: 5_000, keepPrevious: true });
  const uncordon = useApiMutation('operatorUncordonNode', ['operatorNodes', 'operatorDrains']);
  const draining = new Set(drains.filter(({ state }) => state === 'draining').map(({ node_id }) => node_id));
  const matching = (nodes.data?.items ?? [])
    .filter(({ name }) => name.includes(filter.trim()))
    .sort((a, b) => Number(b.cordoned_at !== null) - Number(a.cordoned_at !== null));
  const last = Math.max(0, Math.ceil(matching.length / NODES_PER_PAGE) - 1);
  const page = Math.min(Number(url.get('page')) || 0, last);
  const shown = matching.slice(page * NODES_PER_PAGE, (page + 1) * NODES_PER_PAGE);
  return (
    <Section
      title={t('nodes', { zone: zoneId })}
      flush
      actions={
        <Input
          type="search"
          aria-label={t('filter')}
          placeholder={t('filter')}
          value={filter}
          onChange={(event) => {
            setFilter(event.target.value);
            url.set({ page: null });
          }}
        />
      }
    >
      {uncordon.error && <ErrorNotice error={uncordon.error} className="m-4" />}
      {nodes.error && !nodes.data ? (
        <ErrorNotice error={nodes.error} className="m-4" onRetry={() => void nodes.refetch()} />
      ) : !nodes.data ? (
        <Skeleton className="h-64 w-full" />
      ) : (
        <>
          <Table label={t('nodes', { zone: zoneId })}>
            <Head>
              <Th>{t('node')}</Th>
              <Th from="md">{t('place')}</Th>
              <Th align="right" from="sm">
                {t('free')}
              </Th>
              <Th>{t('state')}</Th>
              <Th align="right">
                <span className="sr-only">{t('actions')}</span>
              </Th>
            </Head>
            <tbody>
              {shown.map((node) => (
                <NodeRow
                  key={node.id}
                  node={node}
                  isDraining={draining.has(node.id)}
                  onAct={onAct}
                  onUncordon={() => uncordon.mutate({ params: { node_id: node.id } })}
                />
              ))}
            </tbody>
          </Table>
          <div className="px-4 pb-3">
            <Pager
              cursor={page > 0 ? String(page) : ''}
              nextCursor={page < last ? String(page + 1) : null}
              onGo={(next) => url.set({ page: next }, 'push')}
            />
          </div>
        </>
      )}
    </Section>
  );
}

interface NodeRowProps {
  node: FleetNode;
  isDraining: boolean;
  onAct: (action: NodeAction) => void;
  onUncordon: () => void;
}

function NodeRow({ node, isDraining, onAct, onUncordon }: NodeRowProps) {
  const t = useTranslations('scheduling');
  const format = useFormat();
  const free = node.devices.filter(({ held_by, health }) => held_by === null && health === 'ok').length;
  return (
    <Tr>
      <Td className="font-medium">{node.name}</Td>
      <Td from="md" className="text-muted text-xs">
        {[node.spine, node.leaf, node.rack].map((name) => placeName(name, node.zone_id)).join(' · ')}
      </Td>
      <Td align="right" from="sm" className="tnum">
        {t('freeOf', { free: format.count(free), total: format.count(node.devices.length) })}
      </Td>
      <Td className="py-1.5">
        <NodeState node={node} isDraining={isDraining} />
        {node.cordon_reason && <span className="block text-subtle text-xs">{node.cordon_reason}</span>}
      </Td>
      <Td align="right">
        <span className="inline-flex flex-wrap justify-end gap-1.5">
          {node.cordoned_at === null ? (
            <Button size="sm" onClick={() => onAct({ verb: 'cordon', node })}>
              {t('cordon')}
            </Button>
          ) : (
            !isDraining && (
              <Button size="sm" onClick={onUncordon}>
                {t('uncordon')}
              </Button>
            )
          )}
          {!isDraining && (
            <Button size="sm" onClick={() => onAct({ verb: 'drain', node })}>
              {t('drain')}
            </Button>
          )}
        </span>
      </Td>
    </Tr>
  );
}

function NodeState({ node, isDraining }: { node: FleetNode; isDraining: boolean }) {
  const t = useTranslations('scheduling');
  if (node.health !== 'ok') return <Badge tone="danger">{t('lost')}</Badge>;
  if (isDraining) return <Badge tone="info">{t('draining')}</Badge>;
  if (node.cordoned_at !== null) return <Badge tone="warning">{t('cordoned')}</Badge>;
  return node.schedulable ? (
    <Badge tone="success">{t('inService')}</Badge>
  ) : (
    <Badge tone="warning">{t('closed')}</Badge>
  );
}
