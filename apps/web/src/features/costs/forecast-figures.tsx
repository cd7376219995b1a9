'use client';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import { useFormat } from '@/lib/use-format';
import { useConsole } from '@/shell/console-context';
import { Notice } from '@/ui/notice';
import { Stat, StatRow } from '@/ui/stat';
import { Time } from '@/ui/time';

/** What the month will have cost if all goes on as it is, and whether the money lasts until then. */
export function ForecastFigures() {
  const t = useTranslations('costs');
  const format = useFormat();
  const { can } = useConsole();
  const found = useApi('getForecast', {}, { pollMs: 30_000, enabled: can('billing.read') });
  if (!found.data) return null;
  const { spent, forecast, period_to, runway_seconds, runs_out_at } = found.data;
  return (
    <div className="mb-6 space-y-4">
      <StatRow>
        <Stat label={t('spent')} value={format.money(spent)} hint={t('spentHint')} />
        <Stat
          label={t('forecast')}
          value={format.money(forecast)}
          hint={
            <>
              {t('forecastHint')} <Time at={period_to} style="date" />
            </>
          }
        />
        <Stat
          label={t('runway')}
          value={runway_seconds === null ? '∞' : format.duration(runway_seconds)}
          hint={runway_seconds === null ? t('runwayIdle') : t('runwayHint')}
        />
      </StatRow>
      {runs_out_at && (
        <Notice tone="warning" title={t('runsOut')}>
          <Time at={runs_out_at} /> · {t('runsOutText')}
        </Notice>
      )}
    </div>
  );
}
