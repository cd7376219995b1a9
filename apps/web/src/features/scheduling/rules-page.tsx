'use client';
import { useTranslations } from 'next-intl';
import { useApi, useApiMutation } from '@/api/hooks';
import { useFormat } from '@/lib/use-format';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { OrganizationShares } from './organization-shares';
import { PolicyForm } from './policy-form';

/** The rules by which queues are served: policy, priority classes, shares of organisations. */
export function RulesPage() {
  const t = useTranslations('scheduling');
  const nav = useTranslations('operator.nav');
  const policy = useApi('operatorQueuePolicy', {});
  return (
    <>
      <PageHeader title={nav('rules')} description={t('rulesText')} />
      <div className="space-y-8">
        {policy.error && <ErrorNotice error={policy.error} onRetry={() => void policy.refetch()} />}
        {policy.data && <PolicyForm key={policy.data.set_at} policy={policy.data} />}
        <PriorityClasses />
        <OrganizationShares />
      </div>
    </>
  );
}

function PriorityClasses() {
  const t = useTranslations('scheduling');
  const format = useFormat();
  const classes = useApi('operatorPriorityClasses', {});
  const update = useApiMutation('operatorUpdatePriorityClass', ['operatorPriorityClasses']);
  return (
    <Section title={t('classes')} description={t('classesText')} flush>
      {update.error && <ErrorNotice error={update.error} className="m-4" />}
      <Table label={t('classes')}>
        <Head>
          <Th>{t('id')}</Th>
          <Th>{t('name')}</Th>
          <Th align="right">{t('rankNumber')}</Th>
          <Th align="right">
            <span className="sr-only">{t('actions')}</span>
          </Th>
        </Head>
        <tbody>
          {classes.data?.items.map((one) => (
            <Tr key={one.id}>
              <Td className="font-mono text-xs">{one.id}</Td>
              <Td className="font-medium">{format.text(one.name)}</Td>
              <Td align="right" className="tnum">
                {format.count(one.rank)}
              </Td>
              <Td align="right">
                {one.is_default ? (
                  <Badge tone="info">{t('default')}</Badge>
                ) : (
                  <Button
                    size="sm"
                    busy={update.isPending}
                    onClick={() => update.mutate({ params: { class_id: one.id }, body: { is_default: true } })}
                  >
                    {t('makeDefault')}
                  </Button>
                )}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Section>
  );
}
