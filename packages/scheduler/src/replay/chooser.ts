import { type DeviceChoice, fits, isShare, type TaskShape, tightestDevices } from '../fragmentation/node-room';
import type { NodeScorer, Rating } from '../fragmentation/scorer';
import type { ReplayCluster } from './cluster';
import type { Prng } from './prng';

/** Where a task goes. */
export interface Choice {
  node: number;
  devices: DeviceChoice;
}

/** Decides where one task goes, or null when it fits nowhere; changes nothing in the cluster. */
export interface Chooser {
  choose(cluster: ReplayCluster, task: TaskShape): Choice | null;
}

/** The node with the highest rating, the first among equals; each state of a node is rated once a shape of task. */
export class ScoredChooser implements Chooser {
  readonly #scorer: NodeScorer;
  /** Ratings of each shape by state; null where it does not fit. */
  #ratings = new Map<TaskShape, (Rating | null)[]>();

  constructor(scorer: NodeScorer) {
    this.#scorer = scorer;
  }

  choose(cluster: ReplayCluster, task: TaskShape): Choice | null {
    if (this.#scorer.observe?.(task)) this.#ratings = new Map();
    let ratings = this.#ratings.get(task);
    if (ratings === undefined) {
      ratings = [];
      this.#ratings.set(task, ratings);
    }
    const { stateOf, states } = cluster;
    let best: Rating | null = null;
    let bestNode = -1;
    for (let node = 0; node < stateOf.length; node += 1) {
      const state = stateOf[node]!;
      let rating = ratings[state];
      if (rating === undefined) {
        const resources = states[state]!;
        rating = fits(resources, task) ? this.#scorer.rate(resources, task) : null;
        ratings[state] = rating;
      }
      if (rating !== null && (best === null || rating.score > best.score)) {
        best = rating;
        bestNode = node;
      }
    }
    return best === null ? null : { node: bestNode, devices: best.devices };
  }
}

/** Any node on which the task fits and any device with room for it, each equally likely. */
export class RandomChooser implements Chooser {
  readonly #random: Prng;

  constructor(random: Prng) {
    this.#random = random;
  }

  choose(cluster: ReplayCluster, task: TaskShape): Choice | null {
    const fitting: number[] = [];
    cluster.stateOf.forEach((state, node) => {
      if (fits(cluster.states[state]!, task)) fitting.push(node);
    });
    if (fitting.length === 0) return null;
    const node = fitting[this.#random.below(fitting.length)]!;
    const resources = cluster.states[cluster.stateOf[node]!]!;
    if (!isShare(task)) return { node, devices: tightestDevices(resources, task) };
    const roomy = [...resources.deviceMilli.keys()].filter((at) => resources.deviceMilli[at]! >= task.deviceMilli);
    return { node, devices: [roomy[this.#random.below(roomy.length)]!] };
  }
}
