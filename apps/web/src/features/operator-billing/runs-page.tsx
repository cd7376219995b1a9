'use client';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useApi, useApiMutation } from '@/api/hooks';
import type { BillingRun } from '@/api/types';
import { useUrlState } from '@/features/list/use-url-state';
import { useFormat } from '@/lib/use-format';
import { paths } from '@/nav/paths';
import { Badge, type Tone } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { Field, Input } from '@/ui/field';
import { ReceiptText } from '@/ui/icons';
import { Meter } from '@/ui/meter';
import { Notice } from '@/ui/notice';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Stat, StatRow } from '@/ui/stat';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';
import { notify } from '@/ui/toast';
import { BillingTabs } from './billing-tabs';
import { evidenceQueryOf, runsQueryOf } from './queries';

const TONES: Record<BillingRun['state'], Tone> = {
  draft: 'neutral',
  sealed: 'info',
  failed: 'danger',
  finalised: 'success',
};

/** How far a month's billing has come, and what stands in its way. */
export function RunsPage() {
  const t = useTranslations('operatorBilling');
  const format = useFormat();
  const url = useUrlState();
  const found = useApi(
    'operatorBillingRuns',
    { query: runsQueryOf(url.get('month')) },
    { pollMs: 10_000, keepPrevious: true },
  );
  const runs = found.data;
  if (!runs) return found.error ? <ErrorNotice error={found.error} onRetry={() => void found.refetch()} /> : null;
  const { draft, sealed, failed, finalised } = runs.counts;
  const all = draft + sealed + failed + finalised;
  return (
    <>
      <PageHeader title={t('runs')} description={t('runsText')} />
      <BillingTabs />
      <HeldEvidence />
      <Field label={t('month')} className="mb-4 w-44">
        {(control) => (
          <Input
            {...control}
            type="month"
            value={runs.month}
            onChange={(event) => url.set({ month: event.target.value || null })}
          />
        )}
      </Field>
      <StatRow>
        <Stat label={t('states.finalised')} value={t('ofAll', { part: finalised, all })} hint={t('finalisedHint')} />
        <Stat label={t('states.failed')} value={format.count(failed)} hint={t('failedHint')} />
        <Stat label={t('states.sealed')} value={format.count(sealed)} hint={t('sealedHint')} />
        <Stat label={t('states.draft')} value={format.count(draft)} hint={t('draftHint')} />
        <Stat
          label={t('longest')}
          value={runs.longest_ms === null ? '—' : t('ms', { ms: runs.longest_ms })}
          hint={runs.last_finalised_at ? <Time at={runs.last_finalised_at} /> : t('noneFinalised')}
        />
      </StatRow>
      <Progress done={finalised} all={all} />
      <Card flush className="mt-6 overflow-hidden">
        {all === 0 ? (
          <EmptyState icon={<ReceiptText />} title={t('noRuns')}>
            {t('noRunsText')}
          </EmptyState>
        ) : (
          <RunsTable runs={runs.items} />
        )}
      </Card>
    </>
  );
}

/** Refused evidence that waits for a decision is money that nobody has billed yet. */
function HeldEvidence() {
  const t = useTranslations('operatorBilling');
  const found = useApi('operatorQuarantine', { query: evidenceQueryOf(undefined) }, { pollMs: 60_000 });
  const held = found.data?.items ?? [];
  if (held.length === 0) return null;
  const blocks = held.reduce((sum, one) => sum + one.blocks, 0);
  return (
    <Notice tone="warning" title={t('evidenceHeld', { groups: held.length, blocks })} className="mb-4">
      <Link href={paths.operatorEvidence} className="underline">
        {t('evidenceLook')}
      </Link>
    </Notice>
  );
}

function Progress({ done, all }: { done: number; all: number }) {
  const t = useTranslations('operatorBilling');
  return (
    <Meter
      label={t('progress')}
      value={done}
      max={all}
      text={t('ofAll', { part: done, all })}
      tone="success"
      className="mt-3"
    />
  );
}

function RunsTable({ runs }: { runs: readonly BillingRun[] }) {
  const t = useTranslations('operatorBilling');
  const format = useFormat();
  return (
    <Table label={t('runs')}>
      <Head>
        <Th>{t('organization')}</Th>
        <Th>{t('state')}</Th>
        <Th from="md">{t('seals')}</Th>
        <Th>{t('invoice')}</Th>
        <Th align="right">{t('total')}</Th>
        <Th align="right" from="lg">
          {t('took')}
        </Th>
        <Th>
          <span className="sr-only">{t('retry')}</span>
        </Th>
      </Head>
      <tbody>
        {runs.map((run) => (
          <Tr key={`${run.org_id} ${run.period_from}`}>
            <Td className="font-medium">
              <Link href={paths.operatorOrganization(run.org_id)} className="hover:underline">
                {run.organization_name}
              </Link>
              {run.mode === 'sandbox' && <span className="block text-subtle text-xs">{t('sandbox')}</span>}
            </Td>
            <Td>
              <Badge tone={TONES[run.state]}>{t(`states.${run.state}`)}</Badge>
              {run.failure && <span className="mt-1 block max-w-prose text-danger text-xs">{run.failure}</span>}
            </Td>
            <Td from="md" className="text-muted">
              <Time at={run.seals_at} />
            </Td>
            <Td>{run.invoice_number ?? '—'}</Td>
            <Td align="right" className="tnum">
              {run.total ? format.money(run.total) : '—'}
            </Td>
            <Td align="right" from="lg" className="tnum text-muted">
              {run.last_attempt_ms === null ? '—' : t('ms', { ms: run.last_attempt_ms })}
              {run.attempts > 1 && <span className="block text-xs">{t('tries', { count: run.attempts })}</span>}
            </Td>
            <Td align="right">{(run.state === 'failed' || run.state === 'sealed') && <Retry id={run.org_id} />}</Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

function Retry({ id }: { id: string }) {
  const t = useTranslations('operatorBilling');
  const retry = useApiMutation('operatorRetryBillingRun', ['operatorBillingRuns']);
  const act = async () => {
    try {
      await retry.mutateAsync({ body: { organization_id: id } });
      notify(t('retried'));
    } catch {
      // Shown below.
    }
  };
  return (
    <>
      <Button size="sm" busy={retry.isPending} onClick={() => void act()}>
        {t('retry')}
      </Button>
      {retry.error && <ErrorNotice error={retry.error} className="mt-2" />}
    </>
  );
}
