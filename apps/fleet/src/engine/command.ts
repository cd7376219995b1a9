import type { AllocationSpec, AllocationView, ProbeReport, ScrubEvidence } from '@suanxiang/hal/driver';
import type { Settings } from './settings';

/** Who calls: the parts of a CallContext that the engine keeps. */
interface Caller {
  key: string;
  epoch: number;
}

/** Everything that changes the fleet from outside. Journalled as it is, hence plain data with short names. */
export type Command =
  | ({ do: 'prepare'; spec: AllocationSpec } & Caller)
  | ({ do: 'start' | 'stop' | 'terminate'; id: string } & Caller)
  | ({ do: 'clock'; id: string; clockOffsetS: number } & Caller)
  | ({ do: 'scrub'; id: string } & Caller)
  | ({ do: 'probe'; id: string } & Caller)
  | { do: 'warn'; id: string; vendorCode: string; message: string }
  | { do: 'drain' | 'resume'; id: string }
  | { do: 'acknowledge'; zone: string; uptoSeq: number }
  | { do: 'settings'; settings: Settings }
  | { do: 'break' | 'repair'; target: 'node' | 'device' | 'allocation'; id: string };

/** What a command answers; null for those without an answer. */
export type Answer = AllocationView | ScrubEvidence | ProbeReport | null;

/** Outcome of a handler: `changed` decides whether the command must be kept. */
export interface Outcome {
  answer: Answer;
  changed: boolean;
}

const KEPT_ENVIRONMENT =
  /^(NNODES|NODE_RANK|NPROC_PER_NODE|WORLD_SIZE|MASTER_ADDR|MASTER_PORT|RANK_TABLE_FILE|[A-Z]+_SOCKET_IFNAME|SIM_PROFILE)$/;

/** A specification without what a simulated machine has no use for: keys, scripts and tenants' secrets stay off disk. */
export function reduceSpec(spec: AllocationSpec): AllocationSpec {
  const kept = Object.entries(spec.environment).filter(([name]) => KEPT_ENVIRONMENT.test(name));
  return { ...spec, sshPublicKeys: [], startupScript: null, files: undefined, environment: Object.fromEntries(kept) };
}
