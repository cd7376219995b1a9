'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi } from '@/api/hooks';
import type { Region } from '@/api/types';
import { localToUnixS } from '@/lib/local-time';
import { useFormat } from '@/lib/use-format';
import { Checkbox, Field, Input, Select } from '@/ui/field';
import type { LaunchDraft } from './draft';

const MOST_HOURS = 8_760;
const MOST_WAIT_HOURS = 720;

interface SchedulingFieldsProps {
  draft: LaunchDraft;
  change: (patch: Partial<LaunchDraft>) => void;
  regions: readonly Region[];
}

/** What the queue may know and do: how long it waits and runs, whether it makes room for others, whether it may move. */
export function SchedulingFields({ draft, change, regions }: SchedulingFieldsProps) {
  const t = useTranslations('launch');
  return (
    <>
      {draft.queue && <WaitFields draft={draft} change={change} />}
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
      <div className="mt-4 grid gap-5 sm:grid-cols-2">
        <Hours
          label={t('hours')}
          hint={t('hoursHint')}
          most={MOST_HOURS}
          value={draft.expectedHours}
          onChange={(expectedHours) => change({ expectedHours })}
        />
        <Hours
          label={t('maxHours')}
          hint={t('maxHoursHint')}
          most={MOST_HOURS}
          value={draft.maxHours}
          onChange={(maxHours) => change({ maxHours })}
        />
        <PriorityClass draft={draft} change={change} />
        <Zone draft={draft} change={change} regions={regions} />
      </div>
    </>
  );
}

type PartProps = Pick<SchedulingFieldsProps, 'draft' | 'change'>;

/** For requests that may wait: when at the earliest, and how long at most. */
function WaitFields({ draft, change }: PartProps) {
  const t = useTranslations('launch');
  const common = useTranslations('common');
  const { timeZone } = useFormat();
  const [text, setText] = useState('');
  return (
    <div className="mt-4 grid gap-5 sm:grid-cols-2">
      <Field label={t('notBefore')} optional={common('optional')} hint={t('notBeforeHint', { zone: timeZone })}>
        {(control) => (
          <Input
            {...control}
            type="datetime-local"
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              change({ notBeforeS: localToUnixS(event.target.value, timeZone) });
            }}
          />
        )}
      </Field>
      <Hours
        label={t('maxWait')}
        hint={t('maxWaitHint')}
        most={MOST_WAIT_HOURS}
        value={draft.maxWaitHours}
        onChange={(maxWaitHours) => change({ maxWaitHours })}
      />
    </div>
  );
}

interface HoursProps {
  label: string;
  hint: string;
  most: number;
  value: number | null | undefined;
  onChange: (hours: number | null) => void;
}

function Hours({ label, hint, most, value, onChange }: HoursProps) {
  const common = useTranslations('common');
  return (
    <Field label={label} optional={common('optional')} hint={hint}>
      {(control) => (
        <Input
          {...control}
          type="number"
          inputMode="decimal"
          min={0.1}
          max={most}
          step={0.5}
          value={value ?? ''}
          onChange={(event) => {
            const hours = event.target.valueAsNumber;
            onChange(hours > 0 && hours <= most ? hours : null);
          }}
        />
      )}
    </Field>
  );
}

/** The classes that the organisation may use, highest first. */
function PriorityClass({ draft, change }: PartProps) {
  const t = useTranslations('launch');
  const format = useFormat();
  const classes = useApi('listPriorityClasses', {});
  const usable = classes.data?.items.filter((one) => one.allowed) ?? [];
  if (usable.length < 2) return null;
  return (
    <Field label={t('priority')} hint={t('priorityHint')}>
      {(control) => (
        <Select
          {...control}
          value={draft.priorityClass ?? usable.find((one) => one.is_default)?.id ?? ''}
          onChange={(event) => change({ priorityClass: event.target.value })}
        >
          {usable.map(({ id, name }) => (
            <option key={id} value={id}>
              {format.text(name)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

function Zone({ draft, change, regions }: SchedulingFieldsProps) {
  const t = useTranslations('launch');
  const zones = regions.find(({ id }) => id === draft.regionId)?.zones ?? [];
  if (zones.length < 2) return null;
  return (
    <Field label={t('zone')} hint={t('zoneHint')}>
      {(control) => (
        <Select
          {...control}
          value={draft.zoneId ?? ''}
          onChange={(event) => change({ zoneId: event.target.value || null })}
        >
          <option value="">{t('anyZone')}</option>
          {zones.map(({ id }) => (
            <option key={id} value={id}>
              {id}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
