'use client';
import { useTranslations } from 'next-intl';
import { Fragment } from 'react';
import { useApi } from '@/api/hooks';
import type { OperatorMail } from '@/api/types';
import { useUrlState } from '@/features/list/use-url-state';
import { useFormat } from '@/lib/use-format';
import { Badge, type Tone } from '@/ui/badge';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { Select } from '@/ui/field';
import { CircleCheck, CircleX, Clock, type Icon, Mail } from '@/ui/icons';
import { Notice } from '@/ui/notice';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';
import { MailDetail } from './mail-detail';

type Status = OperatorMail['status'];
const STATUSES: Record<Status, { tone: Tone; icon: Icon }> = {
  pending: { tone: 'info', icon: Clock },
  sent: { tone: 'success', icon: CircleCheck },
  kept: { tone: 'neutral', icon: Mail },
  failed: { tone: 'danger', icon: CircleX },
};
const ORDER = Object.keys(STATUSES) as Status[];

/** The mail outbox: what went out, what waits, what was given up, and without a mail server what mails look like. */
export function MailsPage() {
  const t = useTranslations('mails');
  const common = useTranslations('common');
  const url = useUrlState();
  const mails = useApi('operatorMails', {}, { pollMs: 5_000 });
  const status = ORDER.find((one) => one === url.get('status'));
  const open = url.get('mail');
  const items = mails.data?.items.filter((mail) => !status || mail.status === status);
  const kept = mails.data?.items.some((mail) => mail.status === 'kept') ?? false;
  return (
    <>
      <PageHeader
        title={t('title')}
        description={t('description')}
        actions={
          <Select
            className="w-44"
            aria-label={t('filter')}
            value={status ?? ''}
            onChange={({ target }) => url.set({ status: target.value || null })}
          >
            <option value="">{common('all')}</option>
            {ORDER.map((one) => (
              <option key={one} value={one}>
                {t(`statuses.${one}`)}
              </option>
            ))}
          </Select>
        }
      />
      {kept && (
        <Notice tone="info" className="mb-4" title={t('keptTitle')}>
          {t('keptText')}
        </Notice>
      )}
      {mails.error && !items ? (
        <ErrorNotice error={mails.error} onRetry={() => void mails.refetch()} />
      ) : (
        <Card flush className="overflow-hidden">
          {items?.length === 0 ? (
            <EmptyState icon={<Mail />} title={status ? t('noMatch') : t('emptyTitle')}>
              {!status && t('emptyText')}
            </EmptyState>
          ) : (
            <Table label={t('title')}>
              <Head>
                <Th>{t('mail')}</Th>
                <Th from="sm">{t('created')}</Th>
                <Th from="lg">{t('language')}</Th>
                <Th from="md" align="right">
                  {t('attempts')}
                </Th>
                <Th align="right">{t('status')}</Th>
              </Head>
              <tbody>
                {items?.map((mail) => (
                  <Fragment key={mail.id}>
                    <Row
                      mail={mail}
                      open={open === mail.id}
                      onToggle={() => url.set({ mail: open === mail.id ? null : mail.id })}
                    />
                    {open === mail.id && (
                      <tr className="border-line border-b last:border-b-0">
                        <td colSpan={5} className="bg-sunken px-4 py-4 sm:px-5">
                          <MailDetail mail={mail} />
                        </td>
                      </tr>
                    )}
                  </Fragment>
                ))}
              </tbody>
            </Table>
          )}
        </Card>
      )}
    </>
  );
}

interface RowProps {
  mail: OperatorMail;
  open: boolean;
  onToggle: () => void;
}

function Row({ mail, open, onToggle }: RowProps) {
  const t = useTranslations('mails');
  const format = useFormat();
  const { tone, icon: StatusIcon } = STATUSES[mail.status];
  const key = `templates.${mail.template}` as 'templates.invitation';
  return (
    <Tr className="h-14">
      <Td className="max-w-0 sm:max-w-80">
        <button
          type="button"
          aria-expanded={open}
          onClick={onToggle}
          className="block max-w-full truncate rounded-sm text-left font-medium hover:underline"
        >
          {t.has(key) ? t(key) : mail.template}
        </button>
        <span className="block truncate text-muted text-xs">{mail.to}</span>
      </Td>
      <Td from="sm" className="text-muted">
        <Time at={mail.created_at} style="seconds" />
      </Td>
      <Td from="lg" className="text-muted">
        {t(`languages.${mail.locale}`)}
      </Td>
      <Td from="md" align="right" className="tnum">
        {format.count(mail.attempts)}
      </Td>
      <Td align="right">
        <Badge tone={tone} icon={<StatusIcon className="size-3" />}>
          {t(`statuses.${mail.status}`)}
        </Badge>
      </Td>
    </Tr>
  );
}
