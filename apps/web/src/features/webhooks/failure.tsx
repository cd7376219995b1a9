'use client';
import { useTranslations } from 'next-intl';
import type { WebhookDelivery } from '@/api/types';

type Attempt = WebhookDelivery['attempts'][number];

/** What the sender writes into the log when no answer came, and what each means to whoever runs the receiver. */
const MEANINGS = [
  [/^no answer within|TIMED?OUT/i, 'timeout'],
  [/ECONNREFUSED/, 'refused'],
  [/ENOTFOUND|EAI_/, 'unknownHost'],
  [/ECONNRESET|EPIPE|UND_ERR_SOCKET/, 'reset'],
  [/EHOSTUNREACH|ENETUNREACH/, 'unreachable'],
  [/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_VERIFY/, 'certificate'],
  [/public internet|https:\/\/|^The (URL|port|host)|not a URL/, 'unsafe'],
] as const;

type FailureMeaning = (typeof MEANINGS)[number][1] | 'other';

/** Which of the known reasons a text of the delivery log is. */
export function meaningOf(error: string | null): FailureMeaning {
  return MEANINGS.find(([pattern]) => pattern.test(error ?? ''))?.[1] ?? 'other';
}

/** The outcome of an attempt in words; the sender's own text stands in the tooltip for whoever needs to search for it. */
export function AttemptOutcome({ attempt }: { attempt: Attempt }) {
  const t = useTranslations('webhooks');
  if (attempt.status !== null) return <>HTTP {attempt.status}</>;
  return <span title={attempt.error ?? undefined}>{t(`failures.${meaningOf(attempt.error)}`)}</span>;
}
