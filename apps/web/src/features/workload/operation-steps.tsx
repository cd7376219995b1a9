'use client';
import { useTranslations } from 'next-intl';
import type { Operation } from '@/api/types';
import { cx } from '@/lib/cx';
import { useFormat } from '@/lib/use-format';
import { useNow } from '@/lib/use-now';
import { Badge } from '@/ui/badge';
import { Check, Circle, CircleSlash2, X } from '@/ui/icons';
import { Notice } from '@/ui/notice';
import { Spinner } from '@/ui/spinner';

type Step = Operation['steps'][number];

const ICONS: Record<Step['status'], React.ReactNode> = {
  pending: <Circle className="size-3.5 text-subtle" />,
  running: <Spinner className="size-3.5 text-accent" />,
  done: <Check className="size-3.5 text-success" strokeWidth={2.5} />,
  failed: <X className="size-3.5 text-danger" strokeWidth={2.5} />,
  skipped: <CircleSlash2 className="size-3.5 text-subtle" />,
};

const TONES = {
  pending: 'info',
  running: 'info',
  succeeded: 'success',
  failed: 'danger',
  superseded: 'neutral',
} as const;

/** The steps of an operation as they happen, with how long each took: the answer to "why is it not ready yet?". */
export default function OperationSteps({ operation }: { operation: Operation }) {
  const t = useTranslations('workload');
  const format = useFormat();
  return (
    <div>
      <div className="mb-3 flex items-center justify-between gap-3">
        <p className="font-medium text-sm">{t(`operations.${operation.kind}`)}</p>
        <Badge tone={TONES[operation.status]}>{t(`operationStatus.${operation.status}`)}</Badge>
      </div>
      <ol className="grid gap-x-6 gap-y-1 sm:auto-cols-fr sm:grid-flow-col" aria-live="polite">
        {operation.steps.map((step) => (
          <li
            key={step.name}
            className={cx(
              'flex items-start gap-2 border-t-2 py-2 sm:flex-col sm:gap-1.5',
              step.status === 'done' ? 'border-success' : step.status === 'running' ? 'border-accent' : 'border-line',
              step.status === 'failed' && 'border-danger',
            )}
          >
            <span className="flex items-center gap-1.5 text-sm">
              {ICONS[step.status]}
              <span className={step.status === 'pending' ? 'text-subtle' : ''}>{nameOf(t, 'steps', step.name)}</span>
            </span>
            <span className="tnum ml-auto min-h-4 text-subtle text-xs sm:ml-0 sm:pl-5">
              <StepTime step={step} />
            </span>
          </li>
        ))}
      </ol>
      {operation.error && (
        <Notice tone="danger" className="mt-3">
          {format.text(operation.error)}
        </Notice>
      )}
    </div>
  );
}

/** Elapsed or total time of a step and, while it runs, its phase. */
function StepTime({ step }: { step: Step }) {
  const t = useTranslations('workload');
  const format = useFormat();
  const now = useNow(200);
  if (!step.started_at) return t(`stepStatus.${step.status}`);
  const endMs = step.finished_at ? Date.parse(step.finished_at) : now;
  const seconds = endMs === null ? null : Math.max(0, (endMs - Date.parse(step.started_at)) / 1000);
  const text =
    seconds === null ? '' : seconds < 60 ? `${format.count(seconds.toFixed(1), 1)} s` : format.duration(seconds);
  const phase = step.status === 'running' && step.phase ? ` · ${nameOf(t, 'phases', step.phase)}` : '';
  return `${text}${phase}`;
}

type Translate = ReturnType<typeof useTranslations<'workload'>>;

/** The word for a step or phase; one that this console does not know yet is shown as the API says it. */
function nameOf(t: Translate, group: 'steps' | 'phases', name: string): string {
  const key = `${group}.${name}` as Parameters<Translate>[0];
  return t.has(key) ? t(key) : name.replaceAll('_', ' ');
}
