import { DriverError } from '@suanxiang/hal/driver';
import type { Topology } from '../topology/build';
import type { Answer, Command } from './command';
import { DueQueue } from './due-queue';
import { happen, type World } from './lifecycle';
import { perform } from './perform';
import { endMinute, floorMinute, secondOf } from './segments';
import { DEFAULT_SETTINGS } from './settings';
import { isLive, newZone, type State } from './state';

export interface Result {
  answer: Answer;
  /** The refusal, when there is no answer. */
  error: DriverError | null;
  /** Whether state changed, so that the command must be kept. */
  changed: boolean;
}

/** A fleet without history at a wall time. */
export function newState(topology: Topology, nowMs: number): State {
  return {
    nowMs,
    nextTickS: floorMinute(secondOf(nowMs)) + 60,
    settings: DEFAULT_SETTINGS,
    allocations: new Map(),
    terminated: [],
    zones: new Map([...topology.zones.keys()].map((id) => [id, newZone(id)])),
    nodes: new Map(),
    devices: new Map(),
    holders: new Map(),
  };
}

/**
 * The simulation: a deterministic function of the commands it was given and their times. It has no timer; whoever asks
 * first says what time it is, and everything that was due until then happens in its order. The same commands at the
 * same times give the same state, which is how a journal of commands is enough to survive a crash.
 */
export class Engine implements World {
  readonly state: State;
  readonly topology: Topology;
  readonly due = new DueQueue();

  constructor(topology: Topology, state: State) {
    this.topology = topology;
    this.state = state;
    this.due.push({ atMs: state.nextTickS * 1_000, kind: 'tick', id: '' });
    for (const allocation of state.allocations.values()) {
      const { id, boot, stopsAtMs, strike } = allocation;
      if (allocation.state === 'starting' && boot) this.due.push({ atMs: boot.endsAtMs, kind: 'boot', id });
      if (isLive(allocation) && stopsAtMs !== null) this.due.push({ atMs: stopsAtMs, kind: 'stop', id });
      if (strike) this.due.push({ atMs: strike.atMs, kind: 'strike', id });
    }
    for (const [id, { lostUntilMs }] of state.nodes) {
      if (lostUntilMs !== null) this.due.push({ atMs: lostUntilMs, kind: 'host', id });
    }
    for (const [id, { failedUntilMs }] of state.devices) {
      if (failedUntilMs !== null) this.due.push({ atMs: failedUntilMs, kind: 'device', id });
    }
  }

  /** Moves to a wall time; a clock that went back is waited for. */
  advanceTo(nowMs: number): void {
    const untilMs = Math.max(nowMs, this.state.nowMs);
    for (let due = this.due.take(untilMs); due; due = this.due.take(untilMs)) {
      this.state.nowMs = Math.max(this.state.nowMs, due.atMs);
      if (due.kind === 'tick') {
        endMinute(this.state);
        this.due.push({ atMs: this.state.nextTickS * 1_000, kind: 'tick', id: '' });
      } else {
        happen(this, due);
      }
    }
    this.state.nowMs = untilMs;
  }

  settle(): void {
    this.advanceTo(this.state.nowMs);
  }

  /** Does a command at a wall time. A refusal may still change state: it raises the fencing epoch. */
  execute(command: Command, nowMs: number): Result {
    this.advanceTo(nowMs);
    const subject = command.do === 'prepare' ? command.spec.allocationId : 'id' in command ? command.id : '';
    const epochBefore = this.state.allocations.get(subject)?.epoch;
    try {
      const { answer, changed } = perform(this, command);
      return { answer, error: null, changed };
    } catch (error) {
      if (!(error instanceof DriverError)) throw error;
      const changed = this.state.allocations.get(subject)?.epoch !== epochBefore;
      return { answer: null, error, changed };
    }
  }
}
