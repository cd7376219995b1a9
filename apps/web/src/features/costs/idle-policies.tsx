'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi } from '@/api/hooks';
import type { IdlePolicy } from '@/api/types';
import { lazily } from '@/lib/lazily';
import { useConsole } from '@/shell/console-context';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Head, Table, Td, Th, Tr } from '@/ui/table';

const IdlePolicyDialog = lazily(() => import('./idle-policy-dialog'));

/** What becomes of idle workloads, by project. */
export function IdlePolicies() {
  const t = useTranslations('costs');
  const { can, projects } = useConsole();
  const [editing, setEditing] = useState<IdlePolicy | null>(null);
  const policies = useApi('listIdlePolicies', {});
  if (!policies.data) return null;
  const nameOf = (id: string) => projects.find((project) => project.id === id)?.name ?? id;
  const ruleOf = (policy: IdlePolicy) =>
    policy.enabled
      ? t('on', {
          idle: policy.idle_minutes ?? 0,
          percent: policy.threshold_percent ?? 0,
          warn: policy.warn_minutes ?? 0,
        })
      : t('off');
  return (
    <Section title={t('policies')} description={t('policiesText')} flush>
      <Table label={t('policies')}>
        <Head>
          <Th>{t('project')}</Th>
          <Th>{t('rule')}</Th>
          <Th align="right">
            <span className="sr-only">{t('change')}</span>
          </Th>
        </Head>
        <tbody>
          {policies.data.items.map((policy) => (
            <Tr key={policy.project_id}>
              <Td className="font-medium">{nameOf(policy.project_id)}</Td>
              <Td className="text-muted">{ruleOf(policy)}</Td>
              <Td align="right">
                {can('billing.modify') && (
                  <Button
                    size="sm"
                    onClick={() => setEditing(policy)}
                    aria-label={`${t('change')}: ${nameOf(policy.project_id)}`}
                  >
                    {t('change')}
                  </Button>
                )}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      {editing && (
        <IdlePolicyDialog policy={editing} name={nameOf(editing.project_id)} onClose={() => setEditing(null)} />
      )}
    </Section>
  );
}
