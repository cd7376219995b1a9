'use client';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import type { BillingTerms } from '@/api/types';
import { useFormat } from '@/lib/use-format';
import { Section } from '@/ui/card';
import { Meter } from '@/ui/meter';
import { Time } from '@/ui/time';
import { TermsPrices } from './terms-prices';

/** What the account has agreed on. Nothing where list prices hold and will. */
export default function Terms() {
  const t = useTranslations('terms');
  const found = useApi('getBillingTerms', {}, { pollMs: 60_000 });
  if (!found.data) return null;
  const { current, upcoming, commitment } = found.data;
  const shown = [...(current ? [current] : []), ...upcoming];
  return (
    <>
      {shown.map((terms) => (
        <Section
          key={terms.id}
          title={t(terms === current ? 'title' : 'upcoming', { name: terms.name })}
          description={
            <>
              <Time at={terms.from} style="date" /> – {terms.until ? <Time at={terms.until} style="date" /> : t('open')}
            </>
          }
          flush
        >
          {terms === current && commitment && <Commitment commitment={commitment} />}
          <TermsPrices terms={terms} />
          <p className="break-all border-line border-t px-4 py-2 font-mono text-subtle text-xs">
            {t('digest')} {terms.digest}
          </p>
        </Section>
      ))}
    </>
  );
}

function Commitment({ commitment }: { commitment: NonNullable<BillingTerms['commitment']> }) {
  const t = useTranslations('terms');
  const format = useFormat();
  const { spent, committed, missing } = commitment;
  const text = t('progressText', { spent: format.money(spent), committed: format.money(committed) });
  return (
    <div className="space-y-2 border-line border-b p-4">
      <p className="text-sm">{text}</p>
      <Meter label={t('progress')} value={Number(spent.amount)} max={Number(committed.amount)} text={text} />
      <p className="text-muted text-xs">{t('missing', { missing: format.money(missing) })}</p>
    </div>
  );
}
