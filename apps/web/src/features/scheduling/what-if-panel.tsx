'use client';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { useApi, useApiMutation } from '@/api/hooks';
import type { WhatIf } from '@/api/types';
import { useFormat } from '@/lib/use-format';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Field, Input } from '@/ui/field';
import { Notice } from '@/ui/notice';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';

const MICRO = 1_000_000;
const FIGURES = [
  'wait_p90_s',
  'wait_max_s',
  'utilization',
  'revenue_micro',
  'started',
  'still_waiting',
  'preemptions',
  'broken_promises',
] as const;

/** Asks what taking nodes out, or more demand, would do to the queue of a zone's region. Nothing real changes. */
export function WhatIfPanel({ zoneId, regionId }: { zoneId: string; regionId: string }) {
  const t = useTranslations('scheduling');
  const [names, setNames] = useState('');
  const [demand, setDemand] = useState('1');
  const [hours, setHours] = useState('24');
  const [id, setId] = useState<string | null>(null);
  const nodes = useApi('operatorNodes', { query: { zone_id: zoneId } }, { keepPrevious: true });
  const ask = useApiMutation('operatorAskWhatIf', ['operatorWhatIfs']);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const wanted = names.split(/[,，\s]+/).filter(Boolean);
    const idOf = (name: string) => nodes.data?.items.find((node) => node.name === name)?.id ?? name;
    try {
      const body = {
        region_id: regionId,
        nodes_out: wanted.map(idOf),
        demand: Number(demand),
        horizon_hours: Number(hours),
      };
      setId((await ask.mutateAsync({ body })).id);
    } catch {
      // Shown below.
    }
  };
  return (
    <Section title={t('whatIf')} description={t('whatIfText')}>
      <form onSubmit={(event) => void submit(event)} className="grid items-start gap-4 sm:grid-cols-4">
        <Field label={t('whatIfNodes')} hint={t('whatIfNodesHint')} className="sm:col-span-2">
          {(control) => <Input {...control} value={names} onChange={(event) => setNames(event.target.value)} />}
        </Field>
        <Field label={t('whatIfDemand')}>
          {(control) => (
            <Input
              {...control}
              type="number"
              min={0.1}
              max={10}
              step={0.1}
              value={demand}
              onChange={(event) => setDemand(event.target.value)}
            />
          )}
        </Field>
        <Field label={t('whatIfHours')}>
          {(control) => (
            <Input
              {...control}
              type="number"
              min={1}
              max={72}
              value={hours}
              onChange={(event) => setHours(event.target.value)}
            />
          )}
        </Field>
        <div>
          <Button type="submit" busy={ask.isPending}>
            {t('whatIfAsk')}
          </Button>
        </div>
      </form>
      {ask.error && <ErrorNotice error={ask.error} className="mt-4" />}
      {id && <Answer id={id} />}
    </Section>
  );
}

function Answer({ id }: { id: string }) {
  const t = useTranslations('scheduling');
  const answer = useApi(
    'operatorWhatIf',
    { params: { what_if_id: id } },
    { pollMs: (data) => (data && data.state !== 'pending' ? false : 700) },
  );
  if (answer.error) return <ErrorNotice error={answer.error} className="mt-4" />;
  if (!answer.data || answer.data.state === 'pending') {
    return (
      <Notice tone="info" className="mt-4">
        {t('whatIfBusy')}
      </Notice>
    );
  }
  const { before, after } = answer.data;
  if (!before || !after) {
    return (
      <Notice tone="danger" className="mt-4">
        {t('whatIfFailed')}
      </Notice>
    );
  }
  return <Figures before={before} after={after} />;
}

type FigureSet = NonNullable<WhatIf['before']>;

function Figures({ before, after }: { before: FigureSet; after: FigureSet }) {
  const t = useTranslations('scheduling');
  const format = useFormat();
  const show = (name: (typeof FIGURES)[number], value: number) => {
    if (name.endsWith('_s')) return format.duration(value);
    if (name === 'utilization') return format.percent(value * MICRO, 1);
    return format.count(name === 'revenue_micro' ? value / MICRO : value);
  };
  return (
    <div className="mt-4">
      <Table label={t('whatIf')}>
        <Head>
          <Th>{t('figure')}</Th>
          <Th align="right">{t('now')}</Th>
          <Th align="right">{t('changed')}</Th>
        </Head>
        <tbody>
          {FIGURES.map((name) => (
            <Tr key={name}>
              <Td>{t(`figures.${name}`)}</Td>
              <Td align="right" className="tnum">
                {show(name, before[name])}
              </Td>
              <Td align="right" className="tnum">
                {show(name, after[name])}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}
