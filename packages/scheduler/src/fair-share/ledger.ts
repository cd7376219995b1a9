import type { DecayedUsage, ShareNode } from '../queue/types';
import { decayedUsage } from './usage';

/**
 * Keeps the remembered use of all nodes of a tree as work starts and ends: each change of what a path holds is entered once,
 * with its instant, and read out when a round needs it.
 */
export class UsageLedger {
  readonly #held = new Map<string, { share: number; usage: DecayedUsage }>();

  constructor(readonly halfLifeS: number) {}

  /** Enters that every node of a path holds this much more (or, negative, less) of the fleet from an instant on. */
  change(path: readonly string[], share: number, atS: number): void {
    for (const nodeId of path) {
      const one = this.#advance(nodeId, atS);
      one.share += share;
    }
  }

  #advance(nodeId: string, atS: number): { share: number; usage: DecayedUsage } {
    let one = this.#held.get(nodeId);
    if (!one) {
      one = { share: 0, usage: { valueS: 0, atS } };
      this.#held.set(nodeId, one);
    }
    one.usage = decayedUsage(one.usage, one.share, atS, this.halfLifeS);
    return one;
  }

  usageOf(nodeId: string, atS: number): DecayedUsage {
    return this.#advance(nodeId, atS).usage;
  }

  shareOf(nodeId: string): number {
    return this.#held.get(nodeId)?.share ?? 0;
  }

  /** Nodes of a tree with their remembered use at an instant. */
  refreshed(shares: readonly ShareNode[], atS: number): ShareNode[] {
    return shares.map((node) => ({ ...node, usage: this.usageOf(node.nodeId, atS) }));
  }
}
