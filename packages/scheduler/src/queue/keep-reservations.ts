import type { Calendar, Hold } from '../calendar/calendar';
import { bindReservation, firmCalendar } from '../reservations/bind';
import type { Decision } from '../types';
import { sendAway, victimOf } from './preempt-for';
import { preemptionText } from './preemption-text';
import type { Round } from './round-context';
import { start } from './take-turn';
import type { CapacityReservation, HeldNode, Preemption, QueuedRequest, ReservationBinding } from './types';

/** Gives reservations devices, and new ones in place of those that have failed. */
export function bindReservations(round: Round): ReservationBinding[] {
  const { input, calendar, port, gate } = round;
  const bindings: ReservationBinding[] = [];
  let firm: Calendar | null = null;
  const order = [...input.reservations].sort(
    (a, b) => a.fromS - b.fromS || (a.reservationId < b.reservationId ? -1 : 1),
  );
  for (const one of order) {
    if (one.toS <= input.nowS || (one.nodes !== null && isWhole(round, one.nodes))) continue;
    firm ??= firmCalendar(round);
    const nodes = bindReservation(firm, one, input.nowS);
    bindings.push({ reservationId: one.reservationId, nodes });
    if (!nodes) continue;
    const devices = port.numbersOf(nodes);
    for (const device of port.numbersOf(one.nodes ?? [])) {
      for (const hold of [...calendar.holdsOn(device)]) if (hold.owner === one.reservationId) calendar.remove(hold);
    }
    const { fromS, toS, reservationId: owner } = one;
    const hold: Hold = { kind: 'reservation', owner, fromS, toS, devices, band: Number.POSITIVE_INFINITY };
    calendar.add(hold);
    firm.add(hold);
    gate.watch(devices);
  }
  return bindings;
}

function isWhole(round: Round, nodes: readonly HeldNode[]): boolean {
  const named = nodes.reduce((sum, node) => sum + node.deviceIds.length, 0);
  const devices = round.port.numbersOf(nodes);
  return devices.length === named && devices.every((device) => round.port.isUsable(device));
}

/** Tells work to go whose devices a reservation or maintenance is about to need. Only preemptible work can be there. */
export function clearForHolds(round: Round): void {
  const { input } = round;
  const { nowS, policy } = input;
  const leadS = policy.preemption.graceS + policy.roundEveryS;
  for (const one of input.reservations) {
    if (one.nodes === null || one.toS <= nowS || one.fromS - leadS > nowS) continue;
    const devices = new Set(one.nodes.flatMap((node) => [...node.deviceIds]));
    clear(
      round,
      { reservationId: one.reservationId },
      'reservation',
      Math.max(one.fromS, nowS),
      (work) =>
        work.reservationId !== one.reservationId &&
        work.nodes.some((node) => node.deviceIds.some((id) => devices.has(id))),
    );
  }
  for (const one of input.maintenance) {
    if (one.toS <= nowS || one.fromS - leadS > nowS) continue;
    const nodes = new Set(one.nodeIds);
    clear(round, { windowId: one.windowId }, 'maintenance', Math.max(one.fromS, nowS), (work) =>
      work.nodes.some((node) => nodes.has(node.nodeId)),
    );
  }
}

function clear(
  round: Round,
  whom: Preemption['for'],
  kind: 'reservation' | 'maintenance',
  leaveAtS: number,
  isThere: (work: Round['running'][number][number]) => boolean,
): void {
  const { nowS } = round.input;
  const going = round.running
    .flat()
    .filter((work) => work.preemptible && work.leavingAtS === null && isThere(work))
    .filter((work) => work.limitEndS === null || work.limitEndS > leaveAtS);
  if (going.length === 0) return;
  const victims = going.map((work) => victimOf(work, nowS, leaveAtS));
  sendAway(round, going, leaveAtS);
  round.preemptions.push({ for: whom, kind, victims, reason: preemptionText(kind, victims) });
}

/** Starts a request on the devices of its reservation, which are its own while that lasts. */
export function startOnReservation(round: Round, request: QueuedRequest, reservation: CapacityReservation): boolean {
  const { port, input } = round;
  if (input.nowS < reservation.fromS || input.nowS >= reservation.toS || reservation.nodes === null) return false;
  const { nodeCount, gpusPerNode } = request.ask;
  const nodes: Decision['nodes'] = [];
  for (const held of reservation.nodes) {
    if (nodes.length === nodeCount) break;
    const free = port.numbersOf([held]).filter((device) => isOpen(round, device));
    if (free.length < gpusPerNode) continue;
    const [part] = port.nodesOf(free.slice(0, gpusPerNode));
    nodes.push({ rank: nodes.length, nodeId: part!.nodeId, deviceIds: [...part!.deviceIds] });
  }
  if (nodes.length < nodeCount) return false;
  start(round, request, onReservation(round, request, nodes), 'reservation');
  return true;
}

/** Its present holder, if any, is gone, and it works. */
function isOpen(round: Round, device: number): boolean {
  const { port, calendar } = round;
  return (
    calendar.freeAtS[device] === Number.NEGATIVE_INFINITY &&
    port.isUsable(device) &&
    port.isAvailable(port.entryOfDevice[device]!)
  );
}

function onReservation(round: Round, request: QueuedRequest, nodes: Decision['nodes']): Decision {
  const { port } = round;
  const entries = nodes.map((node) => port.entryOfDevice[port.numbersOf([node])[0]!]!);
  const distinct = (domain: Int32Array) => new Set(entries.map((entry) => domain[entry])).size;
  return {
    placed: true,
    requestId: request.requestId,
    modelId: request.ask.modelId,
    zoneId: port.state.nodeOf(entries[0]!).zoneId,
    nodes,
    spans: { spines: distinct(port.spine), leaves: distinct(port.leaf), racks: distinct(port.state.tables.rack) },
    why: { code: 'reserved', en: 'These accelerators were reserved for it.', zh: '这些加速卡已为其预留。' },
  };
}
