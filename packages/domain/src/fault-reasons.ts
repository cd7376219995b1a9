interface FaultReason {
  /** The machine, the fleet or its software failed: nothing that the tenant chose. */
  provider: boolean;
  en: string;
  zh: string;
}

const provider = (en: string, zh: string): FaultReason => ({ provider: true, en, zh });
const other = (en: string, zh: string): FaultReason => ({ provider: false, en, zh });

/**
 * Why operations fail and workloads end without being asked to, in sentences for tenants. A vendor's own code
 * stands beside the sentence, never instead.
 */
export const FAULT_REASONS = {
  boot_failed: provider('The operating system did not start.', '操作系统启动失败。'),
  device_fault: provider('An accelerator failed.', '加速卡发生故障。'),
  host_loss: provider('The host was lost.', '宿主机失联。'),
  allocation_lost: provider('The machine is no longer known to the fleet.', '机群中已找不到该机器。'),
  verification_failed: provider(
    'The machine came up with other accelerators than the ones assigned.',
    '机器启动后的加速卡与分配的不一致。',
  ),
  check_failed: provider('The machine did not pass its checks before hand-over.', '机器未通过交付前检查。'),
  refused: provider('The fleet refused the request.', '机群拒绝了该请求。'),
  no_capacity_on_node: provider('The node had no room after all.', '节点实际上没有空余容量。'),
  fault: provider('The machine failed.', '机器发生故障。'),
  image_pull_failed: other('The image could not be pulled.', '镜像拉取失败。'),
  workload_exited: other('The workload ended by itself.', '负载自行退出。'),
  step_deadline: other('It took too long and was given up.', '耗时过长，已放弃。'),
  operation_deadline: other('The operation did not finish in time.', '操作未能按时完成。'),
  placed_too_often: other('Several nodes refused it one after another.', '先后多个节点拒绝了该请求。'),
} as const satisfies Record<string, FaultReason>;

export type FaultCause = keyof typeof FAULT_REASONS;

const MARK = 'provider.';

/** The code that the API answers: faults of the provider are marked as such. */
function faultCode(cause: FaultCause): string {
  return FAULT_REASONS[cause].provider ? MARK + cause : cause;
}

/** The cause behind a code, as records of leases name it: without the mark. */
export function causeOfCode(code: string): string {
  return code.startsWith(MARK) ? code.slice(MARK.length) : code;
}

/** A cause as it is told, with an optional detail in brackets (an engine's words; the same in both languages). */
export function reasonOf(cause: FaultCause, detail?: string | null): { code: string; en: string; zh: string } {
  const { en, zh } = FAULT_REASONS[cause];
  return { code: faultCode(cause), en: detail ? `${en} (${detail})` : en, zh: detail ? `${zh}（${detail}）` : zh };
}
