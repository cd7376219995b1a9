import { TraceError } from '../replay/trace';
import type { SimJob } from './scenario';

const NEEDED = ['job', 'org', 'project', 'user', 'region', 'model', 'nodes', 'gpus', 'at_s', 'duration_s'] as const;
const OPTIONAL = ['priority', 'preemptible', 'expected_s', 'limit_s', 'checkpoint_s', 'topology'] as const;
type Name = (typeof NEEDED)[number] | (typeof OPTIONAL)[number];

/**
 * Demand from a table of comma-separated values with a heading: job, org, project, user, region, model, nodes, gpus (on each node), at_s,
 * duration_s, and where there, priority, preemptible (0 or 1), expected_s, limit_s, checkpoint_s, topology. In the order of at_s. Throws
 * TraceError, in one sentence with its line, for what is not such a table.
 */
export function readJobs(file: string, text: string): SimJob[] {
  const lines = text.split(/\r?\n/);
  const heading = lines[0]!.split(',');
  const missing = NEEDED.filter((name) => !heading.includes(name));
  if (missing.length > 0) throw new TraceError(`${file}, line 1: the heading lacks ${missing.join(', ')}.`);
  const jobs = lines.flatMap((line, at) => {
    if (at === 0 || line === '') return [];
    const fields = line.split(',');
    if (fields.length !== heading.length) {
      throw new TraceError(`${file}, line ${at + 1}: ${fields.length} fields, the heading has ${heading.length}.`);
    }
    return [jobOfRow((name) => fields[heading.indexOf(name)] ?? '', `${file}, line ${at + 1}`)];
  });
  return jobs.sort((a, b) => a.atS - b.atS || (a.jobId < b.jobId ? -1 : 1));
}

function jobOfRow(field: (name: Name) => string, where: string): SimJob {
  const whole = (name: Name, least: number) => {
    const value = Number(field(name));
    if (field(name).trim() === '' || !Number.isInteger(value) || value < least) {
      throw new TraceError(`${where}: ${name} is "${field(name)}", not a whole number of at least ${least}.`);
    }
    return value;
  };
  const optional = (name: Name) => (field(name) === '' ? null : whole(name, 1));
  const topology = field('topology') || 'any';
  if (topology !== 'any' && topology !== 'same_spine' && topology !== 'same_leaf') {
    throw new TraceError(`${where}: topology is "${topology}", not any, same_spine or same_leaf.`);
  }
  const jobId = field('job');
  return {
    jobId,
    path: [field('org'), field('project'), field('user')],
    ask: {
      requestId: jobId,
      regionId: field('region'),
      modelId: field('model'),
      nodeCount: whole('nodes', 1),
      gpusPerNode: whole('gpus', 1),
      topology,
      excludedNodeIds: [],
    },
    priority: field('priority') === '' ? 1 : whole('priority', 0),
    preemptible: field('preemptible') === '1',
    atS: whole('at_s', 0),
    durationS: whole('duration_s', 1),
    expectedDurationS: optional('expected_s'),
    limitDurationS: optional('limit_s'),
    checkpointEveryS: optional('checkpoint_s'),
    reservationId: null,
  };
}
