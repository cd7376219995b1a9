import type { Bilingual } from '@suanxiang/domain/locale';
import type { Vendor } from '../vendors/shared/reading';

export const SEVERITIES = ['info', 'degraded', 'drain', 'failed'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What a fault code means and what follows from it. */
export interface FaultEntry {
  /** The vendor whose code it is; null for conditions that any device can be in. */
  vendor: Vendor | null;
  code: string;
  meaning: Bilingual;
  severity: Severity;
  /** Where meaning and severity come from. */
  source: string;
}

/** What each severity asks for. A tenant pays only for seconds that were delivered. */
export const SEVERITY_FACTS = {
  info: {
    act: { en: 'write it down', zh: '仅记录' },
    drains: false,
    tenantPays: true,
  },
  degraded: {
    act: { en: 'keep, watch, last choice for new work', zh: '继续使用并观察，新任务最后才选' },
    drains: false,
    tenantPays: true,
  },
  drain: {
    act: { en: 'let the work finish, then take it out', zh: '现有任务结束后下线' },
    drains: true,
    tenantPays: false,
  },
  failed: {
    act: { en: 'stop delivering now, replace', zh: '立即停止交付并更换' },
    drains: true,
    tenantPays: false,
  },
} as const satisfies Record<Severity, { act: Bilingual; drains: boolean; tenantPays: boolean }>;
