import type { StatusReason } from '@suanxiang/db/transition';
import type { DriverFault } from '@suanxiang/hal/driver';

/** Sentences for tenants, in both languages, with stable codes. Vendor codes stand beside, never instead. */
const TEXT = {
  boot_failed: { en: 'The operating system did not start.', zh: '操作系统启动失败。' },
  image_pull_failed: { en: 'The image could not be pulled.', zh: '镜像拉取失败。' },
  device_fault: { en: 'An accelerator failed.', zh: '加速卡发生故障。' },
  host_loss: { en: 'The host was lost.', zh: '宿主机失联。' },
  workload_exited: { en: 'The workload ended by itself.', zh: '负载自行退出。' },
  allocation_lost: { en: 'The machine is no longer known to the fleet.', zh: '机群中已找不到该机器。' },
  verification_failed: {
    en: 'The machine came up with other accelerators than the ones assigned.',
    zh: '机器启动后的加速卡与分配的不一致。',
  },
  refused: { en: 'The fleet refused the request.', zh: '机群拒绝了该请求。' },
  no_capacity_on_node: { en: 'The node had no room after all.', zh: '节点实际上没有空余容量。' },
  step_deadline: { en: 'It took too long and was given up.', zh: '耗时过长，已放弃。' },
  operation_deadline: { en: 'The operation did not finish in time.', zh: '操作未能按时完成。' },
  placed_too_often: {
    en: 'Several nodes refused it one after another.',
    zh: '先后多个节点拒绝了该请求。',
  },
} as const satisfies Record<string, { en: string; zh: string }>;

export type ReasonCode = keyof typeof TEXT;

/** A reason by its code, with an optional detail in brackets (an engine's words; the same in both languages). */
export function reason(code: ReasonCode, detail?: string | null): StatusReason {
  const text = TEXT[code];
  return { code, en: detail ? `${text.en} (${detail})` : text.en, zh: detail ? `${text.zh}（${detail}）` : text.zh };
}

function isReasonCode(code: string): code is ReasonCode {
  return Object.hasOwn(TEXT, code);
}

/** What tenants read about a fault of the fleet. */
export function faultReason(fault: DriverFault | null): StatusReason {
  if (!fault) return reason('boot_failed');
  const detail = fault.vendorCode ?? null;
  return isReasonCode(fault.kind)
    ? reason(fault.kind, detail)
    : { ...reason('boot_failed', fault.message), code: fault.kind };
}

/** Faults of the machine rather than of what runs on it: another node may do better. */
export function isMachineFault(fault: DriverFault | null): boolean {
  return fault?.kind === 'host_loss' || fault?.kind === 'device_fault';
}
