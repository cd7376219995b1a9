import { entitlements } from './entitlement';
import type { Scenario, SimJob } from './scenario';
import type { LiveJob, SimState } from './sim-state';

/** Parts of what all held over the whole time, between 0 and 1. */
export interface OrgFairness {
  nodeId: string;
  weight: number;
  /** Work that it wanted done, submitted or not. */
  offered: number;
  delivered: number;
  entitled: number;
}

/**
 * Fairness over a simulation: what all held is divided by weight among those who wanted work done, nobody more than he wanted; the
 * result is what each is entitled to. Everything held counts, preemptible or not, as it does in the shares that order the queue. What
 * an organisation did not submit because too much of it waited counts as wanted. (What waits at an instant is no measure of a wish: a
 * large request waits for a while however small the share of its owner is.) Device-seconds are valued at their price.
 */
export class Fairness {
  readonly #offered = new Map<string, number>();
  readonly #delivered = new Map<string, number>();

  constructor(readonly scenario: Scenario) {}

  wanted(job: SimJob, share: number): void {
    this.#add(this.#offered, job, share * Math.min(job.durationS, this.scenario.toS - job.atS));
  }

  ran(live: LiveJob, share: number, ranS: number): void {
    this.#add(this.#delivered, live.job, share * ranS);
  }

  #add(sums: Map<string, number>, job: SimJob, work: number): void {
    sums.set(job.path[0]!, (sums.get(job.path[0]!) ?? 0) + work);
  }

  /** Counts what still runs at the end, and answers by organisation. */
  result(state: SimState): OrgFairness[] {
    for (const live of state.running.values()) {
      this.ran(live, state.shareOf(live.job), this.scenario.toS - live.work!.startedAtS);
    }
    const orgs = this.scenario.shares.filter((node) => node.parentId === null);
    const total = orgs.reduce((sum, { nodeId }) => sum + (this.#delivered.get(nodeId) ?? 0), 0);
    const part = (sums: Map<string, number>, nodeId: string) => (total === 0 ? 0 : (sums.get(nodeId) ?? 0) / total);
    const claims = orgs.map(({ nodeId, weight }) => ({ demand: part(this.#offered, nodeId), weight, guaranteed: 0 }));
    const entitled = entitlements(claims, 1);
    return orgs.map(({ nodeId, weight }, at) => ({
      nodeId,
      weight,
      offered: claims[at]!.demand,
      delivered: part(this.#delivered, nodeId),
      entitled: entitled[at]!,
    }));
  }
}

/** The largest relative shortfall of an organisation against its entitlement. */
export function worstShortfall(fairness: readonly OrgFairness[]): number {
  return Math.max(0, ...fairness.filter((one) => one.entitled > 0).map((one) => 1 - one.delivered / one.entitled));
}
