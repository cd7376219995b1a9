import type { ClassPolicy } from '../policy';
import type { NodeClass, NodeClasses } from '../state/node-class';
import { pickOf } from './pick-devices';

const WIDTH = 66;
const cache = new WeakMap<NodeClasses, Map<ClassPolicy, ClassScores>>();

/** Scores of a policy by class and number of devices (in one island or not), each worked out once. Infinity: it has none. */
export class ClassScores {
  readonly #policy: ClassPolicy;
  #scores = new Float64Array(0);

  constructor(policy: ClassPolicy) {
    this.#policy = policy;
  }

  of(nodeClass: NodeClass, count: number, oneIsland: boolean): number {
    if (count > 32) return Number.POSITIVE_INFINITY;
    const at = nodeClass.id * WIDTH + count * 2 + (oneIsland ? 1 : 0);
    const known = at < this.#scores.length ? this.#scores[at]! : Number.NaN;
    return Number.isNaN(known) ? this.#work(nodeClass, count, oneIsland, at) : known;
  }

  #work(nodeClass: NodeClass, count: number, oneIsland: boolean, at: number): number {
    const pick = pickOf(nodeClass, count, oneIsland);
    const score = pick ? this.#policy.score(nodeClass, pick) : Number.POSITIVE_INFINITY;
    if (at >= this.#scores.length) {
      const bigger = new Float64Array(Math.max((nodeClass.id + 1) * WIDTH, this.#scores.length * 2)).fill(Number.NaN);
      bigger.set(this.#scores);
      this.#scores = bigger;
    }
    this.#scores[at] = score;
    return score;
  }
}

/** The scores of a policy over the classes of a state, kept for as long as the state lives. */
export function classScores(classes: NodeClasses, policy: ClassPolicy): ClassScores {
  let byPolicy = cache.get(classes);
  if (!byPolicy) {
    byPolicy = new Map();
    cache.set(classes, byPolicy);
  }
  let scores = byPolicy.get(policy);
  if (!scores) {
    scores = new ClassScores(policy);
    byPolicy.set(policy, scores);
  }
  return scores;
}
