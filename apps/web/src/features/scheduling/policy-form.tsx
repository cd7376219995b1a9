'use client';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { useApiMutation } from '@/api/hooks';
import type { QueuePolicy } from '@/api/types';
import { useFormat } from '@/lib/use-format';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Field, Input, Select } from '@/ui/field';
import { ErrorNotice } from '@/ui/problem';
import { notify } from '@/ui/toast';

const NUMBERS = [
  'history_weight',
  'usage_half_life_s',
  'aged_after_s',
  'preemption_grace_s',
  'preemption_protected_s',
  'default_duration_s',
] as const;
const MODES = ['none', 'easy', 'conservative'] as const;

/** The policy as a form; what is left empty and may be is "never". */
export function PolicyForm({ policy }: { policy: QueuePolicy }) {
  const t = useTranslations('scheduling');
  const format = useFormat();
  const [numbers, setNumbers] = useState(() =>
    Object.fromEntries(NUMBERS.map((name) => [name, policy[name] === null ? '' : String(policy[name])])),
  );
  const [mode, setMode] = useState(policy.backfill_mode);
  const [preempts, setPreempts] = useState(policy.preemption_enabled);
  const update = useApiMutation('operatorUpdateQueuePolicy', ['operatorQueuePolicy']);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const entered = NUMBERS.map((name) => [name, numbers[name] === '' ? null : Number(numbers[name])]);
    try {
      const body = { ...Object.fromEntries(entered), backfill_mode: mode, preemption_enabled: preempts };
      await update.mutateAsync({ body });
      notify(t('saved'));
    } catch {
      // Shown below.
    }
  };
  const said =
    policy.set_at === null
      ? t('defaults')
      : t('setBy', { who: policy.set_by ?? '', time: format.date(policy.set_at, 'dateTime') });
  return (
    <Section title={t('policy')} description={said}>
      <form onSubmit={(event) => void save(event)}>
        <div className="grid gap-4 sm:grid-cols-2 xl:grid-cols-4">
          <Field label={t('fields.backfill_mode')}>
            {(control) => (
              <Select {...control} value={mode} onChange={(event) => setMode(event.target.value as typeof mode)}>
                {MODES.map((one) => (
                  <option key={one} value={one}>
                    {t(`modes.${one}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label={t('fields.preemption_enabled')}>
            {(control) => (
              <Select
                {...control}
                value={preempts ? 'on' : 'off'}
                onChange={(event) => setPreempts(event.target.value === 'on')}
              >
                <option value="on">{t('on')}</option>
                <option value="off">{t('off')}</option>
              </Select>
            )}
          </Field>
          {NUMBERS.map((name) => (
            <Field key={name} label={t(`fields.${name}`)}>
              {(control) => (
                <Input
                  {...control}
                  type="number"
                  min={0}
                  step={name === 'history_weight' ? 0.05 : 1}
                  value={numbers[name]}
                  onChange={(event) => setNumbers({ ...numbers, [name]: event.target.value })}
                />
              )}
            </Field>
          ))}
        </div>
        {update.error && <ErrorNotice error={update.error} className="mt-4" />}
        <Button type="submit" variant="primary" className="mt-5" busy={update.isPending}>
          {t('save')}
        </Button>
      </form>
    </Section>
  );
}
