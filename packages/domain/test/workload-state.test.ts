import { describe, expect, it } from 'vitest';
import {
  nextWorkloadState,
  statesAllowing,
  WORKLOAD_ACTIONS,
  WORKLOAD_EVENTS,
  WORKLOAD_STATE_FACTS,
  WORKLOAD_STATES,
  WORKLOAD_TRANSITIONS,
  type WorkloadState,
} from '../src/workload-state';

function reachableFrom(start: WorkloadState): Set<WorkloadState> {
  const seen = new Set<WorkloadState>([start]);
  const queue = [start];
  for (let state = queue.pop(); state !== undefined; state = queue.pop()) {
    for (const next of Object.values(WORKLOAD_TRANSITIONS[state])) {
      if (!seen.has(next)) {
        seen.add(next);
        queue.push(next);
      }
    }
  }
  return seen;
}

describe('the workload state machine', () => {
  it('reaches every state from queued', () => {
    expect([...reachableFrom('queued')].sort()).toEqual([...WORKLOAD_STATES].sort());
  });

  it('can end from every state: no workload is stuck for ever', () => {
    for (const state of WORKLOAD_STATES) {
      const ends = [...reachableFrom(state)].filter((end) => WORKLOAD_STATE_FACTS[end].terminal);
      expect(ends, state).not.toEqual([]);
    }
  });

  it('lets nothing out of a terminal state, and something out of every other', () => {
    for (const state of WORKLOAD_STATES) {
      const exits = Object.keys(WORKLOAD_TRANSITIONS[state]).length;
      expect(exits === 0, state).toBe(WORKLOAD_STATE_FACTS[state].terminal);
    }
  });

  it('lets a tenant terminate whatever is not over', () => {
    const open = WORKLOAD_STATES.filter((state) => !WORKLOAD_STATE_FACTS[state].terminal && state !== 'terminating');
    expect(statesAllowing(WORKLOAD_ACTIONS.terminate.event)).toEqual(open);
  });

  it('uses every event somewhere', () => {
    for (const event of WORKLOAD_EVENTS) expect(statesAllowing(event), event).not.toEqual([]);
  });

  it('keeps every transitional state moving', () => {
    for (const state of WORKLOAD_STATES.filter((candidate) => WORKLOAD_STATE_FACTS[candidate].transitional)) {
      expect(
        WORKLOAD_EVENTS.some((event) => nextWorkloadState(state, event) !== null),
        state,
      ).toBe(true);
    }
  });
});
