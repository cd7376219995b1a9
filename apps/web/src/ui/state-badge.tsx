'use client';
import { WORKLOAD_STATE_FACTS, type WorkloadState } from '@suanxiang/domain/workload-state';
import { CircleAlert, CirclePause, CirclePlay, CircleSlash2, CircleX, Hourglass, type LucideIcon } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Badge } from './badge';
import { Spinner } from './spinner';

/** One icon for every state; a state without one does not compile. Transitional states turn. */
export const STATE_ICONS: Record<WorkloadState, LucideIcon | 'spinner'> = {
  queued: Hourglass,
  provisioning: 'spinner',
  running: CirclePlay,
  stopping: 'spinner',
  stopped: CirclePause,
  starting: 'spinner',
  interrupted: CircleAlert,
  failed: CircleX,
  terminating: 'spinner',
  terminated: CircleSlash2,
};

/** State = colour + icon + word. */
export function StateBadge({ state }: { state: WorkloadState }) {
  const t = useTranslations('workload.states');
  const Icon = STATE_ICONS[state];
  return (
    <Badge
      tone={WORKLOAD_STATE_FACTS[state].tone}
      icon={Icon === 'spinner' ? <Spinner className="size-3" /> : <Icon className="size-3" strokeWidth={2.25} />}
    >
      {t(state)}
    </Badge>
  );
}
