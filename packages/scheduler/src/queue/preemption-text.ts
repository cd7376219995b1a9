import type { Reason } from '../types';
import type { Preemption, Victim } from './types';

const KINDS: Record<Preemption['kind'], { en: string; zh: string }> = {
  priority: { en: 'for work of higher priority', zh: '以便更高优先级的任务运行' },
  reclaim: { en: 'so that a guaranteed quota can be used by its owner', zh: '以便配额的所有者收回其保证配额' },
  reservation: { en: 'because a reservation is about to begin', zh: '因预留即将开始' },
  maintenance: { en: 'because maintenance is about to begin', zh: '因维护即将开始' },
};

/** Why work must go, for its owner. */
export function preemptionText(kind: Preemption['kind'], victims: readonly Victim[]): Reason {
  const lostS = victims.reduce((sum, one) => sum + one.lostDeviceS, 0);
  const hours = (lostS / 3_600).toFixed(1);
  const words = KINDS[kind];
  return {
    code: `preempted.${kind}`,
    en: `Ends ${victims.length} piece(s) of work ${words.en}. No choice with less loss was possible: ${hours} accelerator-hours since the last checkpoint.`,
    zh: `结束 ${victims.length} 个任务，${words.zh}。已选择损失最小的方案：自上次检查点以来 ${hours} 卡时。`,
  };
}
