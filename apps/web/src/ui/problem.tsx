'use client';
import type { Problem } from '@suanxiang/contract/schemas/problem';
import type { ReactNode } from 'react';
import { ApiError } from '@/api/browser-client';
import { lazily } from '@/lib/lazily';

/** What went wrong, said in the reader's language. Fetched when something does go wrong. */
export const ProblemNotice = lazily(() => import('./problem-notice'));

export interface ProblemNoticeProps {
  problem: Problem;
  onRetry?: () => void;
  action?: ReactNode;
  className?: string;
}

/** The problem document of an error, or one that says that the network failed. */
export function problemOfError(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem;
  return {
    type: 'about:blank',
    title: '',
    status: 0,
    code: 'unavailable',
    detail: '',
    request_id: '',
    retryable: true,
    suggestion: '',
    doc_url: '',
    errors: [],
  };
}

/** The same from a caught error. */
export function ErrorNotice({ error, ...rest }: Omit<ProblemNoticeProps, 'problem'> & { error: unknown }) {
  return <ProblemNotice problem={problemOfError(error)} {...rest} />;
}
