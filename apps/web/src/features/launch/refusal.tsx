'use client';
import type { Problem } from '@suanxiang/contract/schemas/problem';
import { useTranslations } from 'next-intl';
import { useFormat } from '@/lib/use-format';
import { paths } from '@/nav/paths';
import { useConsole } from '@/shell/console-context';
import { Button, ButtonLink } from '@/ui/button';
import { Notice } from '@/ui/notice';
import { ProblemNotice } from '@/ui/problem';

/** Something that could be had instead, as the API offers it. */
export interface Alternative {
  kind: 'region' | 'accelerator' | 'smaller';
  region_id: string;
  accelerator_id: string;
  node_count: number;
  gpus_per_node: number;
  free: number;
  price_per_gpu_hour: string;
}

/** What there is of a model at one place, whoever holds it. */
interface Possible {
  gpus_per_node: number;
  node_count: { any: number; same_spine: number; same_leaf: number };
}

interface RefusalProps {
  problem: Problem;
  onTake: (alternative: Alternative) => void;
  onQueue: () => void;
}

/** Why a launch would be refused, and the way out: top up, another offer, or wait in the queue. */
export default function Refusal({ problem, onTake, onQueue }: RefusalProps) {
  const t = useTranslations('launch.refusal');
  const format = useFormat();
  const { orgSlug, names } = useConsole();
  const member = <T,>(name: string) => problem[name] as T | undefined;
  if (problem.code === 'payment_required') {
    const missing = member<{ amount: string; currency: string }>('missing');
    const needed = member<{ amount: string; currency: string }>('needed');
    return (
      <Notice
        tone="warning"
        title={t('funds')}
        live
        action={
          <ButtonLink size="sm" href={paths.billing(orgSlug)}>
            {t('topUp')}
          </ButtonLink>
        }
      >
        {missing && needed
          ? t('fundsText', { needed: format.money(needed), missing: format.money(missing) })
          : problem.detail}
      </Notice>
    );
  }
  if (problem.code === 'quota_exceeded') {
    const [limit, used, requested] = [member<number>('limit'), member<number>('used'), member<number>('requested')];
    return (
      <Notice
        tone="warning"
        title={t('quota')}
        live
        action={
          <ButtonLink size="sm" href={paths.quotas(orgSlug)}>
            {t('seeQuotas')}
          </ButtonLink>
        }
      >
        {limit !== undefined && used !== undefined && requested !== undefined
          ? t('quotaText', { limit, used, requested })
          : problem.detail}
      </Notice>
    );
  }
  const possible = member<Possible>('possible');
  if (problem.code === 'unprocessable' && possible) {
    const { any, same_spine: spine, same_leaf: leaf } = possible.node_count;
    return (
      <Notice tone="warning" title={t('never')} live>
        {t('neverText', { gpus: possible.gpus_per_node, any, spine, leaf })}
      </Notice>
    );
  }
  if (problem.code !== 'capacity_unavailable') return <ProblemNotice problem={problem} />;
  const nameOf = (alternative: Alternative) => {
    const model = names.accelerators[alternative.accelerator_id];
    const region = names.regions[alternative.region_id];
    const size =
      alternative.node_count > 1
        ? `${alternative.node_count} × ${alternative.gpus_per_node}`
        : alternative.gpus_per_node;
    return `${size} × ${model ? format.text(model) : alternative.accelerator_id} · ${region ? format.text(region) : alternative.region_id}`;
  };
  const alternatives = (member<Alternative[]>('alternatives') ?? []).slice(0, 4);
  return (
    <Notice tone="warning" title={t('capacity')} live>
      <p>{t('capacityText', { free: member<number>('free') ?? 0 })}</p>
      <div className="mt-2.5 flex flex-col items-start gap-1.5">
        {alternatives.map((alternative) => (
          <Button
            key={`${alternative.kind}${alternative.region_id}${alternative.accelerator_id}`}
            size="sm"
            className="h-auto! min-h-7 max-w-full whitespace-normal! py-1 text-left"
            onClick={() => onTake(alternative)}
          >
            {nameOf(alternative)}
          </Button>
        ))}
        <Button size="sm" variant="ghost" onClick={onQueue}>
          {t('wait')}
        </Button>
      </div>
    </Notice>
  );
}
