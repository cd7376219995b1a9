'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi } from '@/api/hooks';
import type { QuarantinedEvidence } from '@/api/types';
import { useUrlState } from '@/features/list/use-url-state';
import { lazily } from '@/lib/lazily';
import { useFormat } from '@/lib/use-format';
import { Badge, type Tone } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { Field, Select } from '@/ui/field';
import { ReceiptText } from '@/ui/icons';
import { MonoId } from '@/ui/mono-id';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';
import { BillingTabs } from './billing-tabs';
import { EVIDENCE_STATES, evidenceQueryOf } from './queries';

const EvidenceDialog = lazily(() => import('./evidence-dialog'));

type Status = QuarantinedEvidence['status'];
const TONES: Record<Status, Tone> = { held: 'warning', readmitted: 'success', rejected: 'neutral' };

/** Usage evidence that was refused: what waits for a decision, and what was decided. */
export function EvidencePage() {
  const t = useTranslations('operatorBilling');
  const url = useUrlState();
  const [opened, setOpened] = useState<QuarantinedEvidence | null>(null);
  const input = evidenceQueryOf(url.get('status'));
  const found = useApi('operatorQuarantine', { query: input }, { pollMs: 30_000, keepPrevious: true });
  return (
    <>
      <PageHeader title={t('evidence')} description={t('evidenceText')} />
      <BillingTabs />
      {found.error && <ErrorNotice error={found.error} onRetry={() => void found.refetch()} />}
      <Field label={t('state')} className="mb-4 w-44">
        {(control) => (
          <Select {...control} value={input.status} onChange={(event) => url.set({ status: event.target.value })}>
            {EVIDENCE_STATES.map((state) => (
              <option key={state} value={state}>
                {t(`evidenceStates.${state}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Card flush className="overflow-hidden">
        {found.data?.items.length === 0 ? (
          <EmptyState icon={<ReceiptText />} title={t('noEvidence')}>
            {t('noEvidenceText')}
          </EmptyState>
        ) : (
          <Groups groups={found.data?.items ?? []} onOpen={setOpened} />
        )}
      </Card>
      {opened && <EvidenceDialog group={opened} onClose={() => setOpened(null)} />}
    </>
  );
}

interface GroupsProps {
  groups: readonly QuarantinedEvidence[];
  onOpen: (group: QuarantinedEvidence) => void;
}

function Groups({ groups, onOpen }: GroupsProps) {
  const t = useTranslations('operatorBilling');
  const format = useFormat();
  return (
    <Table label={t('evidence')}>
      <Head>
        <Th>{t('refusedFor')}</Th>
        <Th from="md">{t('lease')}</Th>
        <Th from="lg">{t('agent')}</Th>
        <Th align="right">{t('blocks')}</Th>
        <Th align="right" from="sm">
          {t('lastReceived')}
        </Th>
        <Th>
          <span className="sr-only">{t('look')}</span>
        </Th>
      </Head>
      <tbody>
        {groups.map((group) => (
          <Tr key={`${group.id} ${group.status}`}>
            <Td className="font-medium">
              {t(`refusals.${group.reason}`)}
              <span className="mt-1 block">
                <Badge tone={TONES[group.status]}>{t(`evidenceStates.${group.status}`)}</Badge>
              </span>
            </Td>
            <Td from="md">
              {group.organization_name ?? t('nobodys')}
              <span className="block text-xs">
                <MonoId id={group.allocation_id} />
              </span>
            </Td>
            <Td from="lg">
              <MonoId id={group.agent_id} />
            </Td>
            <Td align="right" className="tnum">
              {format.count(group.blocks)}
            </Td>
            <Td align="right" from="sm" className="text-muted">
              <Time at={group.last_received_at} />
            </Td>
            <Td align="right">
              <Button size="sm" onClick={() => onOpen(group)}>
                {t('look')}
              </Button>
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
