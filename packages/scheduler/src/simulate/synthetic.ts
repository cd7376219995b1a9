import { defaultQueuePolicy } from '../queue/policy';
import type { CapacityReservation, QueuePolicy, ShareNode } from '../queue/types';
import { Prng } from '../replay/prng';
import type { NodeState } from '../types';
import { choose, exponential, logNormal, uniform } from './random';
import { DAY_S, HOUR_S, type Scenario, type SimFailure, type SimJob } from './scenario';

/** What a made-up cloud looks like. */
export interface SyntheticOptions {
  days: number;
  seed: number;
  accelerators: number;
  organisations: number;
  /** Demand of all organisations together, as a part of the fleet. */
  load: number;
  /** Mean time between failures of one node. */
  nodeFailureEveryS: number;
  policy?: Partial<QueuePolicy>;
}

export const usualOptions: SyntheticOptions = {
  days: 30,
  seed: 1,
  accelerators: 5_000,
  organisations: 40,
  load: 1.3,
  nodeFailureEveryS: 90 * DAY_S,
};

const MODELS = [
  { modelId: 'nvidia-h100-80g', value: 20, part: 0.4 },
  { modelId: 'ascend-910b', value: 11, part: 0.4 },
  { modelId: 'nvidia-a100-80g', value: 12, part: 0.2 },
];
const REGION = 'r-1';
const NODES_PER_RACK = 4;
const RACKS_PER_LEAF = 4;
const LEAVES_PER_SPINE = 8;

const SHAPES = [
  { weight: 40, value: { nodeCount: 1, gpusPerNode: 1 } },
  { weight: 12, value: { nodeCount: 1, gpusPerNode: 2 } },
  { weight: 12, value: { nodeCount: 1, gpusPerNode: 4 } },
  { weight: 24, value: { nodeCount: 1, gpusPerNode: 8 } },
  { weight: 6, value: { nodeCount: 2, gpusPerNode: 8 } },
  { weight: 4, value: { nodeCount: 4, gpusPerNode: 8 } },
  { weight: 2, value: { nodeCount: 8, gpusPerNode: 8 } },
];

/** Devices of a job on average, for arrival rates. */
const MEAN_DEVICES =
  SHAPES.reduce((sum, one) => sum + one.weight * one.value.nodeCount * one.value.gpusPerNode, 0) / 100;
const MEDIAN_S = 1.5 * HOUR_S;
const SIGMA = 1.3;
const LONGEST_S = 3 * DAY_S;
/** Of the log-normal, cut at the longest. */
const MEAN_S = MEDIAN_S * Math.exp((SIGMA * SIGMA) / 2) * 0.953;
/** Part of arrivals that days and nights let through. */
const DAY_MEAN = 0.75;

/** A fleet of 8-card nodes of several models under leaves and spines of one region. */
export function syntheticFleet(accelerators: number): NodeState[] {
  const nodes: NodeState[] = [];
  const total = Math.max(1, Math.round(accelerators / 8));
  let made = 0;
  for (const [index, { modelId, part }] of MODELS.entries()) {
    const count = index === MODELS.length - 1 ? total - made : Math.round(total * part);
    for (let i = 0; i < count; i += 1) nodes.push(nodeAt(made + i, i, `z-${index}`, modelId));
    made += count;
  }
  return nodes;
}

function nodeAt(number: number, i: number, zoneId: string, modelId: string): NodeState {
  const name = `n${String(number).padStart(5, '0')}`;
  const leaf = Math.floor(i / (NODES_PER_RACK * RACKS_PER_LEAF));
  return {
    nodeId: name,
    name,
    regionId: REGION,
    zoneId,
    spine: `s${Math.floor(leaf / LEAVES_PER_SPINE)}`,
    leaf: `l${leaf}`,
    rack: `k${Math.floor(i / NODES_PER_RACK)}`,
    available: true,
    devices: Array.from({ length: 8 }, (_, index) => ({
      deviceId: `${name}-${index}`,
      index,
      modelId,
      island: 0,
      health: 'ok',
      free: true,
    })),
  };
}

interface Tenant {
  org: ShareNode;
  /** Wanted part of the fleet's capacity. */
  want: number;
  most: number;
  models: { weight: number; value: string }[];
}

/** A made-up cloud: Poisson arrivals with days and nights, heavy-tailed durations, gangs, spot, failures. */
export function syntheticScenario(options: SyntheticOptions): Scenario {
  const prng = new Prng(options.seed);
  const nodes = syntheticFleet(options.accelerators);
  const tenants = tenantsOf(options, prng);
  const shares = tenants.flatMap(({ org }) => [org, ...projectsOf(org)]);
  const toS = options.days * DAY_S;
  const jobs = tenants.flatMap((tenant, at) => jobsOf(tenant, options, new Prng(options.seed, at + 1), toS));
  jobs.sort((a, b) => a.atS - b.atS || (a.jobId < b.jobId ? -1 : 1));
  return {
    nodes,
    shares,
    values: MODELS.map(({ modelId, value }) => ({ modelId, value })),
    jobs,
    mostPending: Object.fromEntries(tenants.map(({ org, most }) => [org.nodeId, most])),
    reservations: reservationsOf(options, new Prng(options.seed, 10_001), toS),
    maintenance: [],
    failures: failuresOf(nodes, options.nodeFailureEveryS, new Prng(options.seed, 10_002), toS),
    policy: { ...defaultQueuePolicy, ...options.policy },
    seed: options.seed,
    fromS: 0,
    toS,
    roundEveryS: 300,
    estimateEveryS: HOUR_S,
    sampleEveryS: HOUR_S,
  };
}

/** Half of the organisations want more than their part, half less. */
function tenantsOf(options: SyntheticOptions, prng: Prng): Tenant[] {
  const weights = Array.from({ length: options.organisations }, () => 1 + prng.below(4));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight, at) => {
    const greedy = at % 2 === 0;
    const nodeId = `org-${String(at).padStart(3, '0')}`;
    const org: ShareNode = {
      nodeId,
      parentId: null,
      weight,
      overQuotaWeight: weight,
      guaranteed: [],
      borrowingLimits: [],
      usage: { valueS: 0, atS: 0 },
    };
    return {
      org,
      want: (weight / sum) * options.load * (greedy ? 1.5 : 0.5),
      most: 40 * weight,
      models: MODELS.map(({ modelId, part }) => ({ weight: part, value: modelId })),
    };
  });
}

function projectsOf(org: ShareNode): ShareNode[] {
  return [1, 2].map((project) => ({
    ...org,
    nodeId: `${org.nodeId}-p${project}`,
    parentId: org.nodeId,
    weight: project,
    overQuotaWeight: project,
    guaranteed: [],
    borrowingLimits: [],
  }));
}

function jobsOf(tenant: Tenant, options: SyntheticOptions, prng: Prng, toS: number): SimJob[] {
  const perSecond = (tenant.want * options.accelerators) / (MEAN_DEVICES * MEAN_S * DAY_MEAN);
  const jobs: SimJob[] = [];
  for (let atS = exponential(prng, 1 / perSecond); atS < toS; atS += exponential(prng, 1 / perSecond)) {
    // Nights are quieter than days.
    if (uniform(prng) > DAY_MEAN + (1 - DAY_MEAN) * Math.sin((2 * Math.PI * atS) / DAY_S)) continue;
    jobs.push(jobAt(Math.floor(atS), jobs.length, tenant, prng));
  }
  return jobs;
}

function jobAt(atS: number, number: number, { org, models }: Tenant, prng: Prng): SimJob {
  const jobId = `${org.nodeId}-j${number}`;
  const durationS = Math.max(60, Math.min(LONGEST_S, Math.round(logNormal(prng, MEDIAN_S, SIGMA))));
  const preemptible = uniform(prng) < 0.2;
  // Some state a limit with room to spare, some a guess, some nothing.
  const stated = uniform(prng);
  const limitDurationS = stated < 0.4 ? Math.round(durationS * (1 + 2 * uniform(prng))) : null;
  const guess = Math.round(durationS * logNormal(prng, 1.2, 0.3));
  const project = 1 + prng.below(2);
  return {
    jobId,
    path: [org.nodeId, `${org.nodeId}-p${project}`, `${org.nodeId}-u${prng.below(5)}`],
    ask: {
      requestId: jobId,
      regionId: REGION,
      modelId: choose(prng, models),
      ...choose(prng, SHAPES),
      topology: 'any',
      excludedNodeIds: [],
    },
    priority: preemptible ? 0 : 1,
    preemptible,
    atS,
    durationS,
    expectedDurationS: limitDurationS ?? (stated < 0.8 ? guess : null),
    limitDurationS,
    checkpointEveryS: uniform(prng) < 0.7 ? HOUR_S / 2 : null,
    reservationId: null,
  };
}

/** A few reservations a week of 4 nodes for half a day, bound when they are first seen. */
function reservationsOf(options: SyntheticOptions, prng: Prng, toS: number): Scenario['reservations'] {
  const made: CapacityReservation[] = [];
  for (let fromS = 3 * DAY_S; fromS < toS - DAY_S; fromS += 2 * DAY_S) {
    const reservationId = `res-${made.length}`;
    const modelId = MODELS[prng.below(MODELS.length)]!.modelId;
    made.push({
      reservationId,
      path: ['org-000'],
      ask: {
        requestId: reservationId,
        regionId: REGION,
        modelId,
        nodeCount: Math.max(1, Math.round(options.accelerators / 1_250)),
        gpusPerNode: 8,
        topology: 'any',
        excludedNodeIds: [],
      },
      fromS,
      toS: fromS + DAY_S / 2,
      nodes: null,
    });
  }
  return made;
}

function failuresOf(nodes: readonly NodeState[], everyS: number, prng: Prng, toS: number): SimFailure[] {
  const failures: SimFailure[] = [];
  for (const { nodeId } of nodes) {
    for (let atS = exponential(prng, everyS); atS < toS; atS += exponential(prng, everyS)) {
      const untilS = atS + 2 * HOUR_S + exponential(prng, 4 * HOUR_S);
      failures.push({ nodeId, atS: Math.floor(atS), untilS: Math.floor(untilS) });
      atS = untilS;
    }
  }
  return failures;
}
