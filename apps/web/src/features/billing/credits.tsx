'use client';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import { useFormat } from '@/lib/use-format';
import { Section } from '@/ui/card';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';

/** Promotional credit: what is left of it, and until when. Nothing where there never was any. */
export function Credits() {
  const t = useTranslations('billing');
  const format = useFormat();
  const grants = useApi('listCreditGrants', {}, { pollMs: 60_000 });
  if (!grants.data || grants.data.items.length === 0) return null;
  return (
    <Section title={t('credits')} description={t('creditsText')} flush>
      <Table label={t('credits')}>
        <Head>
          <Th>{t('creditReason')}</Th>
          <Th from="sm">{t('creditUntil')}</Th>
          <Th align="right" from="sm">
            {t('creditGranted')}
          </Th>
          <Th align="right">{t('creditLeft')}</Th>
        </Head>
        <tbody>
          {grants.data.items.map((grant) => (
            <Tr key={grant.id}>
              <Td>{grant.reason}</Td>
              <Td from="sm" className="text-muted">
                {grant.expires_at === null ? t('creditForever') : <Time at={grant.expires_at} />}
              </Td>
              <Td align="right" from="sm" className="text-muted">
                {format.money(grant.amount)}
              </Td>
              <Td align="right" className="font-medium">
                {format.money(grant.remaining)}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Section>
  );
}
