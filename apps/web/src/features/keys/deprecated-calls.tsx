'use client';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import { Card } from '@/ui/card';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Ago, Time } from '@/ui/time';

/** Whose keys still call operations that are going. Nothing at all while nobody does. */
export function DeprecatedCalls() {
  const t = useTranslations('apiKeys.going');
  const { data } = useApi('listDeprecatedCalls', {});
  if (!data || data.items.length === 0) return null;
  return (
    <section className="mt-8" aria-labelledby="deprecated-calls">
      <h2 id="deprecated-calls" className="font-semibold text-lg">
        {t('title')}
      </h2>
      <p className="mt-1 mb-3 text-muted text-sm">{t('description')}</p>
      <Card flush className="overflow-hidden">
        <Table label={t('title')}>
          <Head>
            <Th>{t('caller')}</Th>
            <Th>{t('operation')}</Th>
            <Th align="right" from="md">
              {t('calls')}
            </Th>
            <Th from="lg">{t('lastUsed')}</Th>
            <Th>{t('ends')}</Th>
          </Head>
          <tbody>
            {data.items.map((one) => (
              <Tr key={`${one.actor} ${one.operation_id}`}>
                <Td>{one.name ?? <code className="font-mono text-xs">{one.actor}</code>}</Td>
                <Td>
                  <code className="font-mono text-xs">{one.operation_id}</code>
                  {one.successor && (
                    <span className="block text-subtle text-xs">{t('instead', { operation: one.successor })}</span>
                  )}
                </Td>
                <Td align="right" from="md">
                  {one.calls}
                </Td>
                <Td from="lg" className="text-muted">
                  <Ago at={one.last_used_at} />
                </Td>
                <Td className="text-muted">
                  <Time at={`${one.sunset}T00:00:00Z`} style="date" />
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      </Card>
    </section>
  );
}
