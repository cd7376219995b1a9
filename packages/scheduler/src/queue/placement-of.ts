import { fragmentationPolicy, mixOfRequests } from '../placement/fragmentation-policy';
import { bestFit, type PlacementPolicy } from '../policy';
import type { PlacementRequest } from '../types';
import type { QueueRoundInput } from './types';

/** Requests by which the mix of work is judged; of more than these, evenly spread ones. */
const MOST_JUDGED = 2_000;

/** The placement policy of a round: the operator's choice, with the mix of what runs and waits. */
export function placementOf({ policy, running, pending }: QueueRoundInput): PlacementPolicy {
  if (policy.placement !== 'fragmentation') return bestFit;
  const count = running.length + pending.length;
  const step = Math.max(1, Math.ceil(count / MOST_JUDGED));
  const judged: PlacementRequest[] = [];
  for (let at = 0; at < count; at += step) judged.push((running[at] ?? pending[at - running.length]!).ask);
  return fragmentationPolicy(mixOfRequests(judged));
}
