import type { AllocationView } from '@suanxiang/hal/driver';
import { between, hashText } from '../topology/hash';
import type { Allocation, State, StoredAnswer } from './state';

/** The phase a boot is in. */
function phaseAt(state: State, allocation: Allocation): string | null {
  if (allocation.state !== 'starting' || !allocation.boot) return null;
  const { phases } = allocation.boot;
  const now = phases.find(([, endsAtMs]) => state.nowMs < endsAtMs) ?? phases.at(-1);
  return now?.[0] ?? null;
}

/** The parts of a view that change, as they are now. */
export function answerOf(state: State, allocation: Allocation): StoredAnswer {
  return {
    state: allocation.state,
    phase: phaseAt(state, allocation),
    startedAtMs: allocation.startedAtMs,
    stoppedAtMs: allocation.stoppedAtMs,
    fault: allocation.fault,
  };
}

/** View of an allocation; `answer` shows it as it was answered before. Nothing listens behind the SSH address. */
export function viewOf(state: State, allocation: Allocation, answer = answerOf(state, allocation)): AllocationView {
  const reachable = answer.state === 'running' || answer.state === 'stopping';
  const { nodeId, deviceIds } = allocation.spec;
  return {
    allocationId: allocation.id,
    nodeId,
    deviceIds,
    epoch: allocation.epoch,
    ...answer,
    ssh: reachable
      ? { host: `${nodeId}.sim.example`, port: between(hashText(allocation.id), 20_000, 59_999), user: 'root' }
      : null,
  };
}
