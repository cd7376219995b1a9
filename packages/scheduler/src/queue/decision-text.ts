import type { Decision, Reason } from '../types';
import type { QueueDecision } from './types';

const TURNS: Record<QueueDecision['turn'], { en: string; zh: string }> = {
  reservation: { en: 'Runs on its reservation.', zh: '在其预留资源上运行。' },
  claim: { en: 'The capacity that was cleared for it is free.', zh: '为其腾出的容量已空闲。' },
  planned: { en: 'Its planned start has come.', zh: '已到计划的启动时间。' },
  fair_share: { en: 'It was next by priority and fair share.', zh: '按优先级与公平份额轮到该请求。' },
  backfill: {
    en: 'It fits beside the planned starts of those ahead without delaying any.',
    zh: '可在不推迟前方任何计划启动的情况下先行运行。',
  },
};

/** Why a request starts now and where: its turn, then the reason of the placement. */
export function decisionText(turn: QueueDecision['turn'], decision: Decision): Reason {
  const words = TURNS[turn];
  return {
    code: `${turn}.${decision.why.code}`,
    en: `${words.en} ${decision.why.en}`,
    zh: `${words.zh}${decision.why.zh}`,
  };
}
