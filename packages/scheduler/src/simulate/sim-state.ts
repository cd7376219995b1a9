import { UsageLedger } from '../fair-share/ledger';
import { ShareTree } from '../fair-share/tree';
import { FleetState } from '../fleet-state';
import { portOf } from '../queue/fleet-port';
import type { HeldNode, PlannedStart, QueueDecision, QueuedRequest, RunningWork } from '../queue/types';
import { EventHeap } from './event-heap';
import type { Scenario, SimJob } from './scenario';

/** A job between its submission and its end. */
export interface LiveJob {
  job: SimJob;
  request: QueuedRequest;
  /** Seconds of work that are done and saved. */
  savedS: number;
  work: RunningWork | null;
  /** Of the run under way: invalidates events of earlier runs. */
  run: number;
  submittedAtS: number;
  firstStartS: number | null;
}

export type SimEvent =
  | { kind: 'arrive'; job: SimJob }
  | { kind: 'end'; jobId: string; run: number }
  | { kind: 'leave'; jobId: string; run: number }
  | { kind: 'fail'; nodeId: string; untilS: number }
  | { kind: 'repair'; nodeId: string }
  | { kind: 'wake' };

/** What happens, for those who measure. */
export interface SimObserver {
  started(live: LiveJob, decision: QueueDecision, nowS: number): void;
  ended(live: LiveJob, why: 'done' | 'preempted' | 'failed', usefulS: number, ranS: number, share: number): void;
  /** Its owner wants it, though he may submit it later, when less of his waits. */
  wanted?(job: SimJob, share: number): void;
}

/** The simulated cloud between two instants. */
export class SimState {
  readonly fleet: FleetState;
  readonly ledger: UsageLedger;
  readonly events = new EventHeap<SimEvent>();
  readonly live = new Map<string, LiveJob>();
  readonly pending = new Map<string, LiveJob>();
  readonly running = new Map<string, LiveJob>();
  readonly deferred = new Map<string, SimJob[]>();
  readonly #pendingOf = new Map<string, number>();
  readonly #tree: ShareTree;
  plans: PlannedStart[] = [];
  carriedOver: string[] = [];
  dirty = true;

  constructor(
    readonly scenario: Scenario,
    readonly observer: SimObserver,
  ) {
    this.fleet = new FleetState(scenario.nodes);
    this.ledger = new UsageLedger(scenario.policy.usageHalfLifeS);
    this.#tree = new ShareTree(portOf(this.fleet), [], scenario.values, scenario.policy, scenario.fromS);
    for (const work of scenario.running ?? []) this.#takeOver(work);
    for (const job of scenario.jobs) this.events.push(job.atS, { kind: 'arrive', job });
    for (const one of scenario.failures) {
      this.events.push(one.atS, { kind: 'fail', nodeId: one.nodeId, untilS: one.untilS });
    }
    const leadS = scenario.policy.preemption.graceS + scenario.roundEveryS;
    for (const one of [...scenario.reservations, ...scenario.maintenance]) {
      for (const atS of [one.fromS - leadS, one.fromS, one.toS]) this.events.push(atS, { kind: 'wake' });
    }
  }

  /** Work that runs when the simulation begins: its devices are held in the nodes of the scenario already. */
  #takeOver(work: RunningWork): void {
    const { fromS, policy } = this.scenario;
    const endS = Math.max(fromS + 1, work.expectedEndS ?? fromS + policy.durations.defaultS);
    const live = newJob(
      {
        jobId: work.workId,
        path: work.path,
        ask: work.ask,
        priority: work.priority,
        preemptible: work.preemptible,
        atS: work.startedAtS,
        durationS: endS - work.startedAtS,
        expectedDurationS: work.expectedEndS === null ? null : work.expectedEndS - work.startedAtS,
        limitDurationS: work.limitEndS === null ? null : work.limitEndS - work.startedAtS,
        checkpointEveryS: null,
        reservationId: work.reservationId,
      },
      work.startedAtS,
    );
    live.run = 1;
    live.firstStartS = work.startedAtS;
    live.work = work;
    live.request = { ...live.request, preemptedAtS: work.preemptedAtS };
    this.live.set(work.workId, live);
    this.running.set(work.workId, live);
    this.ledger.change(work.path, this.shareOf(live.job), fromS);
    this.events.push(endS, { kind: 'end', jobId: work.workId, run: 1 });
    if (work.leavingAtS !== null) this.events.push(work.leavingAtS, { kind: 'leave', jobId: work.workId, run: 1 });
  }

  /** Part of the fleet's priced capacity that a job is. */
  shareOf(job: SimJob): number {
    return this.#tree.shareOf(job.ask);
  }

  arrive(job: SimJob, nowS: number): void {
    this.observer.wanted?.(job, this.shareOf(job));
    const org = job.path[0]!;
    const deferred = this.deferred.get(org);
    if (!this.#addsMore(org) || (deferred && deferred.length > 0)) {
      if (deferred) deferred.push(job);
      else this.deferred.set(org, [job]);
      return;
    }
    this.submit(job, nowS);
  }

  submit(job: SimJob, nowS: number): void {
    const live = newJob(job, nowS);
    this.live.set(job.jobId, live);
    this.#enqueue(live);
  }

  #enqueue(live: LiveJob): void {
    const org = live.job.path[0]!;
    this.pending.set(live.job.jobId, live);
    this.#pendingOf.set(org, (this.#pendingOf.get(org) ?? 0) + 1);
    this.dirty = true;
  }

  #dequeue(live: LiveJob, nowS: number): void {
    const org = live.job.path[0]!;
    this.pending.delete(live.job.jobId);
    this.#pendingOf.set(org, this.#pendingOf.get(org)! - 1);
    // Work that came back to the queue counts, too: not every start makes room for another.
    const next = this.#addsMore(org) ? this.deferred.get(org)?.shift() : undefined;
    if (next) this.submit(next, nowS);
  }

  /** An organisation has not so much waiting that it would wait before it submits more. */
  #addsMore(org: string): boolean {
    return (this.#pendingOf.get(org) ?? 0) < (this.scenario.mostPending[org] ?? Number.POSITIVE_INFINITY);
  }

  /** A decision takes effect: the fleet's devices were taken by the round. */
  start(decision: QueueDecision, nowS: number): void {
    const live = this.live.get(decision.requestId)!;
    this.#dequeue(live, nowS);
    const { job, request } = live;
    live.run += 1;
    live.firstStartS ??= nowS;
    const nodes: HeldNode[] = decision.nodes.map(({ rank: _, ...node }) => node);
    live.work = {
      workId: job.jobId,
      ask: job.ask,
      path: job.path,
      priority: job.priority,
      preemptible: job.preemptible,
      nodes,
      startedAtS: nowS,
      expectedEndS: decision.expectedEndS,
      limitEndS: request.limitDurationS === null ? null : nowS + request.limitDurationS,
      checkpointAtS: null,
      preemptedAtS: request.preemptedAtS,
      movable: false,
      reservationId: job.reservationId,
      leavingAtS: null,
    };
    this.running.set(job.jobId, live);
    this.ledger.change(job.path, this.shareOf(job), nowS);
    const leftS = Math.min(job.durationS - live.savedS, job.limitDurationS ?? Number.POSITIVE_INFINITY);
    this.events.push(nowS + Math.max(1, leftS), { kind: 'end', jobId: job.jobId, run: live.run });
    this.observer.started(live, decision, nowS);
  }

  /** Work as a round is told of it, with its last checkpoint. */
  workOf(live: LiveJob, nowS: number): RunningWork {
    const everyS = live.job.checkpointEveryS;
    const work = live.work!;
    if (everyS === null) return work;
    const saved = Math.floor((nowS - work.startedAtS) / everyS) * everyS;
    return saved === 0 ? work : { ...work, checkpointAtS: work.startedAtS + saved };
  }

  /** Ends the run of a job; unless it is done it queues again, with what it has saved. */
  stop(live: LiveJob, why: 'done' | 'preempted' | 'failed', nowS: number): void {
    const work = this.workOf(live, nowS);
    const ranS = nowS - work.startedAtS;
    const keptS = why === 'done' ? ranS : (work.checkpointAtS ?? work.startedAtS) - work.startedAtS;
    portOf(this.fleet).release(work.nodes);
    this.running.delete(live.job.jobId);
    this.ledger.change(live.job.path, -this.shareOf(live.job), nowS);
    live.work = null;
    this.dirty = true;
    this.observer.ended(live, why, keptS, ranS, this.shareOf(live.job));
    if (why === 'done') {
      this.live.delete(live.job.jobId);
      return;
    }
    live.savedS += keptS;
    const { request } = live;
    live.request = {
      ...request,
      expectedDurationS: request.expectedDurationS === null ? null : Math.max(60, request.expectedDurationS - keptS),
      preemptedAtS: why === 'preempted' ? [...request.preemptedAtS, nowS] : request.preemptedAtS,
    };
    this.#enqueue(live);
  }

  /** Work is told to go. */
  sendAway(jobId: string, leaveAtS: number): void {
    const live = this.running.get(jobId);
    if (!live?.work) return;
    live.work = { ...live.work, leavingAtS: leaveAtS };
    this.events.push(leaveAtS, { kind: 'leave', jobId, run: live.run });
  }

  /** Work that was told to go may stay. */
  spare(jobId: string): void {
    const live = this.running.get(jobId);
    if (live?.work) live.work = { ...live.work, leavingAtS: null };
  }

  fail(nodeId: string, nowS: number): void {
    this.fleet.setAvailable(nodeId, false);
    this.dirty = true;
    for (const live of [...this.running.values()]) {
      if (live.work!.nodes.some((node) => node.nodeId === nodeId)) this.stop(live, 'failed', nowS);
    }
  }

  repair(nodeId: string): void {
    this.fleet.setAvailable(nodeId, true);
    this.dirty = true;
  }
}

function newJob(job: SimJob, submittedAtS: number): LiveJob {
  return {
    job,
    request: {
      requestId: job.jobId,
      ask: job.ask,
      path: job.path,
      priority: job.priority,
      preemptible: job.preemptible,
      expectedDurationS: job.expectedDurationS,
      limitDurationS: job.limitDurationS,
      notBeforeS: null,
      deadlineS: null,
      reservationId: job.reservationId,
      submittedAtS,
      preemptedAtS: [],
    },
    savedS: 0,
    work: null,
    run: 0,
    submittedAtS,
    firstStartS: null,
  };
}
