'use client';
import { useTranslations } from 'next-intl';
import type { Webhook } from '@/api/types';
import { Badge } from '@/ui/badge';
import { CircleCheck, CirclePause, CircleX, TriangleAlert } from '@/ui/icons';

/** Whether a webhook sends: on, on but failing, off, or turned off by the platform. */
export function WebhookStatus({ webhook }: { webhook: Webhook }) {
  const t = useTranslations('webhooks.statuses');
  if (webhook.status === 'failed')
    return (
      <Badge tone="danger" icon={<CircleX className="size-3" />}>
        {t('failed')}
      </Badge>
    );
  if (webhook.status === 'disabled') return <Badge icon={<CirclePause className="size-3" />}>{t('disabled')}</Badge>;
  if (webhook.failing_since)
    return (
      <Badge tone="warning" icon={<TriangleAlert className="size-3" />}>
        {t('failing')}
      </Badge>
    );
  return (
    <Badge tone="success" icon={<CircleCheck className="size-3" />}>
      {t('enabled')}
    </Badge>
  );
}
