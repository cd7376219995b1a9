'use client';
import { ERROR_CATALOGUE, type ErrorCode } from '@suanxiang/domain/errors';
import { useTranslations } from 'next-intl';
import { useFormat } from '@/lib/use-format';
import { Button } from './button';
import { CopyButton } from './copy';
import { Notice } from './notice';
import type { ProblemNoticeProps } from './problem';

/** What went wrong, in the reader's language: title of the catalogue, the case's own detail and how to go on. */
export default function ProblemNotice({ problem, onRetry, action, className }: ProblemNoticeProps) {
  const t = useTranslations('problem');
  const format = useFormat();
  const entry = ERROR_CATALOGUE[problem.code as ErrorCode];
  const title = problem.status === 0 ? t('network') : entry ? format.text(entry.title) : problem.title;
  return (
    <Notice
      tone={problem.status === 402 || problem.status === 409 ? 'warning' : 'danger'}
      title={title}
      live
      {...(className ? { className } : {})}
      action={
        (onRetry || action) && (
          <>
            {onRetry && (
              <Button size="sm" onClick={onRetry}>
                {t('retry')}
              </Button>
            )}
            {action}
          </>
        )
      }
    >
      {problem.detail && problem.detail !== title && <p>{problem.detail}</p>}
      {problem.suggestion && <p className="mt-1">{problem.suggestion}</p>}
      {problem.request_id && (
        <p className="mt-1 flex items-center gap-1 text-subtle text-xs">
          {t('requestId')} <code className="font-mono">{problem.request_id}</code>
          <CopyButton text={problem.request_id} />
        </p>
      )}
    </Notice>
  );
}
