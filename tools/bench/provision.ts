import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { measureAgent } from './provision/agent';
import { openInstallation } from './provision/installation';
import { measureLaunches } from './provision/launches';
import { measureReconcile } from './provision/reconcile';

const help = `npm run bench -- provision [--only PART] [--instances N] [--clusters N] [--nodes N] [--running N] [--seconds N]

What the control plane and the node agent add to the time that machines take, on a PostgreSQL (durable settings), a Redis and
a simulated fleet of its own, whose boots take no time. Prints JSON with the goal beside each figure; ends with 1 when one is missed.

  launches    --instances (500) at once through the public API, from the moment each request is sent to the end of the
              transaction that begins its bill (p50 < 2 s, p99 < 6 s, none fails); then --clusters (100) at once of --nodes (16)
              nodes with 8 accelerators each (p99 < 10 s, none fails)
  reconcile   a pass over --running (20,000) instances, the fleet asked over HTTP (< 2 s)
  agent       the bundled agent with 8 devices at 1 Hz for --seconds (30): below 1 % of a core and 80 MB; an instance from its
              request to the answer of its SSH server on Podman (< 2 s). Left out with a reason where no container runs.
`;

interface Figure {
  what: string;
  figure: number;
  goal: number;
  unit: string;
  met: boolean;
}

/** A figure that must stay below its goal; a goal of 0 must be met exactly. */
function figure(what: string, value: number, goal: number, unit: string): Figure {
  return { what, figure: value, goal, unit, met: goal === 0 ? value === 0 : value < goal };
}

type Part = 'launches' | 'reconcile' | 'agent';

async function launches(instances: number, clusters: number, nodes: number) {
  const installation = await openInstallation(2, Math.ceil((clusters * nodes) / 2) + Math.ceil(instances / 16) + 64);
  try {
    const result = await measureLaunches(installation, { instances, clusters, nodes });
    const goals = [
      figure('instances to running, p50', result.instances.ms.p50, 2_000, 'ms'),
      figure('instances to running, p99', result.instances.ms.p99, 6_000, 'ms'),
      figure('instances that failed', result.instances.failures, 0, ''),
      figure('clusters to running, p99', result.clusters.ms.p99, 10_000, 'ms'),
      figure('clusters that failed', result.clusters.failures, 0, ''),
    ];
    return { result, goals };
  } finally {
    await installation.close();
  }
}

async function reconcile(running: number) {
  const installation = await openInstallation(4, Math.ceil(running / 32));
  try {
    const result = await measureReconcile(installation, running);
    return { result, goals: [figure(`pass over ${running} instances`, result.median, 2_000, 'ms')] };
  } finally {
    await installation.close();
  }
}

async function agent(seconds: number) {
  const result = await measureAgent(seconds);
  if (!result) return { result, goals: [] };
  const goals = [
    figure('agent, share of a core', result.corePercent, 1, '%'),
    figure('agent, memory', result.memoryMb, 80, 'MB'),
    figure('container to SSH, p99', result.launchMs.p99, 2_000, 'ms'),
  ];
  return { result, goals };
}

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: {
    only: text,
    instances: { ...text, default: '500' },
    clusters: { ...text, default: '100' },
    nodes: { ...text, default: '16' },
    running: { ...text, default: '20000' },
    seconds: { ...text, default: '30' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) process.stdout.write(help);
else {
  const parts: Record<Part, () => Promise<{ result: unknown; goals: Figure[] }>> = {
    launches: () => launches(Number(values.instances), Number(values.clusters), Number(values.nodes)),
    reconcile: () => reconcile(Number(values.running)),
    agent: () => agent(Number(values.seconds)),
  };
  if (values.only !== undefined && !Object.hasOwn(parts, values.only)) throw new Error(`no part "${values.only}"`);
  const measured: Record<string, unknown> = {};
  const goals: Figure[] = [];
  for (const [name, measure] of Object.entries(parts)) {
    if (values.only !== undefined && values.only !== name) continue;
    const { result, goals: own } = await measure();
    measured[name] = result;
    goals.push(...own);
  }
  const machine = {
    cpus: cpus().length,
    load: loadavg().map((value) => Number(value.toFixed(1))),
    node: process.version,
  };
  process.stdout.write(`${JSON.stringify({ goals, measured, machine }, null, 2)}\n`);
  if (goals.some(({ met }) => !met)) process.exitCode = 1;
}
