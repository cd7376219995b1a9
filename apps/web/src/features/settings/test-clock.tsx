'use client';
import { formatTimestamp } from '@suanxiang/domain/calendar';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi, useApiMutation } from '@/api/hooks';
import { localToUnixS } from '@/lib/local-time';
import { useFormat } from '@/lib/use-format';
import { useNow } from '@/lib/use-now';
import { useConsole } from '@/shell/console-context';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Field, Input } from '@/ui/field';
import { CalendarCheck, FastForward } from '@/ui/icons';
import { Notice } from '@/ui/notice';
import { ErrorNotice } from '@/ui/problem';
import { notify } from '@/ui/toast';
import { closeMonthTarget } from './clock-target';

/** Moves a sandbox's billing time ahead: by an hour, a day, to a date, or far enough to get the month's invoice. */
export function TestClock() {
  const t = useTranslations('settings.clock');
  const format = useFormat();
  const router = useRouter();
  const { organization, can } = useConsole();
  const now = useNow(1000);
  const [date, setDate] = useState('');
  const current = useApi('getOrganization', { params: { organization_id: organization.id } });
  const advance = useApiMutation('advanceTestClock', [
    'getOrganization',
    'getBalance',
    'getUsage',
    'listInvoices',
    'getInvoice',
    'listLedger',
  ]);
  const offsetS = current.data?.clock_offset_s ?? organization.clock_offset_s;
  const nowS = now === null ? null : Math.floor(now / 1000) + offsetS;
  const target = nowS === null ? null : closeMonthTarget(nowS, organization.time_zone);
  const go = async (toS: number) => {
    try {
      await advance.mutateAsync({ params: { organization_id: organization.id }, body: { to: formatTimestamp(toS) } });
      notify(t('advanced', { to: format.date(toS, 'dateTime') }));
      router.refresh();
    } catch {
      // The section shows advance.error.
    }
  };
  const chosenS = localToUnixS(date, organization.time_zone);
  return (
    <Section id="test-clock" title={t('title')} description={t('text')}>
      <div className="flex flex-wrap items-end justify-between gap-x-8 gap-y-4">
        <div>
          <p className="text-muted text-xs">{t('now')}</p>
          <p className="tnum mt-1 font-semibold text-xl">{nowS === null ? '—' : format.date(nowS, 'dateTime')}</p>
          <p className="mt-0.5 text-subtle text-xs">
            {offsetS > 0 ? t('ahead', { duration: format.duration(offsetS) }) : t('notAhead')} ·{' '}
            {organization.time_zone}
          </p>
        </div>
        {can('test_clock.modify') && nowS !== null && target && (
          <div className="flex flex-wrap gap-2">
            <Button busy={advance.isPending} onClick={() => void go(nowS + 3_600)}>
              <FastForward className="size-4" />
              {t('hour')}
            </Button>
            <Button busy={advance.isPending} onClick={() => void go(nowS + 86_400)}>
              <FastForward className="size-4" />
              {t('day')}
            </Button>
            <Button variant="primary" busy={advance.isPending} onClick={() => void go(target.toS)}>
              <CalendarCheck className="size-4" />
              {t('closeMonth')}
            </Button>
          </div>
        )}
      </div>
      {target && (
        <p className="mt-4 max-w-prose text-muted text-sm">
          {t('closeText', { end: format.date(target.monthEndS, 'dateTime'), to: format.date(target.toS, 'dateTime') })}
          {!target.closes && ` ${t('twoSteps')}`}
        </p>
      )}
      {can('test_clock.modify') && (
        <form
          className="mt-5 flex flex-wrap items-end gap-2 border-line border-t pt-5"
          onSubmit={(event) => {
            event.preventDefault();
            if (chosenS !== null) void go(chosenS);
          }}
        >
          <Field label={t('to')}>
            {(control) => (
              <Input
                {...control}
                type="datetime-local"
                value={date}
                onChange={(event) => setDate(event.target.value)}
                className="tnum w-60"
              />
            )}
          </Field>
          <Button type="submit" className="h-9" busy={advance.isPending} disabled={chosenS === null}>
            {t('advance')}
          </Button>
        </form>
      )}
      {advance.error && <ErrorNotice error={advance.error} className="mt-4" />}
      <Notice className="mt-5">{t('warning')}</Notice>
    </Section>
  );
}
