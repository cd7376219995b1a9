import { Calendar, type Hold } from '../calendar/calendar';
import { earliestStart } from '../calendar/earliest';
import type { Round } from '../queue/round-context';
import type { CapacityReservation, HeldNode } from '../queue/types';

/**
 * The future as reservations must see it: work ends when the platform ends it and not when it is expected to; work that
 * may be preempted gives way. The holds are those of the round: a reservation breaks no promise.
 */
export function firmCalendar(round: Pick<Round, 'port' | 'calendar' | 'input'>): Calendar {
  const { port, calendar, input } = round;
  const { graceS } = input.policy.preemption;
  const firm = new Calendar(port);
  for (const work of input.running) {
    const endS =
      work.leavingAtS ?? (work.preemptible ? input.nowS + graceS : (work.limitEndS ?? Number.POSITIVE_INFINITY));
    firm.occupy(port.numbersOf(work.nodes), endS);
  }
  for (let device = 0; device < port.deviceCount; device += 1) {
    const unknown = firm.freeAtS[device] === Number.NEGATIVE_INFINITY && !port.isFree(device);
    if (unknown) firm.freeAtS[device] = Number.POSITIVE_INFINITY;
  }
  for (const hold of calendar.holds()) firm.add(hold);
  return firm;
}

/**
 * Devices for a reservation: free of present work, other reservations, maintenance and planned starts from its first to
 * its last second. Null when there are none. Work that may be preempted is not counted as being in the way.
 */
export function bindReservation(calendar: Calendar, reservation: CapacityReservation, nowS: number): HeldNode[] | null {
  const fromS = Math.max(nowS, reservation.fromS);
  const lengthS = reservation.toS - fromS;
  if (lengthS <= 0) return null;
  const span = { softS: lengthS, hardS: lengthS };
  const others = (hold: Hold) => hold.owner !== reservation.reservationId;
  const found = earliestStart(calendar, reservation.ask, { afterS: fromS, untilS: fromS + 1, span, sees: others });
  return found ? calendar.port.nodesOf(found.devices) : null;
}
