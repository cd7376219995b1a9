import { POLICY_NAMES } from '@suanxiang/scheduler/replay/policies';

/** Demand in percent of capacity at which the allocation is read. */
export const MARKS = [100, 130] as const;

/** Policies of the page, in the order of its columns. `default` is another name of one of them. */
export const REPORTED = POLICY_NAMES.filter((name) => name !== 'default');

/** Mean allocation in percent: list -> policy -> mark. */
export type Means = ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<number, number>>>;

/**
 * Means of ten runs of the authors' simulator, in percent (Weng et al., "Beware of Fragmentation", USENIX ATC 2023):
 * list -> mark -> Random, DotProd, Clustering, Packing, BestFit, FGD.
 */
const PUBLISHED: Readonly<Record<string, Partial<Record<number, readonly number[]>>>> = {
  default: { 100: [86.3, 90.62, 91.65, 91.78, 92.86, 95.23], 130: [87.47, 90.85, 91.88, 92.0, 93.08, 95.39] },
  cpu200: { 100: [83.03, 87.45, 89.67, 89.98, 92.15, 94.82] },
  gpushare40: { 100: [84.86, 89.3, 89.76, 89.77, 91.44, 93.96] },
  gpuspec10: { 100: [86.26, 90.17, 91.96, 92.24, 93.1, 94.66] },
  multigpu20: { 100: [86.92, 91.85, 93.34, 93.5, 93.73, 95.53] },
};
const PUBLISHED_POLICIES = ['random', 'dotprod', 'clustering', 'packing', 'bestfit', 'fgd'];

/** What the authors published for a policy, or null. */
export function published(list: string, policy: string, mark: number): number | null {
  return PUBLISHED[list]?.[mark]?.[PUBLISHED_POLICIES.indexOf(policy)] ?? null;
}

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
const heading = (cells: readonly string[]) => line(cells) + line(cells.map((_, at) => (at < 2 ? '---' : '--:')));

/** The page about the scheduler's results; nothing in it depends on the machine or the day. */
export function schedulingPage(means: Means, seeds: readonly number[], command: string): string {
  const rows = [...means].flatMap(([list, policies]) =>
    MARKS.map((mark) => ({ list, mark, of: (policy: string) => policies.get(policy)!.get(mark)! })),
  );
  const ours = rows.map(({ list, mark, of }) => {
    const gain = of('fragmentation') - of('fgd');
    const cells = ['fgd', 'fragmentation', 'fragmentation-online'].map((policy) => of(policy).toFixed(2));
    const printed = published(list, 'fgd', mark)?.toFixed(2) ?? '';
    return line([list, `${mark}`, printed, ...cells, `${gain < 0 ? '' : '+'}${gain.toFixed(2)}`]);
  });
  const all = rows.map(({ list, mark, of }) =>
    line([
      list,
      `${mark}`,
      ...PUBLISHED_POLICIES.map((policy) => {
        const printed = published(list, policy, mark);
        return of(policy).toFixed(2) + (printed === null ? '' : ` (${printed.toFixed(2)})`);
      }),
    ]),
  );
  const gain = rows.reduce((sum, { of }) => sum + of('fragmentation') - of('fgd'), 0) / rows.length;
  return `# Placement on the openb trace

Made by real runs, not by hand: \`${command}\`
replays every list of tasks in the folder under every policy with the seeds ${seeds[0]} to ${seeds.at(-1)} and writes this page. The same
command gives the same page on every machine; one run alone is \`npm run --silent sched:replay\`, see its \`--help\`.

Figures are accelerators in use in percent of all, when the demand that has arrived is 100 % and 130 % of capacity; means over
the seeds. Every task is placed for ever or rejected when it comes; a task is rejected only when it fits nowhere. The fleet
and the lists are Alibaba's production trace "openb" (cluster-trace-gpu-v2023), 1,213 nodes with 6,212 accelerators.

## Ours

\`fragmentation\` is the default policy ([ADR 0018](../adr/0018-fragmentation.md)). It knows how often each shape of task is in
the list, as FGD does, and nothing of their order; \`fragmentation-online\` starts with no knowledge and learns the frequencies
from the tasks that have come. On average over all rows \`fragmentation\` is above our FGD by ${gain.toFixed(2)} points.

${heading(['list', 'demand %', 'FGD, published', 'FGD', 'fragmentation', 'fragmentation-online', 'gain'])}${ours.join('')}
## Published policies

Ours, and in brackets what the authors' simulator gave (mean of ten runs), where they published it: the harness is faithful
where the two agree.

${heading(['list', 'demand %', 'Random', 'DotProd', 'Clustering', 'Packing', 'BestFit', 'FGD'])}${all.join('')}`;
}
