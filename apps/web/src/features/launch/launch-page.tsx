'use client';
import type { CallInput } from '@suanxiang/contract/client';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import type { z } from 'zod';
import { useApi, useApiMutation } from '@/api/hooks';
import type { Offer, Region } from '@/api/types';
import { KINDS, type WorkloadKind } from '@/features/workload/kind';
import { useContractForm } from '@/forms/use-contract-form';
import { paths } from '@/nav/paths';
import { useConsole } from '@/shell/console-context';
import { Breadcrumbs } from '@/ui/breadcrumbs';
import { Card } from '@/ui/card';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { notify } from '@/ui/toast';
import { bodyOfDraft, initialOffer, type LaunchDraft } from './draft';
import { LaunchFields } from './launch-fields';
import { LaunchSubmit } from './launch-submit';
import type { Alternative } from './refusal';
import { Summary } from './summary';
import { useVerdict } from './use-verdict';

interface LaunchPageProps {
  kind: WorkloadKind;
  asked: { accelerator?: string | undefined; region?: string | undefined };
}

/** Launch of an instance or a cluster on one page; waits for the catalogue, then hands over. */
export function LaunchPage({ kind, asked }: LaunchPageProps) {
  const { currency, can } = useConsole();
  const priced = currency === 'CNY' ? 'CNY' : 'USD';
  const regions = useApi('listRegions', {});
  const offers = useApi('listOffers', { query: { currency: priced } }, { pollMs: 15_000 });
  const keys = useApi('listSshKeys', { query: { limit: 100 } }, { enabled: can('ssh_key.read') });
  const error = offers.error ?? regions.error;
  if (!offers.data || !regions.data) return error ? <ErrorNotice error={error} /> : null;
  // Somebody with one key means that one.
  const onlyKey = keys.data?.items.length === 1 ? keys.data.items[0]?.id : undefined;
  return (
    <LaunchForm
      kind={kind}
      asked={asked}
      offers={offers.data.items}
      regions={regions.data.items}
      sshKeyIds={onlyKey ? [onlyKey] : []}
    />
  );
}

interface LaunchFormProps extends LaunchPageProps {
  offers: readonly Offer[];
  regions: readonly Region[];
  sshKeyIds: readonly string[];
}

/** One key for one request: sent again after a failure it must not launch twice, changed it is a new request. */
function useIdempotencyKey() {
  const last = useRef({ text: '', key: '' });
  return (body: object): string => {
    const text = JSON.stringify(body);
    if (last.current.text !== text) last.current = { text, key: crypto.randomUUID() };
    return last.current.key;
  };
}

function LaunchForm({ kind, asked, offers, regions, sshKeyIds }: LaunchFormProps) {
  const t = useTranslations('launch');
  const nav = useTranslations('nav.items');
  const workload = useTranslations('workload');
  const router = useRouter();
  const { orgSlug, projectSlug, project } = useConsole();
  const facts = KINDS[kind];
  const [draft, setDraft] = useState<LaunchDraft>(() => {
    const first = initialOffer(kind, offers, asked);
    return {
      regionId: first?.region_id ?? regions[0]?.id ?? '',
      acceleratorId: first?.accelerator.id ?? '',
      gpus: kind === 'cluster' ? 8 : 1,
      nodeCount: kind === 'cluster' ? 4 : 1,
      topology: 'any',
      sshKeyIds,
      queue: false,
    };
  });
  const change = (patch: Partial<LaunchDraft>) => setDraft((before) => ({ ...before, ...patch }));
  const keyOf = useIdempotencyKey();
  const create = useApiMutation((kind === 'cluster' ? 'createCluster' : 'createInstance') as 'createInstance', [
    facts.list,
    'getBalance',
    'listQuotas',
    'listOffers',
  ]);
  const bodyOf = (fields: Record<string, string>) =>
    bodyOfDraft(
      kind,
      draft,
      { name: fields.name ?? '', image: fields.image ?? '', startupScript: fields.startup_script ?? '' },
      project?.id ?? '',
    );
  const form = useContractForm<object>({
    schema: async () => {
      const schemas = await import('@suanxiang/contract/schemas/workload');
      const body = kind === 'cluster' ? schemas.createClusterBody : schemas.createInstanceBody;
      return body as unknown as z.ZodType<unknown, object>;
    },
    body: (fields) => bodyOf(fields),
    send: async (body) => {
      const input = { body, idempotencyKey: keyOf(body) } as unknown as CallInput<'createInstance'>;
      const created = await create.mutateAsync(input);
      notify(t('sent', { name: created.name }));
      router.push(facts.href(orgSlug, projectSlug, created.id));
    },
  });
  // The name does not decide whether there is room; one that is surely free stands in for it.
  const [standIn] = useState(() => `rehearsal-${Math.random().toString(36).slice(2, 10)}`);
  const verdict = useVerdict(kind, bodyOf({ name: standIn, image: 'suanxiang/pytorch:2.9' }));
  const take = (alternative: Alternative) =>
    change({
      regionId: alternative.region_id,
      ...(alternative.region_id === draft.regionId ? {} : { zoneId: null }),
      acceleratorId: alternative.accelerator_id,
      nodeCount: alternative.node_count,
      gpus: alternative.gpus_per_node as LaunchDraft['gpus'],
    });
  const offer =
    offers.find((one) => one.region_id === draft.regionId && one.accelerator.id === draft.acceleratorId) ?? null;
  return (
    <>
      <Breadcrumbs
        label={workload('breadcrumbs')}
        items={[
          { label: project?.name ?? projectSlug, href: paths.overview(orgSlug, projectSlug) },
          { label: nav(kind === 'instance' ? 'instances' : 'clusters'), href: facts.listHref(orgSlug, projectSlug) },
        ]}
      />
      <PageHeader title={t(`${kind}.title`)} description={t(`${kind}.description`)} />
      <form
        ref={form.ref}
        onSubmit={form.onSubmit}
        noValidate
        className="grid items-start gap-6 xl:grid-cols-[minmax(0,1fr)_21rem]"
      >
        <LaunchFields kind={kind} draft={draft} change={change} offers={offers} regions={regions} form={form} />
        <div className="xl:sticky xl:top-20">
          <Card>
            <Summary
              kind={kind}
              draft={draft}
              offer={offer}
              verdict={verdict}
              onTake={take}
              onQueue={() => change({ queue: true })}
            />
            {form.error !== null && verdict.state !== 'refused' && <ErrorNotice error={form.error} className="mt-4" />}
            <LaunchSubmit kind={kind} form={form} bodyOf={bodyOf} />
          </Card>
        </div>
      </form>
    </>
  );
}
