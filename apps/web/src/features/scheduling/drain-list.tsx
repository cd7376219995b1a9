'use client';
import { useTranslations } from 'next-intl';
import { useApiMutation } from '@/api/hooks';
import type { Drain } from '@/api/types';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { MonoId } from '@/ui/mono-id';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';

const TONES = { draining: 'info', drained: 'success', cancelled: 'neutral' } as const;

/** Drains with what is left on their nodes. */
export function DrainList({ drains }: { drains: readonly Drain[] }) {
  const t = useTranslations('scheduling');
  const cancel = useApiMutation('operatorCancelDrain', ['operatorDrains']);
  return (
    <Section title={t('drains')} flush>
      {cancel.error && <ErrorNotice error={cancel.error} className="m-4" />}
      {drains.length === 0 ? (
        <EmptyState title={t('noDrains')}>{t('noDrainsText')}</EmptyState>
      ) : (
        <Table label={t('drains')}>
          <Head>
            <Th>{t('node')}</Th>
            <Th>{t('state')}</Th>
            <Th from="sm">{t('deadline')}</Th>
            <Th>{t('left')}</Th>
            <Th from="lg">{t('reason')}</Th>
            <Th>
              <span className="sr-only">{t('actions')}</span>
            </Th>
          </Head>
          <tbody>
            {drains.map((drain) => (
              <DrainRow
                key={drain.id}
                drain={drain}
                busy={cancel.isPending}
                onCancel={() => cancel.mutate({ params: { drain_id: drain.id } })}
              />
            ))}
          </tbody>
        </Table>
      )}
    </Section>
  );
}

function DrainRow({ drain, busy, onCancel }: { drain: Drain; busy: boolean; onCancel: () => void }) {
  const t = useTranslations('scheduling');
  return (
    <Tr className="h-14">
      <Td className="font-medium">
        {drain.node}
        <span className="block font-normal text-subtle text-xs">{drain.zone_id}</span>
      </Td>
      <Td>
        <span className="flex flex-wrap gap-1">
          <Badge tone={TONES[drain.state]}>{t(drain.state)}</Badge>
          {drain.overdue && <Badge tone="danger">{t('overdue')}</Badge>}
        </span>
      </Td>
      <Td from="sm">
        <Time at={drain.deadline_at} />
        <span className="block text-subtle text-xs">
          {t(drain.at_deadline === 'interrupt' ? 'interruptChoice' : 'waitChoice')}
        </span>
      </Td>
      <Td>
        {drain.left.length === 0
          ? '—'
          : drain.left.map((work) => (
              <span key={work.workload_id} className="block text-xs">
                {work.name} · {work.accelerators} · {work.moves ? t('moves') : t('stays')}
                {work.leave_at && (
                  <>
                    {' · '}
                    <Time at={work.leave_at} style="seconds" />
                  </>
                )}{' '}
                <MonoId id={work.workload_id} />
              </span>
            ))}
      </Td>
      <Td from="lg" className="text-muted">
        {drain.reason}
      </Td>
      <Td align="right">
        {drain.state === 'draining' && (
          <Button size="sm" busy={busy} onClick={onCancel}>
            {t('cancelDrain')}
          </Button>
        )}
      </Td>
    </Tr>
  );
}
