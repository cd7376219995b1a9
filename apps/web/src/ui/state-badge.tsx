'use client';
import { WORKLOAD_STATE_FACTS, type WorkloadState } from '@suanxiang/domain/workload-state';
import { useTranslations } from 'next-intl';
import {
  CircleAlert,
  CircleDot,
  CirclePause,
  CirclePlay,
  CircleSlash2,
  CircleX,
  Hourglass,
  type Icon,
} from '@/ui/icons';
import { Badge } from './badge';
import { Spinner } from './spinner';

/** One icon for every state; a state without one does not compile. Transitional states turn. */
export const STATE_ICONS: Record<WorkloadState, Icon | 'spinner'> = {
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

interface StateBadgeProps {
  state: WorkloadState;
  /** The state is history: nothing turns. */
  past?: boolean;
}

/** State = colour + icon + word. */
export function StateBadge({ state, past = false }: StateBadgeProps) {
  const t = useTranslations('workload.states');
  const icon = STATE_ICONS[state];
  const Icon = icon === 'spinner' && past ? CircleDot : icon;
  return (
    <Badge
      tone={WORKLOAD_STATE_FACTS[state].tone}
      icon={Icon === 'spinner' ? <Spinner className="size-3" /> : <Icon className="size-3" strokeWidth={2.25} />}
    >
      {t(state)}
    </Badge>
  );
}
