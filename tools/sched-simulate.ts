import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { TraceError } from '@suanxiang/scheduler/replay/trace';
import { Measures } from '@suanxiang/scheduler/simulate/measures';
import { plotResult } from '@suanxiang/scheduler/simulate/plot';
import { runDays } from '@suanxiang/scheduler/simulate/run-days';
import type { Scenario } from '@suanxiang/scheduler/simulate/scenario';
import { syntheticScenario, usualOptions } from '@suanxiang/scheduler/simulate/synthetic';
import { readJobs } from '@suanxiang/scheduler/simulate/trace-jobs';
import { changedScenario, whatIf } from '@suanxiang/scheduler/what-if/what-if';

const help = `Plays days of a cloud through the scheduler and prints one JSON object.

  npm run --silent sched:simulate -- --days N --seed N [--accelerators N] [--organisations N] [--load X] [--jobs FILE] [--nodes-out N]
                                     [--backfill MODE] [--what-if] [--svg FILE]

--days           length (7)
--seed           of demand and failures (1)
--accelerators   size of the fleet (5000), in nodes of 8 of three models
--organisations  (40)
--load           demand as a part of the fleet (1.3)
--jobs           demand from a file instead: comma-separated values with the columns job, org, project, user, region, model, nodes, gpus,
                 at_s, duration_s and, where there, priority, preemptible, expected_s, limit_s, checkpoint_s, topology; the fleet
                 is the made-up one (region r-1; nvidia-h100-80g, ascend-910b, nvidia-a100-80g)
--backfill       none, easy or conservative (easy)
--nodes-out      so many nodes are missing from the beginning
--what-if        prints before, after and change of --nodes-out and --backfill against the cloud as it is
--svg            writes the course as a picture

Everything is a function of the arguments. Waits are seconds; parts are between 0 and 1.`;

/** Wrong use, in one sentence. */
class UsageError extends Error {}

const MODES = ['none', 'easy', 'conservative'] as const;
type Mode = (typeof MODES)[number];

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new UsageError(`--${name} is "${text}", not a number above 0.`);
  return value;
}

function isMode(text: string): text is Mode {
  return (MODES as readonly string[]).includes(text);
}

function readArguments() {
  const { values } = parseArgs({
    options: {
      days: { type: 'string', default: '7' },
      seed: { type: 'string', default: '1' },
      accelerators: { type: 'string', default: '5000' },
      organisations: { type: 'string', default: '40' },
      load: { type: 'string', default: '1.3' },
      jobs: { type: 'string' },
      backfill: { type: 'string', default: 'easy' },
      'nodes-out': { type: 'string', default: '0' },
      'what-if': { type: 'boolean', default: false },
      svg: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  return values;
}

type Arguments = ReturnType<typeof readArguments>;

function scenarioOf(values: Arguments): Scenario {
  const seed = Number(values.seed);
  if (!Number.isInteger(seed) || seed < 0) throw new UsageError(`--seed is "${values.seed}", not a whole number.`);
  const scenario = syntheticScenario({
    ...usualOptions,
    seed,
    days: positive('days', values.days),
    accelerators: positive('accelerators', values.accelerators),
    organisations: Math.ceil(positive('organisations', values.organisations)),
    load: positive('load', values.load),
  });
  if (!values.jobs) return scenario;
  const jobs = readJobs(values.jobs, readFileSync(values.jobs, 'utf8'));
  const orgs = [...new Set(jobs.map((job) => job.path[0]!))].sort();
  const shares = orgs.map((nodeId) => ({ ...scenario.shares[0]!, nodeId, weight: 1, overQuotaWeight: 1 }));
  return { ...scenario, jobs, shares, mostPending: {} };
}

function changesOf(values: Arguments, scenario: Scenario) {
  const { backfill } = values;
  if (!isMode(backfill)) throw new UsageError(`--backfill is "${backfill}", not none, easy or conservative.`);
  const out = Number(values['nodes-out']);
  if (!Number.isInteger(out) || out < 0)
    throw new UsageError(`--nodes-out is "${values['nodes-out']}", not a number of nodes.`);
  return {
    // Every so many-th node, so that all models lose some.
    nodesOut: scenario.nodes
      .filter((_, at) => out > 0 && at % Math.max(1, Math.floor(scenario.nodes.length / out)) === 0)
      .slice(0, out)
      .map((node) => node.nodeId),
    policy: { backfill: { ...scenario.policy.backfill, mode: backfill } },
  };
}

function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;
}

function main(): void {
  const values = readArguments();
  if (values.help) {
    process.stdout.write(`${help}\n`);
    return;
  }
  const scenario = scenarioOf(values);
  const changes = changesOf(values, scenario);
  if (values['what-if']) {
    process.stdout.write(`${JSON.stringify(whatIf(scenario, changes), rounded)}\n`);
    return;
  }
  const played = changedScenario(scenario, changes);
  const measures = new Measures(played);
  const result = measures.result(runDays(played, measures));
  if (values.svg) {
    writeFileSync(
      values.svg,
      plotResult(result, `${result.accelerators} accelerators, ${result.days} days, seed ${values.seed}`),
    );
  }
  const { series: _, ...printed } = result;
  process.stdout.write(`${JSON.stringify(printed, rounded)}\n`);
}

try {
  main();
} catch (error) {
  const code = String((error as NodeJS.ErrnoException).code);
  const isBadInput =
    error instanceof UsageError ||
    error instanceof TraceError ||
    code.startsWith('ERR_PARSE_ARGS') ||
    code === 'ENOENT';
  if (!isBadInput) throw error;
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}
