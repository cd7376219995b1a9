import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import type { FleetNode, HealthRecord } from '@/api/types';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { ErrorNotice } from '@/ui/problem';
import { Skeleton } from '@/ui/skeleton';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';

const SHOWN = 50;
const TONES = { info: 'neutral', degraded: 'warning', drain: 'warning', failed: 'danger' } as const;

type Device = FleetNode['devices'][number];

interface HealthHistoryProps {
  zoneId: string;
  onRelease: (device: Device, node: FleetNode) => void;
}

/** Devices of a zone that are in quarantine, and what is known of the health of its nodes, newest first. */
export function HealthHistory({ zoneId, onRelease }: HealthHistoryProps) {
  const t = useTranslations('scheduling');
  const query = { zone_id: zoneId, limit: SHOWN };
  const records = useApi('operatorHealth', { query }, { pollMs: 5_000, keepPrevious: true });
  const nodes = useApi('operatorNodes', { query: { zone_id: zoneId } }, { pollMs: 5_000, keepPrevious: true });
  const names = new Map(nodes.data?.items.map(({ id, name }) => [id, name]));
  const out = (nodes.data?.items ?? []).flatMap((node) =>
    node.devices.filter((device) => device.quarantined_at !== null).map((device) => ({ node, device })),
  );
  return (
    <>
      {out.length > 0 && (
        <Section title={t('quarantine')} description={t('quarantineText')} flush>
          <Table label={t('quarantine')}>
            <Head>
              <Th>{t('node')}</Th>
              <Th>{t('device')}</Th>
              <Th>{t('code')}</Th>
              <Th from="md">{t('since')}</Th>
              <Th align="right">
                <span className="sr-only">{t('actions')}</span>
              </Th>
            </Head>
            <tbody>
              {out.map(({ node, device }) => (
                <Tr key={device.id}>
                  <Td className="font-medium">{node.name}</Td>
                  <Td className="tnum">{`#${device.index}`}</Td>
                  <Td>
                    <code>{device.vendor_code}</code>
                  </Td>
                  <Td from="md">
                    <Time at={device.quarantined_at ?? ''} />
                  </Td>
                  <Td align="right">
                    <Button size="sm" onClick={() => onRelease(device, node)}>
                      {t('release')}
                    </Button>
                  </Td>
                </Tr>
              ))}
            </tbody>
          </Table>
        </Section>
      )}
      <Section title={t('health')} description={t('healthText')} flush>
        {records.data ? (
          <Records records={records.data.items} names={names} />
        ) : records.error ? (
          <ErrorNotice error={records.error} className="m-4" onRetry={() => void records.refetch()} />
        ) : (
          <Skeleton className="h-32 w-full" />
        )}
      </Section>
    </>
  );
}

function Records({ records, names }: { records: readonly HealthRecord[]; names: ReadonlyMap<string, string> }) {
  const t = useTranslations('scheduling');
  if (records.length === 0) return <EmptyState title={t('noHealth')}>{t('noHealthText')}</EmptyState>;
  return (
    <Table label={t('health')}>
      <Head>
        <Th>{t('at')}</Th>
        <Th>{t('node')}</Th>
        <Th>{t('what')}</Th>
        <Th>{t('code')}</Th>
        <Th from="lg">{t('measured')}</Th>
      </Head>
      <tbody>
        {records.map((record) => (
          <Tr key={record.id}>
            <Td>
              <Time at={record.at} />
            </Td>
            <Td className="font-medium">{names.get(record.node_id) ?? record.node_id}</Td>
            <Td>
              <Badge tone={record.severity === null ? 'neutral' : TONES[record.severity]}>
                {t(`healthKinds.${record.kind}`)}
              </Badge>
            </Td>
            <Td>{record.code && <code>{record.code}</code>}</Td>
            <Td from="lg" className="text-muted text-xs">
              <span lang="en">{record.detail}</span>
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
