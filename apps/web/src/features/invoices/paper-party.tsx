'use client';
import { useTranslations } from 'next-intl';
import type { Invoice } from '@/api/types';

/** A company as it stands on a paper. */
export function PaperParty({ title, party }: { title: string; party: Invoice['seller'] }) {
  const t = useTranslations('invoices');
  return (
    <div className="min-w-0 text-sm">
      <p className="text-subtle text-xs">{title}</p>
      <p className="mt-1 break-words font-medium">{party.name || '—'}</p>
      <p className="break-words text-muted">{party.address}</p>
      {party.tax_id && (
        <p className="text-muted">
          {t('taxId')} <code className="font-mono text-xs">{party.tax_id}</code>
        </p>
      )}
    </div>
  );
}
