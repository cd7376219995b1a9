import { fits, freeMilli, isShare, type TaskShape, tightestDevices } from '../fragmentation/node-room';
import type { Choice, Chooser } from './chooser';
import type { ReplayCluster } from './cluster';

/** Tasks that ask for the same kind of accelerators; null for none. */
function kindOf(task: TaskShape): string | null {
  if (task.deviceCount === 0) return null;
  return isShare(task) ? 'share' : `${task.deviceCount}`;
}

/** Tasks of one kind go together: nodes that run only this kind, then this among others, then none, then others. */
export class ClusteringChooser implements Chooser {
  readonly #kinds = new Map<number, Set<string>>();

  choose(cluster: ReplayCluster, task: TaskShape): Choice | null {
    const kind = kindOf(task);
    let best = -1;
    let bestScore = -1;
    cluster.stateOf.forEach((state, node) => {
      const resources = cluster.states[state]!;
      if (!fits(resources, task)) return;
      const score =
        kind === null ? 0 : this.#tier(node, kind) + Math.trunc((25 * (8_000 - freeMilli(resources))) / 8_000);
      if (score > bestScore) [best, bestScore] = [node, score];
    });
    if (best < 0) return null;
    if (kind !== null) this.#kinds.set(best, (this.#kinds.get(best) ?? new Set()).add(kind));
    return { node: best, devices: tightestDevices(cluster.states[cluster.stateOf[best]!]!, task) };
  }

  #tier(node: number, kind: string): number {
    const kinds = this.#kinds.get(node);
    if (!kinds) return 25;
    if (!kinds.has(kind)) return 0;
    return kinds.size === 1 ? 75 : 50;
  }
}
