import type { FleetPort } from '../queue/fleet-port';
import type { PlacementRequest } from '../types';
import type { EntryWindow } from './windows';

/** Where the nodes of a request must lie: all below one `whole`, and below each `part` no more than `mostPerPart`. */
export interface Domains {
  /** Number of the domain by entry. */
  whole: Int32Array;
  part: Int32Array | null;
  mostPerPart: number;
}

export function domainsOf(port: FleetPort, ask: PlacementRequest): Domains {
  const whole = { same_rack: port.rack, same_leaf: port.leaf, same_spine: port.spine }[ask.topology as string];
  if (ask.topologyPreferred || ask.topology !== 'spread') {
    return { whole: (!ask.topologyPreferred && whole) || port.zone, part: null, mostPerPart: Number.POSITIVE_INFINITY };
  }
  const { level, mostPerDomain } = ask.spread ?? { level: 'leaf', mostPerDomain: 1 };
  const part = { rack: port.rack, leaf: port.leaf, spine: port.spine }[level];
  return { whole: port.zone, part, mostPerPart: mostPerDomain };
}

/** Counts open entries by domain, those beyond what a part may give left out. */
class Tally {
  readonly #whole = new Map<number, number>();
  readonly #part = new Map<number, number>();

  constructor(readonly domains: Domains) {}

  /** Enters (1) or takes out (-1) an entry; returns what its whole domain can give then. */
  add(entry: number, by: 1 | -1): number {
    const { whole, part, mostPerPart } = this.domains;
    let counts = true;
    if (part) {
      const before = this.#part.get(part[entry]!) ?? 0;
      this.#part.set(part[entry]!, before + by);
      counts = by === 1 ? before < mostPerPart : before <= mostPerPart;
    }
    const count = (this.#whole.get(whole[entry]!) ?? 0) + (counts ? by : 0);
    this.#whole.set(whole[entry]!, count);
    return count;
  }
}

/** The first instant at which `need` entries of one domain are open together, with those open then in that domain. */
export function firstTogether(
  windows: EntryWindow[],
  domains: Domains,
  need: number,
): { atS: number; open: EntryWindow[] } | null {
  windows.sort((a, b) => a.fromS - b.fromS || a.entry - b.entry);
  const closing = windows.filter((window) => window.toS !== Number.POSITIVE_INFINITY).sort((a, b) => a.toS - b.toS);
  const tally = new Tally(domains);
  let closed = 0;
  for (const { fromS: atS, entry } of windows) {
    for (; closed < closing.length && closing[closed]!.toS < atS; closed += 1) tally.add(closing[closed]!.entry, -1);
    if (tally.add(entry, 1) < need) continue;
    const { whole } = domains;
    return {
      atS,
      open: windows.filter((one) => one.fromS <= atS && one.toS >= atS && whole[one.entry] === whole[entry]),
    };
  }
  return null;
}

/** Of each part no more open entries than it may give: those that open last. */
export function spreadFew(open: readonly EntryWindow[], { part, mostPerPart }: Domains): readonly EntryWindow[] {
  if (!part) return open;
  const counts = new Map<number, number>();
  return [...open]
    .sort((a, b) => b.fromS - a.fromS || a.entry - b.entry)
    .filter(({ entry }) => {
      const count = (counts.get(part[entry]!) ?? 0) + 1;
      counts.set(part[entry]!, count);
      return count <= mostPerPart;
    });
}
