'use client';
import { useTranslations } from 'next-intl';
import { Fragment, useState } from 'react';
import { useApi } from '@/api/hooks';
import type { Webhook, WebhookDelivery } from '@/api/types';
import { Pager } from '@/features/list/pager';
import { useUrlState } from '@/features/list/use-url-state';
import { useFormat } from '@/lib/use-format';
import { Badge, type Tone } from '@/ui/badge';
import { Section } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { Select } from '@/ui/field';
import { CircleCheck, CircleSlash2, CircleX, Clock, type Icon } from '@/ui/icons';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';
import { DeliveryDetail } from './delivery-detail';
import { AttemptOutcome } from './failure';
import { DELIVERIES_PAGE } from './pages';

type Status = WebhookDelivery['status'];
const STATUSES: Record<Status, { tone: Tone; icon: Icon }> = {
  pending: { tone: 'info', icon: Clock },
  delivered: { tone: 'success', icon: CircleCheck },
  failed: { tone: 'danger', icon: CircleX },
  canceled: { tone: 'neutral', icon: CircleSlash2 },
};
const ORDER = Object.keys(STATUSES) as Status[];
/** How often a log with something under way is looked at; attempts are told by no event. */
const PENDING_MS = 2_000;
const QUIET_MS = 15_000;

/** What was sent to an address, newest first, each with its attempts. */
export function Deliveries({ webhook }: { webhook: Webhook }) {
  const t = useTranslations('webhooks');
  const common = useTranslations('common');
  const url = useUrlState();
  const [open, setOpen] = useState<string | null>(null);
  const cursor = url.get('cursor');
  const status = ORDER.find((one) => one === url.get('status'));
  const deliveries = useApi(
    'listWebhookDeliveries',
    {
      params: { webhook_id: webhook.id },
      query: { limit: DELIVERIES_PAGE, ...(cursor ? { cursor } : {}), ...(status ? { status } : {}) },
    },
    {
      keepPrevious: true,
      pollMs: (data) => (data?.items.some((one) => one.status === 'pending') ? PENDING_MS : QUIET_MS),
    },
  );
  const items = deliveries.data?.items;
  return (
    <Section
      title={t('deliveries')}
      description={t('deliveriesText')}
      bare
      actions={
        <Select
          className="w-44"
          aria-label={t('filterStatus')}
          value={status ?? ''}
          onChange={(event) => url.set({ status: event.target.value || null, cursor: null })}
        >
          <option value="">{common('all')}</option>
          {ORDER.map((one) => (
            <option key={one} value={one}>
              {t(`deliveryStatuses.${one}`)}
            </option>
          ))}
        </Select>
      }
    >
      {deliveries.error && !items ? (
        <ErrorNotice error={deliveries.error} onRetry={() => void deliveries.refetch()} />
      ) : (
        <div className="overflow-hidden rounded-lg border border-line bg-surface shadow-card">
          {items?.length === 0 ? (
            <EmptyState title={status ? t('noMatch') : t('noDeliveries')}>
              {!status && t('noDeliveriesText')}
            </EmptyState>
          ) : (
            <Table label={t('deliveries')}>
              <Head>
                <Th from="sm">{t('at')}</Th>
                <Th>{t('type')}</Th>
                <Th from="md" align="right">
                  {t('attempts')}
                </Th>
                <Th from="md">{t('lastAnswer')}</Th>
                <Th align="right">{t('status')}</Th>
              </Head>
              <tbody>
                {items?.map((delivery) => (
                  <Fragment key={delivery.id}>
                    <Row
                      delivery={delivery}
                      open={open === delivery.id}
                      onToggle={() => setOpen(open === delivery.id ? null : delivery.id)}
                    />
                    {open === delivery.id && (
                      <tr className="border-line border-b last:border-b-0">
                        <td colSpan={5} className="bg-sunken px-4 py-4 sm:px-5">
                          <DeliveryDetail webhookId={webhook.id} delivery={delivery} />
                        </td>
                      </tr>
                    )}
                  </Fragment>
                ))}
              </tbody>
            </Table>
          )}
        </div>
      )}
      <Pager
        cursor={cursor}
        nextCursor={deliveries.data?.next_cursor}
        onGo={(next) => url.set({ cursor: next }, 'push')}
      />
    </Section>
  );
}

interface RowProps {
  delivery: WebhookDelivery;
  open: boolean;
  onToggle: () => void;
}

function Row({ delivery, open, onToggle }: RowProps) {
  const t = useTranslations('webhooks');
  const format = useFormat();
  const { tone, icon: StatusIcon } = STATUSES[delivery.status];
  const last = delivery.attempts.at(-1);
  return (
    <Tr>
      <Td from="sm" className="text-muted">
        <Time at={delivery.created_at} style="seconds" />
      </Td>
      <Td>
        <button type="button" aria-expanded={open} onClick={onToggle} className="rounded-sm text-left hover:underline">
          <code className="break-all font-mono text-xs">{delivery.type}</code>
        </button>
        <span className="block text-muted text-xs sm:hidden">
          <Time at={delivery.created_at} style="seconds" />
        </span>
      </Td>
      <Td from="md" align="right" className="tnum">
        {format.count(delivery.attempts.length)}
      </Td>
      <Td from="md" className="text-muted">
        {last ? <AttemptOutcome attempt={last} /> : '—'}
      </Td>
      <Td align="right">
        <Badge tone={tone} icon={<StatusIcon className="size-3" />}>
          {t(`deliveryStatuses.${delivery.status}`)}
        </Badge>
      </Td>
    </Tr>
  );
}
