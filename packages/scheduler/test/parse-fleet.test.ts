import { expect, test } from 'vitest';
import { parseFleet, parseRequests } from '../src/fleet-description/parse-fleet';
import { FleetDescriptionError } from '../src/fleet-description/problems';
import { FleetState } from '../src/fleet-state';
import { place } from '../src/place';
import { request } from './support/fleets';

const topology = { region: 'r', zone: 'z', leaf: 'l1' };
const plain = (name: string, over: object = {}) => ({
  name,
  topology,
  accelerators: { model: 'm', count: 8, per_island: 4 },
  resources: { vcpus: 96, memory_bytes: 2 ** 40 },
  ...over,
});

function problemsOf(text: string): string[] {
  try {
    parseFleet(text);
  } catch (error) {
    if (error instanceof FleetDescriptionError) {
      for (const one of error.problems) expect(one.zh).toMatch(/[一-龥]/);
      return error.problems.map((one) => `${one.where.en}: ${one.en}`);
    }
    throw error;
  }
  return [];
}
const problemOf = (over: object) => problemsOf(JSON.stringify([plain('a'), plain('b', over)]));

test('a list, an object with nodes, JSON lines and a single node say the same', () => {
  const nodes = [plain('a'), plain('b')];
  const read = parseFleet(JSON.stringify(nodes));
  expect(parseFleet(JSON.stringify({ nodes }, null, 2))).toEqual(read);
  expect(parseFleet(`${JSON.stringify(nodes[0])}\n\n${JSON.stringify(nodes[1])}\r\n`)).toEqual(read);
  expect(parseFleet(JSON.stringify(nodes[0]))).toEqual(read.slice(0, 1));
  expect(read[0]).toMatchObject({ nodeId: 'a', regionId: 'r', spine: '', leaf: 'l1', rack: '', available: true });
  expect(read[0]?.resources).toEqual({ vcpuMilli: 96_000, memoryBytes: 2 ** 40 });
  expect(read[0]?.devices.map((one) => one.island)).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  expect(place(new FleetState(read), request({ gpusPerNode: 8 })).placed).toBe(true);
});

test('accelerators one by one, with their health and shares', () => {
  const accelerators = [
    { model: 'm', free_milli: 400 },
    { id: 'x', model: 'n', island: 1, health: 'failed' },
  ];
  const [node] = parseFleet(JSON.stringify([plain('a', { accelerators, cordoned: true, taints: [{ key: 'k' }] })]));
  expect(node).toMatchObject({
    available: false,
    taints: [{ key: 'k', value: '' }],
    devices: [
      { deviceId: 'a-d0', index: 0, modelId: 'm', island: 0, health: 'ok', free: false, freeMilli: 400 },
      { deviceId: 'x', index: 1, modelId: 'n', island: 1, health: 'failed', free: true },
    ],
  });
});

test('what is wrong is named with its entry', () => {
  expect(problemOf({ topology: { ...topology, pod: 'p' } })).toEqual([
    'entry 2: unknown level "pod" (known: region, zone, spine, leaf, rack)',
  ]);
  expect(problemOf({ name: 'a' })).toEqual([
    'entry 2: node "a" is told already in entry 1',
    ...[0, 1, 2, 3, 4, 5, 6, 7].map((i) => `entry 2: accelerator "a-d${i}" is told already in entry 1`),
  ]);
  expect(problemOf({ resources: { vcpus: -1, memory_bytes: '1' } })).toEqual([
    'entry 2: resources.vcpus is -1, but must be a number 0 or more',
    'entry 2: resources.memory_bytes is "1", but must be a number 0 or more',
  ]);
  expect(problemOf({ accelerators: { model: 'm', count: -8 } })[0]).toMatch(/entry 2: accelerators.count is -8/);
  expect(problemOf({ accelerators: { model: 'm', count: 33 } })[0]).toMatch(/33 accelerators of m on one node/);
  expect(problemOf({ accelerators: [{ model: 'm', free_milli: 1001 }] })[0]).toMatch(/free_milli is 1001.*0 to 1000/);
  expect(problemOf({ topology: { zone: 'z' } })).toEqual(['entry 2: topology.region must be a text that is not empty']);
  expect(problemOf({ gpus: 8 })[0]).toMatch(/^entry 2: unknown field "gpus"/);
  expect(problemOf({ labels: { a: 1 }, cordoned: 'no' })).toHaveLength(2);
});

test('lines are named where the description is lines', () => {
  const lines = `${JSON.stringify(plain('a'))}\n{"name": \n\n${JSON.stringify(plain('c'))}`;
  expect(problemsOf(lines)).toEqual([expect.stringMatching(/^line 2: not JSON/)]);
  const twice = `${JSON.stringify(plain('a'))}\n\n${JSON.stringify(plain('c', { id: 'i', accelerators: [] }))}\n${JSON.stringify(plain('d', { id: 'i', accelerators: [] }))}`;
  expect(problemsOf(twice)).toEqual(['line 4: node id "i" is told already in line 3']);
  expect(problemsOf('nonsense')).toEqual([expect.stringMatching(/^document: not JSON/)]);
  expect(problemsOf('3')).toEqual([expect.stringMatching(/^document: .*list of nodes/)]);
  expect(problemsOf('[1]')[0]).toBe('entry 1: a node must be an object');
});

test('requests are read in the same ways, with defaults, and their faults and contradictions are named', () => {
  const asked = { regionId: 'r', modelId: 'm', gpusPerNode: 8 };
  expect(parseRequests(JSON.stringify([asked]))).toEqual([
    { requestId: 'entry 1', nodeCount: 1, topology: 'any', excludedNodeIds: [], ...asked },
  ]);
  expect(parseRequests(`${JSON.stringify(asked)}\n${JSON.stringify({ ...asked, requestId: 'b' })}`)[1]?.requestId).toBe(
    'b',
  );
  const fault = (over: object) => () => parseRequests(JSON.stringify({ requests: [{ ...asked, ...over }] }));
  expect(fault({ gpus: 1 })).toThrow('entry 1: unknown field of a request "gpus"');
  expect(fault({ topology: 'same_pod' })).toThrow('entry 1: topology must be one of any');
  expect(fault({ zoneIds: 'z' })).toThrow('zoneIds must be a list');
  expect(fault({ gpusPerNode: -1 })).toThrow('gpusPerNode is -1');
  expect(fault({ milli: 500 })).toThrow('a slice (milli 500) is of one device, but gpusPerNode is 8');
});
