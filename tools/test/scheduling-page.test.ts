import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { replay } from '@suanxiang/scheduler/replay/replay';
import { readNodes, readTasks } from '@suanxiang/scheduler/replay/trace';
import { describe, expect, test } from 'vitest';
import { root } from '../lib/root';
import { MARKS, published } from '../lib/scheduling-page';

const page = readFileSync(path.join(root, 'docs/generated/scheduling.md'), 'utf8');
const LISTS = ['default', 'cpu200', 'gpushare40', 'gpuspec10', 'multigpu20'];

/** Rows of the table below a heading, without its head. */
function rowsBelow(heading: string): string[][] {
  const below = page.slice(page.indexOf(`## ${heading}\n`)).split('\n');
  const from = below.findIndex((line) => line.startsWith('| ---'));
  const to = below.findIndex((line, at) => at > from && !line.startsWith('|'));
  const end = to < 0 ? below.length : to;
  return below.slice(from + 1, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

test('the page has every list at both loads, and ours is above FGD, measured and published, in every row', () => {
  const rows = rowsBelow('Ours');
  expect(rows.map(([list, mark]) => `${list} ${mark}`).sort()).toEqual(
    LISTS.flatMap((list) => MARKS.map((mark) => `${list} ${mark}`)).sort(),
  );
  const gains = rows.map(([list, mark, , fgd, ours, online, gain]) => {
    expect(Number(ours)).toBeGreaterThanOrEqual(Number(fgd));
    expect(Number(ours)).toBeGreaterThanOrEqual(published(list!, 'fgd', Number(mark)) ?? 0);
    expect(Number(online)).toBeGreaterThanOrEqual(Number(fgd));
    expect(Number(gain)).toBeCloseTo(Number(ours) - Number(fgd), 1);
    return Number(gain);
  });
  expect(gains.reduce((sum, gain) => sum + gain, 0) / gains.length).toBeGreaterThanOrEqual(0.5);
  expect(page).toContain('npm run --silent sched:report');
});

test('the published policies are met within half a point', () => {
  const compared = rowsBelow('Published policies').flatMap(([list, , ...cells]) =>
    cells.flatMap((cell) => {
      const [, ours, theirs] = /^([\d.]+) \(([\d.]+)\)$/.exec(cell) ?? [];
      return ours === undefined ? [] : [{ list, off: Math.abs(Number(ours) - Number(theirs)) }];
    }),
  );
  expect(compared).toHaveLength((LISTS.length + 1) * 6);
  for (const { list, off } of compared) expect(off, list).toBeLessThanOrEqual(0.5);
});

// The trace is handed over beside a checkout, not inside it.
const traces = ['../shared/data', '../../shared/data']
  .map((folder) => path.join(root, folder, 'traces/openb'))
  .find((folder) => existsSync(folder) && readdirSync(folder).includes('openb_node_list_gpu_node.csv'));
if (!traces) console.info('No openb trace beside this checkout: the replay of one list is skipped.');

describe.skipIf(!traces)('replay of one list with one seed', () => {
  const text = (name: string) => readFileSync(path.join(traces!, name), 'utf8');
  const run = (policy: string) => {
    const nodes = readNodes('nodes', text('openb_node_list_gpu_node.csv'));
    const list = readTasks('tasks', text('openb_pod_list_multigpu20.csv'));
    const { allocatedPercent, rejected } = replay({ nodes, list, policy, tune: 1.3, seed: 42, marks: MARKS }, () => 0)!;
    return [...MARKS.map((mark) => allocatedPercent.get(mark)!.toFixed(4)), rejected];
  };

  test('every machine gets these figures', () => {
    expect(run('fgd')).toEqual(['95.2580', '95.4016', 2083]);
    expect(run('default')).toEqual(['96.6755', '96.7688', 1978]);
  });
});
