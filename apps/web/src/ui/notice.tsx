import type { ReactNode } from 'react';
import { cx } from '@/lib/cx';
import { CircleAlert, CircleCheck, Info, TriangleAlert } from '@/ui/icons';
import type { Tone } from './badge';

const STYLES: Record<Tone, { box: string; icon: ReactNode }> = {
  neutral: { box: 'border-line bg-sunken', icon: <Info className="text-muted" /> },
  info: { box: 'border-accent/25 bg-accent-soft', icon: <Info className="text-accent" /> },
  success: { box: 'border-success/25 bg-success-soft', icon: <CircleCheck className="text-success" /> },
  warning: { box: 'border-warning/30 bg-warning-soft', icon: <TriangleAlert className="text-warning" /> },
  danger: { box: 'border-danger/30 bg-danger-soft', icon: <CircleAlert className="text-danger" /> },
};

interface NoticeProps {
  tone?: Tone;
  title?: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  className?: string;
  /** Read out as soon as it appears. */
  live?: boolean;
}

/** A message in the page. */
export function Notice({ tone = 'neutral', title, children, action, className, live }: NoticeProps) {
  const style = STYLES[tone];
  return (
    <div
      className={cx('flex gap-3 rounded-lg border px-3.5 py-3 text-sm', style.box, className)}
      {...(live ? { role: 'alert' } : {})}
    >
      <span className="mt-0.5 shrink-0 [&>svg]:size-4">{style.icon}</span>
      <div className="flex min-w-0 flex-1 flex-wrap items-center justify-between gap-x-4 gap-y-2.5">
        <div className="min-w-0 max-w-prose">
          {title && <p className="font-medium">{title}</p>}
          {children && <div className={cx('text-muted', Boolean(title) && 'mt-0.5')}>{children}</div>}
        </div>
        {action && <div className="flex flex-wrap gap-2">{action}</div>}
      </div>
    </div>
  );
}
