import { devicesOf } from '../fair-share/tree';
import { portOf } from '../queue/fleet-port';
import type { QueueDecision, QueueRoundInput, QueueRoundOutput, StartEstimate } from '../queue/types';
import { Fairness, type OrgFairness, worstShortfall } from './fairness';
import type { DayWatcher } from './run-days';
import type { Scenario, SimJob } from './scenario';
import type { LiveJob, SimState } from './sim-state';

/** What a simulation found. Waits in seconds, parts between 0 and 1, device-seconds as `...DeviceS`. */
export interface SimResult {
  days: number;
  accelerators: number;
  jobs: { submitted: number; started: number; finished: number; waiting: number; neverSubmitted: number };
  waitS: { p50: number; p90: number; p99: number; max: number; longestStillWaitingS: number };
  /** Allocated part of the accelerators that work; useful part of what was allocated. */
  utilization: number;
  goodput: number;
  lostDeviceS: number;
  /** Part of free accelerators on nodes that are not wholly free, on average. */
  fragmentation: number;
  preemptions: number;
  mostPreemptionsOfOneJob: number;
  failuresOfWork: number;
  turns: Record<QueueDecision['turn'], number>;
  estimates: { judged: number; insideInterval: number; medianIntervalS: number };
  fairness: OrgFairness[];
  /** Largest relative shortfall of an organisation against its entitlement. */
  worstShortfall: number;
  revenue: number;
  reservations: { kept: number; broken: number };
  promises: { given: number; kept: number; broken: number };
  series: Sample[];
}

export interface Sample {
  atS: number;
  allocated: number;
  usable: number;
  waiting: number;
  waitingDevices: number;
  fragmented: number;
}

/** What preemptible work is assumed to pay of the price. */
const SPOT_PART = 0.4;

/** Gathers a simulation's result. */
export class Measures implements DayWatcher {
  readonly #waits: number[] = [];
  readonly #series: Sample[] = [];
  readonly #intervals: number[] = [];
  readonly #fairness: Fairness;
  readonly #turns = { reservation: 0, claim: 0, planned: 0, fair_share: 0, backfill: 0 };
  readonly #promises = new Map<string, number>();
  #kept = 0;
  #broken = 0;
  #given = 0;
  #inside = 0;
  #started = 0;
  #finished = 0;
  #preemptions = 0;
  #most = 0;
  #failures = 0;
  #useful = 0;
  #allocated = 0;
  #revenue = 0;
  readonly #reservations = new Map<string, boolean>();

  constructor(readonly scenario: Scenario) {
    this.#fairness = new Fairness(scenario);
  }

  wanted(job: SimJob, share: number): void {
    this.#fairness.wanted(job, share);
  }

  started(live: LiveJob, decision: QueueDecision, nowS: number): void {
    this.#turns[decision.turn] += 1;
    const promisedS = this.#promises.get(live.job.jobId);
    if (promisedS !== undefined) {
      // A round is held at the first multiple of its length after the promise.
      if (nowS < promisedS + this.scenario.roundEveryS) this.#kept += 1;
      else this.#broken += 1;
      this.#promises.delete(live.job.jobId);
    }
    if (live.run > 1) return;
    this.#started += 1;
    this.#waits.push(nowS - live.submittedAtS);
  }

  ended(live: LiveJob, why: 'done' | 'preempted' | 'failed', usefulS: number, ranS: number, share: number): void {
    this.#fairness.ran(live, share, ranS);
    const devices = devicesOf(live.job.ask);
    this.#useful += devices * usefulS;
    this.#allocated += devices * ranS;
    this.#revenue += this.#priceOf(live) * devices * (ranS / 3_600);
    if (why === 'done') this.#finished += 1;
    if (why === 'failed') this.#failures += 1;
    if (why !== 'preempted') return;
    this.#preemptions += 1;
    this.#most = Math.max(this.#most, live.request.preemptedAtS.length + 1);
  }

  /** Per device and hour; preemptible work is sold for less. */
  #priceOf({ job }: LiveJob): number {
    const price = this.scenario.values.find((one) => one.modelId === job.ask.modelId)?.value ?? 1;
    return job.preemptible ? price * SPOT_PART : price;
  }

  estimated(estimate: StartEstimate, _givenAtS: number, startedAtS: number): void {
    const slackS = this.scenario.roundEveryS;
    this.#given += 1;
    this.#intervals.push(estimate.toS - estimate.fromS);
    if (startedAtS >= estimate.fromS - slackS && startedAtS <= estimate.toS + slackS) this.#inside += 1;
  }

  round(state: SimState, input: QueueRoundInput, output: QueueRoundOutput): void {
    for (const plan of output.plans) {
      if (plan.kind !== 'claim' && !this.#promises.has(plan.requestId)) this.#promises.set(plan.requestId, plan.startS);
    }
    const { nowS } = input;
    for (const one of input.reservations) {
      if (one.fromS > nowS || one.toS <= nowS || one.nodes === null) continue;
      const reserved = new Set(one.nodes.flatMap((node) => [...node.deviceIds]));
      const trespasser = [...state.running.values()].find(
        ({ work, job }) =>
          job.reservationId !== one.reservationId &&
          work!.nodes.some((node) => node.deviceIds.some((id) => reserved.has(id))),
      );
      if (trespasser) this.#reservations.set(one.reservationId, false);
      else if (!this.#reservations.has(one.reservationId)) this.#reservations.set(one.reservationId, true);
    }
  }

  sample(state: SimState, nowS: number): void {
    const port = portOf(state.fleet);
    let [usable, free, fragmented] = [0, 0, 0];
    for (let entry = 0; entry < port.entryCount; entry += 1) {
      if (!port.isAvailable(entry)) continue;
      const open = port.openCount(entry);
      usable += port.sizeOf(entry);
      free += open;
      if (open < port.sizeOf(entry)) fragmented += open;
    }
    const waiting = [...state.pending.values()];
    const waitingDevices = waiting.reduce((sum, live) => sum + devicesOf(live.job.ask), 0);
    this.#series.push({
      atS: nowS,
      allocated: usable - free,
      usable,
      waiting: waiting.length,
      waitingDevices,
      fragmented,
    });
  }

  result(state: SimState): SimResult {
    const { scenario } = this;
    for (const live of state.running.values()) {
      const ranS = scenario.toS - live.work!.startedAtS;
      this.#useful += devicesOf(live.job.ask) * ranS;
      this.#allocated += devicesOf(live.job.ask) * ranS;
      this.#revenue += this.#priceOf(live) * devicesOf(live.job.ask) * (ranS / 3_600);
    }
    const waits = [...this.#waits].sort((a, b) => a - b);
    const mean = (of: (sample: Sample) => number) =>
      this.#series.reduce((sum, one) => sum + of(one), 0) / Math.max(1, this.#series.length);
    const fairness = this.#fairness.result(state);
    const never = [...state.deferred.values()].reduce((sum, jobs) => sum + jobs.length, 0);
    const still = [...state.pending.values()].map((live) => scenario.toS - live.submittedAtS);
    const reservations = [...this.#reservations.values()];
    return {
      days: (scenario.toS - scenario.fromS) / 86_400,
      accelerators: portOf(state.fleet).deviceCount,
      jobs: {
        submitted: this.#started + still.length,
        started: this.#started,
        finished: this.#finished,
        waiting: still.length,
        neverSubmitted: never,
      },
      waitS: {
        p50: quantile(waits, 0.5),
        p90: quantile(waits, 0.9),
        p99: quantile(waits, 0.99),
        max: waits.at(-1) ?? 0,
        longestStillWaitingS: Math.max(0, ...still),
      },
      utilization:
        mean((one) => one.allocated) /
        Math.max(
          1,
          mean((one) => one.usable),
        ),
      goodput: this.#allocated === 0 ? 1 : this.#useful / this.#allocated,
      lostDeviceS: this.#allocated - this.#useful,
      fragmentation:
        mean((one) => one.fragmented) /
        Math.max(
          1,
          mean((one) => one.usable - one.allocated),
        ),
      preemptions: this.#preemptions,
      mostPreemptionsOfOneJob: this.#most,
      failuresOfWork: this.#failures,
      turns: { ...this.#turns },
      estimates: {
        judged: this.#given,
        insideInterval: this.#given === 0 ? 1 : this.#inside / this.#given,
        medianIntervalS: quantile(
          [...this.#intervals].sort((a, b) => a - b),
          0.5,
        ),
      },
      fairness,
      worstShortfall: worstShortfall(fairness),
      revenue: this.#revenue,
      reservations: { kept: reservations.filter(Boolean).length, broken: reservations.filter((one) => !one).length },
      promises: { given: this.#kept + this.#broken, kept: this.#kept, broken: this.#broken },
      series: this.#series,
    };
  }
}

/** Value below which this part of sorted values lies; 0 when there are none. */
export function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
