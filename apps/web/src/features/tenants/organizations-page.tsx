'use client';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import { useUrlState } from '@/features/list/use-url-state';
import { useFormat } from '@/lib/use-format';
import { paths } from '@/nav/paths';
import { Badge } from '@/ui/badge';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { Field, Input } from '@/ui/field';
import { Building2 } from '@/ui/icons';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';

/** Every organisation, found by a part of its name. */
export function OrganizationsPage() {
  const t = useTranslations('tenants');
  const format = useFormat();
  const url = useUrlState();
  const q = url.get('q').slice(0, 64);
  const found = useApi('operatorOrganizations', { query: q ? { q } : {} }, { keepPrevious: true });
  return (
    <>
      <PageHeader title={t('organizations')} description={t('organizationsText')} />
      <Field label={t('find')} className="mb-4 max-w-sm">
        {(control) => (
          <Input
            {...control}
            type="search"
            defaultValue={q}
            maxLength={64}
            onChange={(event) => url.set({ q: event.target.value || null })}
          />
        )}
      </Field>
      {found.error && !found.data ? (
        <ErrorNotice error={found.error} onRetry={() => void found.refetch()} />
      ) : (
        <Card flush className="overflow-hidden">
          {found.data?.items.length === 0 ? (
            <EmptyState icon={<Building2 />} title={t('nobody')}>
              {t('nobodyText')}
            </EmptyState>
          ) : (
            <Table label={t('organizations')}>
              <Head>
                <Th>{t('organization')}</Th>
                <Th>{t('kind')}</Th>
                <Th align="right" from="md">
                  {t('members')}
                </Th>
                <Th align="right">{t('accelerators')}</Th>
                <Th align="right" from="lg">
                  {t('created')}
                </Th>
              </Head>
              <tbody>
                {found.data?.items.map((one) => (
                  <Tr key={one.id}>
                    <Td>
                      <Link
                        data-row
                        href={paths.operatorOrganization(one.id)}
                        className="rounded-sm font-medium hover:underline"
                      >
                        {one.name}
                      </Link>
                      <code className="block font-mono text-subtle text-xs">{one.slug}</code>
                    </Td>
                    <Td>
                      {one.closed_at ? (
                        <Badge>{t('closed')}</Badge>
                      ) : (
                        <Badge tone={one.mode === 'live' ? 'success' : 'info'}>{t(`modes.${one.mode}`)}</Badge>
                      )}
                    </Td>
                    <Td align="right" from="md">
                      {format.count(one.members)}
                    </Td>
                    <Td align="right">{format.count(one.accelerators)}</Td>
                    <Td align="right" from="lg" className="text-muted">
                      <Time at={one.created_at} style="date" />
                    </Td>
                  </Tr>
                ))}
              </tbody>
            </Table>
          )}
        </Card>
      )}
    </>
  );
}
