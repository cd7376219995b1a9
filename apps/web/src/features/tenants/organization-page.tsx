'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi, useApiMutation } from '@/api/hooks';
import type { OperatorImpersonation } from '@/api/types';
import { AccountBilling } from '@/features/operator-billing/account-billing';
import { useFormat } from '@/lib/use-format';
import { Badge, type Tone } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Card, Section } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { UsersRound } from '@/ui/icons';
import { MonoId } from '@/ui/mono-id';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Properties } from '@/ui/properties';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';
import { ImpersonateDialog } from './impersonate-dialog';

const TONES: Record<OperatorImpersonation['state'], Tone> = {
  awaiting_consent: 'info',
  active: 'warning',
  ended: 'neutral',
  expired: 'neutral',
};

/** One organisation as operators see it, and the way into what it sees itself. */
export function OrganizationPage({ id }: { id: string }) {
  const t = useTranslations('tenants');
  const format = useFormat();
  const [starting, setStarting] = useState(false);
  const found = useApi('operatorOrganization', { params: { organization_id: id } }, { pollMs: 30_000 });
  const one = found.data;
  if (!one) return found.error ? <ErrorNotice error={found.error} onRetry={() => void found.refetch()} /> : null;
  const button = one.closed_at === null && <Button onClick={() => setStarting(true)}>{t('impersonate')}</Button>;
  return (
    <>
      <PageHeader title={one.name} description={one.legal_name} actions={button} />
      <div className="space-y-8">
        <Section title={t('facts')} description={t('factsText')}>
          <Properties
            items={[
              { label: t('id'), value: <MonoId id={one.id} full />, wide: true },
              { label: t('slug'), value: <code className="font-mono text-xs">{one.slug}</code> },
              { label: t('kind'), value: t(`modes.${one.mode}`) },
              { label: t('currency'), value: one.currency },
              { label: t('country'), value: one.country },
              { label: t('timeZone'), value: one.time_zone },
              { label: t('members'), value: format.count(one.members) },
              { label: t('projects'), value: format.count(one.projects) },
              { label: t('workloads'), value: format.count(one.workloads) },
              { label: t('accelerators'), value: format.count(one.accelerators) },
              { label: t('consent'), value: one.impersonation_consent ? t('consentYes') : t('consentNo') },
              { label: t('created'), value: <Time at={one.created_at} /> },
            ]}
          />
        </Section>
        <AccountBilling organizationId={id} />
        <Section title={t('impersonations')} description={t('impersonationsText')} bare>
          <Impersonations organizationId={id} />
        </Section>
      </div>
      {starting && <ImpersonateDialog organization={one} onClose={() => setStarting(false)} />}
    </>
  );
}

function Impersonations({ organizationId }: { organizationId: string }) {
  const t = useTranslations('tenants');
  const found = useApi('operatorImpersonations', {}, { pollMs: 15_000 });
  const end = useApiMutation('operatorEndImpersonation', ['operatorImpersonations']);
  const items = found.data?.items.filter(({ org_id }) => org_id === organizationId) ?? [];
  if (found.error && !found.data) return <ErrorNotice error={found.error} />;
  if (found.data && items.length === 0) {
    return (
      <Card flush>
        <EmptyState icon={<UsersRound />} title={t('noImpersonations')}>
          {t('noImpersonationsText')}
        </EmptyState>
      </Card>
    );
  }
  return (
    <Card flush className="overflow-hidden">
      <Table label={t('impersonations')}>
        <Head>
          <Th>{t('operator')}</Th>
          <Th>{t('ticket')}</Th>
          <Th from="md">{t('reason')}</Th>
          <Th>{t('state')}</Th>
          <Th align="right" from="lg">
            {t('created')}
          </Th>
          <Th>
            <span className="sr-only">{t('end')}</span>
          </Th>
        </Head>
        <tbody>
          {items.map((one) => (
            <Tr key={one.id}>
              <Td className="font-medium">{one.operator_name}</Td>
              <Td>
                <code className="font-mono text-xs">{one.ticket}</code>
              </Td>
              <Td from="md" className="text-muted">
                {one.reason}
              </Td>
              <Td>
                <Badge tone={TONES[one.state]}>{t(`states.${one.state}`)}</Badge>
              </Td>
              <Td align="right" from="lg" className="text-muted">
                <Time at={one.created_at} />
              </Td>
              <Td align="right">
                {(one.state === 'active' || one.state === 'awaiting_consent') && (
                  <Button
                    size="sm"
                    busy={end.isPending}
                    onClick={() => end.mutate({ params: { impersonation_id: one.id } })}
                  >
                    {t('end')}
                  </Button>
                )}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}
