'use client';
import { useLocale, useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import type { BillingSettings } from '@/api/types';
import { useFormat } from '@/lib/use-format';
import { Badge } from '@/ui/badge';
import { Section } from '@/ui/card';
import { ErrorNotice } from '@/ui/problem';

type Step = BillingSettings['when_it_runs_out'][number];

/** What would happen if the money ran out, step by step, with the step at which the account is now. */
export function Arrears() {
  const t = useTranslations('billing');
  const settings = useApi('getBillingSettings', {}, { pollMs: 30_000 });
  if (!settings.data) {
    return settings.error ? <ErrorNotice error={settings.error} onRetry={() => void settings.refetch()} /> : null;
  }
  const { when_it_runs_out: steps, stage } = settings.data;
  return (
    <Section title={t('runsOut')} description={t('runsOutText')}>
      <ol className="space-y-3">
        {steps.map((step) => (
          <StepRow key={step.stage} step={step} current={step.stage === stage} />
        ))}
      </ol>
    </Section>
  );
}

function StepRow({ step, current }: { step: Step; current: boolean }) {
  const t = useTranslations('billing');
  const format = useFormat();
  const zh = useLocale() === 'zh-CN';
  const isWarning = step.stage.startsWith('low');
  const when = isWarning
    ? t('leftAtRate', { duration: format.duration(step.after_seconds) })
    : step.after_seconds === 0
      ? t('atZero')
      : t('laterBy', { duration: format.duration(step.after_seconds) });
  return (
    <li className="grid grid-cols-[6rem_1fr] items-baseline gap-x-3 text-sm">
      <span className="tnum text-muted">{when}</span>
      <span className="min-w-0">
        {zh ? step.what.zh : step.what.en}{' '}
        {current && <Badge tone={isWarning ? 'warning' : 'danger'}>{t('youAreHere')}</Badge>}
      </span>
    </li>
  );
}
