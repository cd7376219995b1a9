'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi } from '@/api/hooks';
import { lazily } from '@/lib/lazily';
import { useFormat } from '@/lib/use-format';
import { useConsole } from '@/shell/console-context';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';

const AutoTopUpDialog = lazily(() => import('./auto-top-up-dialog'));

/** Whether the balance is topped up by itself, and by which rules. */
export function AutoTopUp() {
  const t = useTranslations('billing');
  const format = useFormat();
  const { can } = useConsole();
  const [editing, setEditing] = useState(false);
  const settings = useApi('getBillingSettings', {});
  if (!settings.data) return null;
  const { enabled, threshold, amount, daily_max: dailyMax } = settings.data.auto_top_up;
  return (
    <Section
      title={t('auto')}
      description={
        enabled ? t('autoOn', { amount: format.money(amount), threshold: format.money(threshold) }) : t('autoOff')
      }
      actions={can('billing.modify') && <Button onClick={() => setEditing(true)}>{t('autoSet')}</Button>}
    >
      <p className="text-muted text-sm">
        {dailyMax === null ? t('autoNoMax') : t('autoMax', { max: format.money(dailyMax) })}
      </p>
      {editing && <AutoTopUpDialog settings={settings.data.auto_top_up} onClose={() => setEditing(false)} />}
    </Section>
  );
}
