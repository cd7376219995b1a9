import type { AllocationView } from '@suanxiang/hal/driver';
import type { Allocation, StoredAnswer } from '../state/model';
import type { NodeContext } from './node';

/** The parts of a view that change, as they are now. */
export function answerOf({ state, phase, startedAtMs, stoppedAtMs, fault }: Allocation): StoredAnswer {
  return { state, phase, startedAtMs, stoppedAtMs, fault };
}

/** View of an allocation; `answer` shows it as it was answered before. */
export function viewOf(ctx: NodeContext, allocation: Allocation, answer = answerOf(allocation)): AllocationView {
  const { nodeId, deviceIds } = allocation.spec;
  const reachable = answer.state === 'running' || answer.state === 'stopping';
  return {
    allocationId: allocation.id,
    nodeId,
    deviceIds,
    epoch: allocation.epoch,
    ...answer,
    ssh: reachable ? { host: ctx.address, port: allocation.port, user: 'root' } : null,
  };
}
