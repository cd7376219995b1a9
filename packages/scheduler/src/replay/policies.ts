import { KnownMix, LearnedMix } from '../fragmentation/mix-source';
import type { TaskShape } from '../fragmentation/node-room';
import { typicalMix } from '../fragmentation/task-mix';
import { STREAM } from './arrivals';
import { type Chooser, RandomChooser, ScoredChooser } from './chooser';
import { ClusteringChooser } from './clustering';
import { Prng } from './prng';
import { bestFitScorer, dotProductScorer, fgdScorer, packingScorer } from './published';
import { WasteChooser } from './waste-chooser';

/** Part of all tasks that the published experiment takes as typical. */
const TYPICAL = 0.95;

/** What the name `default` stands for. */
export const DEFAULT_POLICY = 'fragmentation';

/** Makes the chooser of a policy for a list of tasks: those that may know the list's mix look at nothing else of it. */
const POLICIES: Readonly<Record<string, (list: readonly TaskShape[], seed: number) => Chooser>> = {
  random: (_, seed) => new RandomChooser(new Prng(seed, STREAM.policy)),
  dotprod: () => new ScoredChooser(dotProductScorer),
  clustering: () => new ClusteringChooser(),
  packing: () => new ScoredChooser(packingScorer),
  bestfit: () => new ScoredChooser(bestFitScorer),
  fgd: (list) => new ScoredChooser(fgdScorer(typicalMix(list, TYPICAL))),
  fragmentation: (list) => new WasteChooser(new KnownMix(typicalMix(list))),
  'fragmentation-online': () => new WasteChooser(new LearnedMix()),
  default: (list, seed) => POLICIES[DEFAULT_POLICY]!(list, seed),
};

export const POLICY_NAMES = Object.keys(POLICIES);

/** The chooser of a policy, or null for a name that is none. */
export function chooserOf(policy: string, list: readonly TaskShape[], seed: number): Chooser | null {
  return Object.hasOwn(POLICIES, policy) ? POLICIES[policy]!(list, seed) : null;
}
