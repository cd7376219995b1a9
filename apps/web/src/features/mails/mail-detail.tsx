'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApiMutation } from '@/api/hooks';
import type { OperatorMail } from '@/api/types';
import { Button } from '@/ui/button';
import { CodeBlock } from '@/ui/code-block';
import { RotateCw } from '@/ui/icons';
import { MonoId } from '@/ui/mono-id';
import { Notice } from '@/ui/notice';
import { ErrorNotice } from '@/ui/problem';
import { Segmented } from '@/ui/segmented';
import { notify } from '@/ui/toast';

/** One mail: both of its parts where they may be read, or why it did not go out and how to try again. */
export function MailDetail({ mail }: { mail: OperatorMail }) {
  const t = useTranslations('mails');
  const retry = useApiMutation('operatorRetryMail', ['operatorMails']);
  const act = () => retry.mutate({ params: { mail_id: mail.id } }, { onSuccess: () => notify(t('retried')) });
  return (
    <div className="space-y-4 text-sm">
      <MonoId id={mail.id} full />
      {mail.last_error && (
        <Notice
          tone={mail.status === 'failed' ? 'danger' : 'warning'}
          title={t('lastError', { error: mail.last_error })}
          action={
            mail.status === 'failed' && (
              <Button size="sm" busy={retry.isPending} onClick={act}>
                <RotateCw className="size-3.5" />
                {t('retry')}
              </Button>
            )
          }
        >
          {mail.status === 'failed' ? t('failedText') : t('pendingText')}
        </Notice>
      )}
      {retry.error && <ErrorNotice error={retry.error} />}
      {mail.subject !== null && mail.html !== null && mail.text !== null ? (
        <Parts subject={mail.subject} html={mail.html} text={mail.text} />
      ) : (
        <p className="text-muted">{t('unreadable')}</p>
      )}
    </div>
  );
}

function Parts({ subject, html, text }: { subject: string; html: string; text: string }) {
  const t = useTranslations('mails');
  const [part, setPart] = useState<'html' | 'text'>('html');
  return (
    <div>
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <p className="min-w-0 font-medium">{subject}</p>
        <Segmented
          label={t('part')}
          value={part}
          onChange={setPart}
          options={[
            { value: 'html', label: 'HTML' },
            { value: 'text', label: t('plain') },
          ]}
        />
      </div>
      {part === 'html' ? (
        // Nothing of a mail runs or loads here; its links open elsewhere.
        <iframe
          title={t('preview', { subject })}
          srcDoc={html}
          sandbox="allow-popups"
          className="h-96 w-full rounded-md border border-line bg-white"
        />
      ) : (
        <CodeBlock code={text} label={t('copyText')} className="bg-surface" wrap />
      )}
    </div>
  );
}
