import { domainsOf } from '../calendar/together';
import type { FleetPort } from '../queue/fleet-port';
import type { PlacementRequest } from '../types';
import type { Candidate } from './candidates';

/**
 * Whether a request would fit by the number of open devices of each node, given victims. Cheaper than placing; a real
 * placement confirms the result in the end.
 */
export class Room {
  readonly perNode: number;
  readonly nodes: number;
  /** Open devices and victims' devices by entry that victims touch: pairs of candidate and devices. */
  readonly gains = new Map<number, { candidate: number; devices: number }[]>();
  readonly domain: Int32Array;
  /** Entries of each domain that fit without victims. */
  readonly fitting = new Map<number, number>();

  constructor(
    readonly port: FleetPort,
    ask: PlacementRequest,
    readonly candidates: readonly Candidate[],
  ) {
    this.perNode = ask.gpusPerNode;
    this.nodes = ask.nodeCount;
    this.domain = domainsOf(port, ask).whole;
    const filter = port.filterOf(ask);
    const mayUse = (entry: number) => port.isAvailable(entry) && filter.couldPass(entry);
    for (const entry of port.poolOf(ask)?.entries ?? []) {
      if (!mayUse(entry) || port.openCount(entry) < this.perNode) continue;
      this.fitting.set(this.domain[entry]!, (this.fitting.get(this.domain[entry]!) ?? 0) + 1);
    }
    candidates.forEach((candidate, at) => {
      const counts = new Map<number, number>();
      for (const device of candidate.devices) {
        const entry = port.entryOfDevice[device]!;
        if (mayUse(entry) && port.isUsable(device)) counts.set(entry, (counts.get(entry) ?? 0) + 1);
      }
      for (const [entry, devices] of counts) {
        const gains = this.gains.get(entry);
        if (gains) gains.push({ candidate: at, devices });
        else this.gains.set(entry, [{ candidate: at, devices }]);
      }
    });
  }

  /** Devices missing on an entry once the chosen candidates are gone; 0 or less when it fits. */
  missing(entry: number, chosen: (candidate: number) => boolean): number {
    let missing = this.perNode - this.port.openCount(entry);
    for (const gain of this.gains.get(entry) ?? []) if (chosen(gain.candidate)) missing -= gain.devices;
    return missing;
  }

  /** Fits in some domain once the chosen candidates are gone. */
  fits(chosen: (candidate: number) => boolean): boolean {
    const more = new Map<number, number>();
    for (const entry of this.gains.keys()) {
      if (this.port.openCount(entry) >= this.perNode || this.missing(entry, chosen) > 0) continue;
      more.set(this.domain[entry]!, (more.get(this.domain[entry]!) ?? 0) + 1);
    }
    for (const [domain, count] of more) if (count + (this.fitting.get(domain) ?? 0) >= this.nodes) return true;
    return [...this.fitting.values()].some((count) => count >= this.nodes);
  }
}
