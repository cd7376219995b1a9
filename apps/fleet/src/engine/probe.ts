import type { ProbeFinding, ProbeReport } from '@suanxiang/hal/driver';
import { sentinelOf } from './sentinels';
import type { Allocation, State } from './state';

const CLOCK_OFF_MS = 3_600_000;

/** True where another machine has been tried and given back under this name before. */
function wasTriedBefore(state: State, allocation: Allocation): boolean {
  return state.terminated.some(({ spec }) => spec.name === allocation.spec.name);
}

/** What a check of a machine finds: everything in order, but for what the allocation's name asks for. */
export function probeReport(state: State, allocation: Allocation): ProbeReport {
  const { spec } = allocation;
  const sentinel = sentinelOf(spec);
  const first = spec.deviceIds[0] ?? null;
  const computes =
    sentinel !== 'sim-probe-fail' && !(sentinel === 'sim-probe-once' && !wasTriedBefore(state, allocation));
  const lost = sentinel === 'sim-probe-count' ? 1 : 0;
  const finding = (
    check: ProbeFinding['check'],
    deviceId: string | null,
    passed: boolean,
    code: string,
    detail: string,
  ): ProbeFinding => ({ check, deviceId, passed, code: passed ? null : code, detail });
  const findings = [
    finding(
      'device_count',
      lost > 0 ? first : null,
      lost === 0,
      'count-low',
      `${spec.deviceIds.length - lost} of ${spec.deviceIds.length} devices answer`,
    ),
    ...spec.deviceIds.map((id) => finding('memory', id, true, 'memory-low', 'all of its memory is there (simulated)')),
    ...spec.deviceIds.map((id) => {
      const right = computes || id !== first;
      return finding(
        'compute',
        id,
        right,
        'compute-wrong',
        right ? 'the product is right (simulated)' : 'the product is wrong',
      );
    }),
    ...spec.deviceIds.map((id) => {
      const up = sentinel !== 'sim-probe-links' || id !== first;
      return finding('links', id, up, 'link-down', up ? 'all links are up (simulated)' : 'one link is down');
    }),
  ];
  return { clockMs: state.nowMs + (sentinel === 'sim-probe-clock' ? CLOCK_OFF_MS : 0), findings };
}
