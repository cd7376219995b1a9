import type { Hold } from '../calendar/calendar';
import { type Round, seesOf } from './round-context';
import { spanOf } from './spans';
import { placeOpen } from './take-turn';
import type { QueueBinding, QueuedRequest } from './types';

/**
 * What keeps a request of no quota's waiting: others that went before it in this round (`priority`, `fair_share`); what is held
 * for others; or the fleet itself, in the words of the placement engine.
 */
export function bindingFor(round: Round, request: QueuedRequest): QueueBinding {
  const { port, gate, input } = round;
  const pool = port.poolOf(request.ask);
  if (!pool) return 'model_not_offered';
  const span = spanOf(request, input.policy);
  const sees = seesOf(request);
  const fitsSeeing = (only: (hold: Hold) => boolean): boolean =>
    placeOpen(round, request, span, (hold) => sees(hold) && only(hold)) !== null;
  if (fitsSeeing(() => false)) {
    return fitsSeeing((hold) => hold.kind === 'plan' || hold.kind === 'claim')
      ? 'reserved_for_others'
      : 'promised_to_others';
  }
  for (const one of port.poolsOf(request.ask)) gate.openFor(one.id, span, sees);
  const inPool = round.taken.filter((one) => port.poolOf(one.request.ask)?.id === pool.id);
  const higher = inPool.filter((one) => one.request.priority > request.priority);
  const fitsBefore = (others: typeof inPool): boolean =>
    others.length > 0 &&
    port.pretend(() => {
      for (const one of others) port.release(one.nodes);
      return port.tryPlace(request.ask) !== null;
    });
  if (fitsBefore(higher)) return 'priority';
  if (fitsBefore(inPool)) return 'fair_share';
  for (const one of port.poolsOf(request.ask)) gate.openFor(one.id, span, () => false);
  // It would take both: nothing held for others, and others not served before it.
  if (fitsBefore(inPool)) return 'fair_share';
  return port.refusal(request.ask).binding;
}
