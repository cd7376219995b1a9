import { WORKLOAD_STATE_FACTS, WORKLOAD_STATES } from '@suanxiang/domain/workload-state';
import { describe, expect, it } from 'vitest';
import en from '../messages/en/workload.json';
import type { Metrics } from '../src/api/types';
import { layoutTopology } from '../src/features/workload/cluster-topology';
import { parseStateFilter, workloadListQuery } from '../src/features/workload/list-query';
import { type LiveSeries, mergeMetrics, nextFromS } from '../src/features/workload/live-series';
import { STATE_ICONS } from '../src/ui/state-badge';

describe('state badges', () => {
  it('have an icon and a word for every state and for nothing else', () => {
    expect(Object.keys(STATE_ICONS).sort()).toEqual([...WORKLOAD_STATES].sort());
    expect(Object.keys(en.states).sort()).toEqual([...WORKLOAD_STATES].sort());
  });

  it('turn exactly where work is under way, but for the queue, which waits', () => {
    for (const state of WORKLOAD_STATES) {
      const turns = STATE_ICONS[state] === 'spinner';
      expect([state, turns]).toEqual([state, WORKLOAD_STATE_FACTS[state].transitional && state !== 'queued']);
    }
  });
});

describe('list address', () => {
  it('asks for what is alive unless told otherwise', () => {
    expect(workloadListQuery({}, 'proj_1')).toEqual({ project_id: 'proj_1', limit: 20, live: 'true' });
    expect(workloadListQuery({ state: 'all', q: 'a' }, 'p')).toEqual({ project_id: 'p', limit: 20, q: 'a' });
    expect(workloadListQuery({ state: 'failed', cursor: 'c' }, 'p')).toMatchObject({ state: 'failed', cursor: 'c' });
    expect(parseStateFilter('nonsense')).toBe('live');
  });
});

const answer = (
  from_s: number,
  to_s: number,
  series: [rank: number, allocation: string, fromS: number, toS: number][],
): Metrics => ({
  from_s,
  to_s,
  series: series.map(([rank, allocation_id, fromS, toS]) => {
    const at_s = Array.from({ length: toS - fromS }, (_, index) => fromS + index);
    return {
      allocation_id,
      rank,
      at_s,
      utilization_ppm: at_s.map((second) => second * 100),
      memory_used_bytes: at_s.map(() => null),
      power_milliwatt: at_s.map(() => null),
      temperature_milli_celsius: at_s.map(() => null),
      source: at_s.map(() => 'live' as const),
    };
  }),
});
const empty: LiveSeries = { toS: 0, nodes: [], failing: true };

describe('live series', () => {
  it('adds what is new, forgets what left the window and stops failing', () => {
    const first = mergeMetrics(empty, answer(100, 160, [[0, 'a', 100, 160]]), 60);
    const second = mergeMetrics(first, answer(156, 170, [[0, 'a', 156, 170]]), 60);
    expect(second.failing).toBe(false);
    expect(second.toS).toBe(170);
    const seconds = [...(second.nodes[0]?.samples.keys() ?? [])].sort((a, b) => a - b);
    expect([seconds[0], seconds.at(-1), seconds.length]).toEqual([110, 169, 60]);
  });

  it('keeps one line for a node that was started again, and nodes an answer leaves out', () => {
    const first = mergeMetrics(
      empty,
      answer(0, 50, [
        [1, 'b', 0, 50],
        [0, 'a', 0, 20],
      ]),
      300,
    );
    const second = mergeMetrics(first, answer(46, 60, [[0, 'a2', 55, 60]]), 300);
    expect(second.nodes.map(({ rank, samples }) => [rank, samples.size])).toEqual([
      [0, 25],
      [1, 50],
    ]);
  });

  it('asks for the new seconds, and for the whole window after a long pause', () => {
    const known = { ...empty, toS: 1_000 };
    expect(nextFromS(known, 1, 300)).toBe(996);
    expect(nextFromS(known, 3_600, 300)).toBe(4_300);
  });

  it('asks again for what was missing, for a minute and a half', () => {
    const value = { utilizationPpm: 1, memoryBytes: 1, powerMilliwatt: 1, temperatureMilliC: 1 };
    const without = (...missing: number[]): LiveSeries => {
      const seconds = Array.from({ length: 300 }, (_, i) => 700 + i).filter((second) => !missing.includes(second));
      return { ...empty, toS: 1_000, nodes: [{ rank: 0, samples: new Map(seconds.map((s) => [s, value])) }] };
    };
    expect(nextFromS(without(), 1, 300)).toBe(996);
    expect(nextFromS(without(960, 970), 1, 300)).toBe(960);
    expect(nextFromS(without(880), 1, 300)).toBe(996);
    expect(nextFromS({ ...without(), nodes: [], toS: 1_000 }, 1, 300)).toBe(996);
  });
});

describe('topology drawing', () => {
  const node = (rank: number, spine: string, leaf: string) => ({
    rank,
    allocation_id: `alloc_${rank}`,
    node: `n${rank}`,
    spine,
    leaf,
    rack: 'r1',
    gpus: 8,
    state: 'running',
    ssh: null,
  });

  it('puts each leaf above the middle of its nodes and no two nodes on one place', () => {
    const { leaves, spines } = layoutTopology([
      node(0, 's1', 'l2'),
      node(1, 's1', 'l1'),
      node(2, 's2', 'l1'),
      node(3, 's1', 'l2'),
    ]);
    expect(leaves.map(({ key }) => key)).toEqual(['s1/l1', 's1/l2', 's2/l1']);
    expect(spines.map(({ name }) => name)).toEqual(['s1', 's2']);
    const places = leaves.flatMap((leaf) => leaf.nodes.map(({ x }) => x));
    expect(new Set(places).size).toBe(4);
    expect(leaves[1]?.x).toBe(((leaves[1]?.nodes[0]?.x ?? 0) + (leaves[1]?.nodes[1]?.x ?? 0) + 64) / 2);
  });
});
