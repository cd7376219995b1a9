'use client';
import { useTranslations } from 'next-intl';
import { Checkbox, Field, Input } from '@/ui/field';
import type { LaunchDraft } from './draft';

const MOST_HOURS = 8_760;

interface SchedulingFieldsProps {
  draft: LaunchDraft;
  change: (patch: Partial<LaunchDraft>) => void;
}

/** What the queue may know and do: how long it runs, whether it makes room for others, whether it may move. */
export function SchedulingFields({ draft, change }: SchedulingFieldsProps) {
  const t = useTranslations('launch');
  const common = useTranslations('common');
  return (
    <>
      <Checkbox
        className="mt-4"
        label={t('preemptible')}
        description={t('preemptibleHint')}
        checked={draft.preemptible ?? false}
        onChange={(event) => change({ preemptible: event.target.checked })}
      />
      <Checkbox
        className="mt-4"
        label={t('movable')}
        description={t('movableHint')}
        checked={draft.movable ?? false}
        onChange={(event) => change({ movable: event.target.checked })}
      />
      <Field className="mt-4 max-w-xs" label={t('hours')} optional={common('optional')} hint={t('hoursHint')}>
        {(control) => (
          <Input
            {...control}
            type="number"
            inputMode="decimal"
            min={0.1}
            max={MOST_HOURS}
            step={0.5}
            value={draft.expectedHours ?? ''}
            onChange={(event) => {
              const hours = event.target.valueAsNumber;
              change({ expectedHours: hours > 0 && hours <= MOST_HOURS ? hours : null });
            }}
          />
        )}
      </Field>
    </>
  );
}
