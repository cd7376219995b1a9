'use client';
import { useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import type { Offer, Region } from '@/api/types';
import type { WorkloadKind } from '@/features/workload/kind';
import type { ContractForm } from '@/forms/use-contract-form';
import { lazily } from '@/lib/lazily';
import { useFormat } from '@/lib/use-format';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Checkbox, Field, Input, Select, Textarea } from '@/ui/field';
import { Sparkles } from '@/ui/icons';
import { Segmented } from '@/ui/segmented';
import { CardPicker } from './card-picker';
import { GPU_COUNTS, type LaunchDraft } from './draft';
import { SchedulingFields } from './scheduling-fields';
import { SshKeyPicker } from './ssh-key-picker';

const NeedHelper = lazily(() => import('./need-helper'));

interface LaunchFieldsProps {
  kind: WorkloadKind;
  draft: LaunchDraft;
  change: (patch: Partial<LaunchDraft>) => void;
  offers: readonly Offer[];
  regions: readonly Region[];
  form: ContractForm;
}

export function LaunchFields({ kind, draft, change, offers, regions, form }: LaunchFieldsProps) {
  const t = useTranslations('launch');
  const common = useTranslations('common');
  const format = useFormat();
  const [helping, setHelping] = useState(false);
  return (
    <div className="min-w-0 space-y-8">
      <Section
        title={t('accelerator')}
        description={t('acceleratorText')}
        actions={
          <Button size="sm" onClick={() => setHelping(!helping)} aria-expanded={helping}>
            <Sparkles className="size-3.5" />
            {t('need.title')}
          </Button>
        }
      >
        {helping && (
          <div className="mb-5 rounded-md border border-line bg-sunken p-4">
            <NeedHelper
              offers={offers}
              onChoose={({ offer, gpus }) => {
                change({
                  regionId: offer.region_id,
                  zoneId: null,
                  acceleratorId: offer.accelerator.id,
                  ...(kind === 'instance' ? { gpus } : {}),
                });
                setHelping(false);
              }}
            />
          </div>
        )}
        <div className="mb-4 overflow-x-auto">
          <Segmented
            label={t('region')}
            value={draft.regionId}
            onChange={(regionId) =>
              change({ regionId, zoneId: null, acceleratorId: sameModel(offers, regionId, draft.acceleratorId) })
            }
            options={regions.map(({ id, name }) => ({ value: id, label: format.text(name) }))}
          />
        </div>
        <CardPicker kind={kind} offers={offers} draft={draft} onChoose={(acceleratorId) => change({ acceleratorId })} />
      </Section>
      <Section title={t('size')} description={kind === 'cluster' ? t('sizeCluster') : t('sizeInstance')}>
        {kind === 'instance' ? (
          <Segmented
            label={t('gpus')}
            value={String(draft.gpus)}
            onChange={(gpus) => change({ gpus: Number(gpus) as LaunchDraft['gpus'] })}
            options={GPU_COUNTS.map((count) => ({ value: String(count), label: String(count) }))}
          />
        ) : (
          <ClusterSize draft={draft} change={change} />
        )}
      </Section>
      <Section title={t('machine')}>
        <div className="grid gap-5 sm:grid-cols-2">
          <Field label={common('name')} error={form.problemOf('name', common('machineNameRule'))} hint={t('nameHint')}>
            {(control) => (
              <Input
                {...control}
                name="name"
                maxLength={63}
                autoComplete="off"
                spellCheck={false}
                placeholder={kind === 'cluster' ? 'pretrain-7b' : 'finetune-01'}
              />
            )}
          </Field>
          <Field label={t('image')} error={form.problemOf('image', t('imageRule'))} hint={t('imageHint')}>
            {(control) => (
              <Input
                {...control}
                name="image"
                defaultValue="suanxiang/pytorch:2.9"
                maxLength={255}
                autoComplete="off"
                spellCheck={false}
                className="font-mono"
              />
            )}
          </Field>
        </div>
        <Part title={t('sshKeys')}>
          <SshKeyPicker chosen={draft.sshKeyIds} onChange={(sshKeyIds) => change({ sshKeyIds })} />
        </Part>
        <Part title={t('more')}>
          <Field
            label={t('script')}
            optional={common('optional')}
            hint={t('scriptHint')}
            error={form.problemOf('startup_script', t('scriptRule'))}
          >
            {(control) => (
              <Textarea {...control} name="startup_script" spellCheck={false} placeholder="#!/bin/bash" rows={4} />
            )}
          </Field>
          <Checkbox
            className="mt-4"
            label={t('queue')}
            description={t('queueHint')}
            checked={draft.queue}
            onChange={(event) => change({ queue: event.target.checked })}
          />
          <SchedulingFields draft={draft} change={change} regions={regions} />
        </Part>
      </Section>
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="mt-6 border-line border-t pt-5">
      <h3 className="mb-3 font-medium text-sm">{title}</h3>
      {children}
    </div>
  );
}

/** The same model in another region, or the first one there. */
function sameModel(offers: readonly Offer[], regionId: string, acceleratorId: string): string {
  const there = offers.filter(({ region_id, stock }) => region_id === regionId && stock.total > 0);
  return (there.find(({ accelerator }) => accelerator.id === acceleratorId) ?? there[0])?.accelerator.id ?? '';
}

const MOST_NODES = 128;

function ClusterSize({ draft, change }: Pick<LaunchFieldsProps, 'draft' | 'change'>) {
  const t = useTranslations('launch');
  const workload = useTranslations('workload');
  return (
    <div className="grid gap-5 sm:grid-cols-2">
      <Field label={t('nodes')} hint={t('nodesHint', { gpus: draft.nodeCount * draft.gpus })}>
        {(control) => (
          <Input
            {...control}
            type="number"
            inputMode="numeric"
            min={1}
            max={MOST_NODES}
            value={draft.nodeCount}
            onChange={(event) => {
              const count = Math.trunc(event.target.valueAsNumber);
              if (Number.isFinite(count)) change({ nodeCount: Math.min(MOST_NODES, Math.max(1, count)) });
            }}
          />
        )}
      </Field>
      <Field label={workload('topology')} hint={t('topologyHint')}>
        {(control) => (
          <Select
            {...control}
            value={draft.topology}
            onChange={(event) => change({ topology: event.target.value as LaunchDraft['topology'] })}
          >
            {(['any', 'same_spine', 'same_leaf'] as const).map((value) => (
              <option key={value} value={value}>
                {workload(`topologies.${value}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </div>
  );
}
