'use client';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import type { Rendezvous } from '@/api/types';
import { Section } from '@/ui/card';
import { CodeBlock } from '@/ui/code-block';
import { EmptyState } from '@/ui/empty-state';
import { ErrorNotice } from '@/ui/problem';
import { Skeleton } from '@/ui/skeleton';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { pollByState } from './queries';
import { WorkloadFrame } from './workload-frame';

/** How the processes of a cluster find each other: addresses, variables, files, and the commands of the usual launchers. */
export function RendezvousTab({ id }: { id: string }) {
  return (
    <WorkloadFrame kind="cluster" id={id}>
      {(workload) => <Found id={id} pollMs={pollByState([workload])} />}
    </WorkloadFrame>
  );
}

function Found({ id, pollMs }: { id: string; pollMs: number }) {
  const t = useTranslations('workload.rendezvous');
  const { data, error, refetch } = useApi(
    'getClusterRendezvous',
    { params: { cluster_id: id } },
    { pollMs: () => pollMs },
  );
  if (!data) {
    return error ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : <Skeleton className="h-48 w-full" />;
  }
  const { commands } = data;
  if (!commands) {
    return (
      <Section title={t('label')} flush>
        <EmptyState title={t('none')}>{t('noneText')}</EmptyState>
      </Section>
    );
  }
  return (
    <div className="flex flex-col gap-6">
      <Section title={t('label')} description={t('about')}>
        <Facts found={data} />
      </Section>
      <Section title={t('commands')}>
        <div className="flex flex-col gap-4">
          {(['torchrun', 'mpirun', 'ssh'] as const).map((launcher) => (
            <div key={launcher} className="flex flex-col gap-1.5">
              <h3 className="text-muted text-xs">{t(launcher)}</h3>
              <CodeBlock code={commands[launcher]} label={t('copy')} wrap />
            </div>
          ))}
        </div>
      </Section>
      <Nodes found={data} />
      <Section title={t('files')}>
        <div className="flex flex-col gap-4">
          {data.files.map((file) => (
            <div key={file.path} className="flex flex-col gap-1.5">
              <h3 className="font-mono text-muted text-xs">{file.path}</h3>
              <CodeBlock code={file.text.trimEnd()} label={t('copy')} className="max-h-72 overflow-y-auto bg-sunken" />
            </div>
          ))}
        </div>
      </Section>
    </div>
  );
}

function Facts({ found }: { found: Rendezvous }) {
  const t = useTranslations('workload.rendezvous');
  const facts = [
    [t('master'), `${found.master_addr}:${found.master_port}`],
    [t('world'), String(found.world_size)],
    [t('library'), found.collective_library],
    [t('device'), found.device_type],
  ] as const;
  return (
    <dl className="grid grid-cols-2 gap-4 md:grid-cols-4">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt className="text-muted text-xs">{name}</dt>
          <dd className="mt-0.5 break-all font-mono text-sm">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Nodes({ found }: { found: Rendezvous }) {
  const t = useTranslations('workload.rendezvous');
  const first = found.nodes[0];
  return (
    <Section title={t('nodes')} flush>
      <Table label={t('nodes')}>
        <Head>
          <Th>{t('node')}</Th>
          <Th align="right">{t('ranks')}</Th>
          <Th from="sm" align="right">
            {t('devices')}
          </Th>
        </Head>
        <tbody>
          {found.nodes.map((node) => (
            <Tr key={node.rank}>
              <Td>
                <code className="font-mono text-xs">{node.host}</code>
              </Td>
              <Td align="right">{`${node.first_process}–${node.first_process + found.nproc_per_node - 1}`}</Td>
              <Td from="sm" align="right" className="font-mono text-muted text-xs">
                {node.device_indexes.join(' ')}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      {first && (
        <div className="flex flex-col gap-1.5 p-4 sm:p-5">
          <h3 className="text-muted text-xs">{t('environment', { rank: first.rank })}</h3>
          <CodeBlock
            code={Object.entries(first.environment)
              .map(([name, value]) => `${name}=${value}`)
              .join('\n')}
            label={t('copy')}
          />
        </div>
      )}
    </Section>
  );
}
