'use client';
import { useTranslations } from 'next-intl';
import { useApiMutation } from '@/api/hooks';
import type { WebhookDelivery } from '@/api/types';
import { useFormat } from '@/lib/use-format';
import { useConsole } from '@/shell/console-context';
import { Button } from '@/ui/button';
import { CodeBlock } from '@/ui/code-block';
import { RotateCw } from '@/ui/icons';
import { MonoId } from '@/ui/mono-id';
import { ErrorNotice } from '@/ui/problem';
import { Time } from '@/ui/time';
import { notify } from '@/ui/toast';
import { AttemptOutcome } from './failure';

/** One delivery: every attempt with its answer, the body as it was sent, and sending it again. */
export function DeliveryDetail({ webhookId, delivery }: { webhookId: string; delivery: WebhookDelivery }) {
  const t = useTranslations('webhooks');
  const { can } = useConsole();
  const replay = useApiMutation('replayWebhookDelivery', ['listWebhookDeliveries']);
  const params = { webhook_id: webhookId, delivery_id: delivery.id };
  return (
    <div className="grid gap-x-8 gap-y-5 text-sm lg:grid-cols-2">
      <div className="min-w-0">
        <div className="flex flex-wrap items-end justify-between gap-3">
          <span className="min-w-0">
            <span className="block text-subtle text-xs">webhook-id</span>
            <MonoId id={delivery.event_id} full />
          </span>
          {can('webhook.modify') && (
            <Button
              size="sm"
              busy={replay.isPending}
              onClick={() => replay.mutate({ params }, { onSuccess: () => notify(t('replayed')) })}
            >
              <RotateCw className="size-3.5" />
              {t('replay')}
            </Button>
          )}
        </div>
        {replay.error && <ErrorNotice error={replay.error} className="mt-3" />}
        {delivery.next_attempt_at && (
          <p className="mt-3 text-muted">
            {t('nextAttempt')} <Time at={delivery.next_attempt_at} style="seconds" />
          </p>
        )}
        <ol className="mt-4 space-y-3">
          {delivery.attempts.map((attempt, index) => (
            <Attempt key={attempt.at} attempt={attempt} number={index + 1} />
          ))}
          {delivery.attempts.length === 0 && <li className="text-muted">{t('notTried')}</li>}
        </ol>
      </div>
      <div className="min-w-0">
        <p className="mb-1.5 text-subtle text-xs">{t('body')}</p>
        <CodeBlock code={pretty(delivery.body)} label={t('copyBody')} className="bg-surface" />
      </div>
    </div>
  );
}

function Attempt({ attempt, number }: { attempt: WebhookDelivery['attempts'][number]; number: number }) {
  const t = useTranslations('webhooks');
  const format = useFormat();
  const { at, duration_ms, status, answer } = attempt;
  const taken = status !== null && status >= 200 && status < 300;
  return (
    <li>
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5">
        <span className="text-subtle text-xs">{t('attempt', { number })}</span>
        <span className={taken ? 'font-medium text-success' : 'font-medium text-danger'}>
          <AttemptOutcome attempt={attempt} />
        </span>
        <span className="text-muted text-xs">
          <Time at={at} style="seconds" /> · {t('took', { ms: format.count(duration_ms) })}
        </span>
      </div>
      {answer && <CodeBlock code={answer} label={t('copyAnswer')} className="mt-1.5 bg-surface" wrap />}
    </li>
  );
}

/** JSON in lines for the eye; what is none stays as it is. */
function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
