'use client';
import { useTranslations } from 'next-intl';
import type { Cluster } from '@/api/types';
import { placeName } from '@/lib/place-name';
import { useFormat } from '@/lib/use-format';
import { Section } from '@/ui/card';
import { CopyButton } from '@/ui/copy';
import { EmptyState } from '@/ui/empty-state';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { ClusterTopology } from './cluster-topology';
import { type LiveSeries, useLiveSeries } from './live-series';
import { LiveStrip } from './live-strip';

/** The nodes of a cluster: where they stand, as a drawing, and what each of them does right now. */
export default function ClusterNodes({ cluster }: { cluster: Cluster }) {
  const t = useTranslations('workload');
  const live = useLiveSeries('cluster', cluster.id, 64);
  const nodes = [...cluster.nodes].sort((a, b) => a.rank - b.rank);
  if (nodes.length === 0) {
    return (
      <Section title={t('nodes')} flush>
        {cluster.state === 'terminated' || cluster.state === 'failed' ? (
          <EmptyState title={t('nodesGone')}>{t('nodesGoneText')}</EmptyState>
        ) : (
          <EmptyState title={t('noNodes')}>{t('noNodesText', { count: cluster.node_count })}</EmptyState>
        )}
      </Section>
    );
  }
  return (
    <>
      <Section title={t('placement')} description={t('placementText')}>
        <ClusterTopology nodes={nodes} live={live} zoneId={cluster.zone_id} />
      </Section>
      <Section title={t('nodes')} flush>
        <Table label={t('nodes')}>
          <Head>
            <Th align="right">{t('rank')}</Th>
            <Th>{t('node')}</Th>
            <Th from="lg">{t('rack')}</Th>
            <Th from="sm" className="w-72">
              {t('utilization')}
            </Th>
            <Th from="md">SSH</Th>
          </Head>
          <tbody>
            {nodes.map((node) => (
              <NodeRow key={node.allocation_id} node={node} live={live} zoneId={cluster.zone_id} />
            ))}
          </tbody>
        </Table>
      </Section>
    </>
  );
}

interface NodeRowProps {
  node: Cluster['nodes'][number];
  live: LiveSeries;
  zoneId: string | null;
}

function NodeRow({ node, live, zoneId }: NodeRowProps) {
  const t = useTranslations('workload');
  const format = useFormat();
  const command = node.ssh ? `ssh -p ${node.ssh.port} ${node.ssh.user}@${node.ssh.host}` : null;
  return (
    <Tr>
      <Td align="right" className="w-16">
        {node.rank}
      </Td>
      <Td>
        <code className="whitespace-nowrap font-mono text-xs">{node.node}</code>
        <span className="block text-subtle text-xs">{t('gpuCount', { count: format.count(node.gpus) })}</span>
      </Td>
      <Td from="lg" className="whitespace-nowrap text-muted text-xs">
        {[node.spine, node.leaf, node.rack].map((name) => placeName(name, zoneId)).join(' · ')}
      </Td>
      <Td from="sm" className="py-3">
        <LiveStrip series={live} rank={node.rank} />
      </Td>
      <Td from="md">
        {command ? (
          <span className="flex items-center gap-1">
            <code className="truncate font-mono text-muted text-xs">{command}</code>
            <CopyButton text={command} label={t('copySsh')} />
          </span>
        ) : (
          <span className="text-subtle">—</span>
        )}
      </Td>
    </Tr>
  );
}
