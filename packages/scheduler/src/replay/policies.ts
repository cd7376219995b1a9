import type { TaskShape } from '../fragmentation/node-resources';
import { typicalMix } from '../fragmentation/task-mix';
import { STREAM } from './arrivals';
import { type Chooser, RandomChooser, ScoredChooser } from './chooser';
import { ClusteringChooser } from './clustering';
import { Prng } from './prng';
import { bestFitScorer, dotProductScorer, fgdScorer, packingScorer } from './published';

/** Part of all tasks that the published experiment takes as typical. */
const TYPICAL = 0.95;

/** Makes the chooser of a policy for a list of tasks: those that may know the list's mix look at nothing else of it. */
const POLICIES: Readonly<Record<string, (list: readonly TaskShape[], seed: number) => Chooser>> = {
  random: (_, seed) => new RandomChooser(new Prng(seed, STREAM.policy)),
  dotprod: () => new ScoredChooser(dotProductScorer),
  clustering: () => new ClusteringChooser(),
  packing: () => new ScoredChooser(packingScorer),
  bestfit: () => new ScoredChooser(bestFitScorer),
  fgd: (list) => new ScoredChooser(fgdScorer(typicalMix(list, TYPICAL))),
};

export const POLICY_NAMES = Object.keys(POLICIES);

/** The chooser of a policy, or null for a name that is none. */
export function chooserOf(policy: string, list: readonly TaskShape[], seed: number): Chooser | null {
  return Object.hasOwn(POLICIES, policy) ? POLICIES[policy]!(list, seed) : null;
}
