import type { MixSource } from '../fragmentation/mix-source';
import { type DeviceChoice, fits, type NodeRoom, type TaskShape } from '../fragmentation/node-room';
import { type HolesLost, priceOf, Scarcity } from '../fragmentation/scarcity';
import type { TaskMix } from '../fragmentation/task-mix';
import { WasteModel } from '../fragmentation/waste';
import { leastWaste } from '../fragmentation/waste-scorer';
import type { Choice, Chooser } from './chooser';
import type { ReplayCluster } from './cluster';

/** A placement and what of it stays the same while the fleet fills: everything but the prices. */
interface Offer {
  score: number;
  devices: DeviceChoice;
  model: number;
  lost: HolesLost;
}

/**
 * The placement that adds least to the expected waste of its node, with what it takes from scarce models and from holes
 * for large tasks priced in; the first node among equals. Each state of a node is rated once a shape of task and mix.
 */
export class WasteChooser implements Chooser {
  readonly #source: MixSource;
  #waste = new WasteModel([]);
  #scarcity: Scarcity | null = null;
  #offers = new Map<TaskShape, (Offer | null)[]>();

  constructor(source: MixSource) {
    this.#source = source;
  }

  choose(cluster: ReplayCluster, task: TaskShape): Choice | null {
    const scarcity = this.#learn(cluster, this.#source.next(task));
    const modelPrices = scarcity.modelPrices(task);
    const holePrices = scarcity.holePrices();
    const offers = this.#offersFor(task);
    const { stateOf } = cluster;
    let best: Offer | null = null;
    let bestNode = -1;
    let bestScore = Number.NEGATIVE_INFINITY;
    for (let node = 0; node < stateOf.length; node += 1) {
      const state = stateOf[node]!;
      let offer = offers[state];
      if (offer === undefined) {
        offer = this.#offer(cluster.states[state]!, task, scarcity);
        offers[state] = offer;
      }
      if (offer === null) continue;
      let score = offer.score - modelPrices[offer.model]!;
      if (offer.lost !== null) score -= priceOf(offer.lost, holePrices);
      if (score > bestScore) {
        best = offer;
        bestNode = node;
        bestScore = score;
      }
    }
    if (best === null) return null;
    scarcity.take(task, best.model, best.lost);
    return { node: bestNode, devices: best.devices };
  }

  #learn(cluster: ReplayCluster, mix: TaskMix | null): Scarcity {
    if (mix !== null || this.#scarcity === null) {
      const known = mix ?? [];
      this.#waste = new WasteModel(known);
      this.#scarcity = new Scarcity(
        known,
        Array.from(cluster.stateOf, (state) => cluster.states[state]!),
      );
      this.#offers = new Map();
    }
    return this.#scarcity;
  }

  #offersFor(task: TaskShape): (Offer | null)[] {
    const known = this.#offers.get(task);
    if (known !== undefined) return known;
    const offers: (Offer | null)[] = [];
    this.#offers.set(task, offers);
    return offers;
  }

  #offer(node: NodeRoom, task: TaskShape, scarcity: Scarcity): Offer | null {
    if (!fits(node, task)) return null;
    const { score, devices, after } = leastWaste(this.#waste, node, task);
    return { score, devices, model: scarcity.modelNumber(node.model), lost: scarcity.holesLost(node, after) };
  }
}
