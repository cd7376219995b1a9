import type { Hold } from '../calendar/calendar';
import { type Round, seesOf } from './round-context';
import { spanOf } from './spans';
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
  const fitsSeeing = (only: (hold: Hold) => boolean): boolean => {
    gate.openFor(pool.id, span, (hold) => sees(hold) && only(hold));
    return port.tryPlace(request.ask) !== null;
  };
  if (fitsSeeing(() => false)) {
    return fitsSeeing((hold) => hold.kind === 'plan' || hold.kind === 'claim')
      ? 'reserved_for_others'
      : 'promised_to_others';
  }
  gate.openFor(pool.id, span, sees);
  const inPool = round.taken.filter((one) => port.poolOf(one.request.ask)?.id === pool.id);
  const higher = inPool.filter((one) => one.request.priority > request.priority);
  const fitsBefore = (others: typeof inPool): boolean =>
    others.length > 0 &&
    port.pretend(() => {
      for (const one of others) port.give(one.devices);
      return port.tryPlace(request.ask) !== null;
    });
  if (fitsBefore(higher)) return 'priority';
  if (fitsBefore(inPool)) return 'fair_share';
  gate.openFor(pool.id, span, () => false);
  return port.refusal(request.ask).binding;
}
