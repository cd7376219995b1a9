import type { Bilingual } from '@suanxiang/domain/locale';
import { ASCEND_LEVEL_CODES, type AscendLevel } from './ascend-levels';
import type { FaultEntry, Severity } from './severity';

const SOURCE = 'https://gitcode.com/Ascend/mind-cluster (default fault code configuration of Container Manager 7.3)';

/** What MindCluster does at each level, and our severity for it. */
export const ASCEND_LEVELS: Record<AscendLevel, { severity: Severity; meaning: Bilingual }> = {
  NotHandleFault: { severity: 'info', meaning: { en: 'no effect on the work', zh: '对业务无影响' } },
  RestartRequest: { severity: 'degraded', meaning: { en: 'the request must be run again', zh: '需重新执行请求' } },
  RestartBusiness: { severity: 'degraded', meaning: { en: 'the work must be started again', zh: '需重新启动业务' } },
  FreeRestartNPU: { severity: 'drain', meaning: { en: 'reset when the device is free', zh: '设备空闲时复位' } },
  RestartNPU: { severity: 'failed', meaning: { en: 'reset at once', zh: '需立即复位' } },
  SeparateNPU: { severity: 'failed', meaning: { en: 'no reset helps, take it out', zh: '复位无法恢复，需隔离' } },
};

/** Names of the codes that matter most; the others are named by their level. */
const NAMES: Record<string, Bilingual> = {
  '80E01801': { en: 'Multi-bit ECC error of on-chip memory', zh: '片上内存多比特 ECC 错误' },
  '80E18402': { en: 'Multi-bit ECC errors, 64 rows isolated', zh: '多比特 ECC 错误，已隔离 64 行' },
  '80C98009': { en: 'Error of an AI core', zh: 'AI Core 执行错误' },
  '80CB8009': { en: 'Error of an AI vector core', zh: 'AI Vector 执行错误' },
  '80C9800A': { en: 'Time-out of an AI core', zh: 'AI Core 超时' },
  '80CB800A': { en: 'Time-out of an AI vector core', zh: 'AI Vector 超时' },
  '81078603': { en: 'The link of the network port is down', zh: '参数面网口链路断开' },
  '8C1F8608': { en: 'Completion error of the device network', zh: '设备侧网络 CQE 错误' },
  '4C1F8608': { en: 'Completion error of the host network', zh: '主机侧网络 CQE 错误' },
  '8C1F860B': { en: 'Collective communication was tried again', zh: '集合通信重执行' },
  '80818C05': { en: 'Stress test failed', zh: '压力测试失败' },
  '80818C06': { en: 'Stress test found a minor fault', zh: '压力测试发现轻微故障' },
  '80E21007': { en: 'The state of a device daemon is abnormal', zh: '设备守护进程状态异常' },
};

function describe(code: string, level: AscendLevel): Bilingual {
  const { meaning } = ASCEND_LEVELS[level];
  const name = NAMES[code] ?? { en: 'Fault of the processor', zh: '处理器故障' };
  return { en: `${name.en} (${level}: ${meaning.en})`, zh: `${name.zh}（${level}：${meaning.zh}）` };
}

/** Faults of Ascend processors, code by code. */
export const ASCEND_FAULTS: readonly FaultEntry[] = [...ASCEND_LEVEL_CODES].flatMap(([level, codes]) =>
  codes.map((code): FaultEntry => {
    const { severity } = ASCEND_LEVELS[level];
    return { vendor: 'ascend', code, severity, meaning: describe(code, level), source: SOURCE };
  }),
);
