import { ConfigError } from '@suanxiang/platform/config-error';
import { describe, expect, test } from 'vitest';
import builtIn from '../fleets/default.json';
import { buildTopology } from '../src/topology/build';
import { parseFleetSpec } from '../src/topology/spec';

const spec = parseFleetSpec(builtIn, 'default.json');

describe('the built-in fleet', () => {
  const topology = buildTopology(spec);
  const nodes = [...topology.nodes.values()];
  const devices = nodes.flatMap((node) => node.devices);

  test('has two regions, at least 2,000 accelerators, and the models the product must offer', () => {
    expect(topology.regions.map(({ id, zones }) => [id, zones])).toEqual([
      ['cn-north', ['cn-north-a', 'cn-north-b']],
      ['ap-southeast', ['ap-southeast-a']],
    ]);
    expect(devices.length).toBeGreaterThanOrEqual(2_000);
    expect(new Set(devices.map(({ modelId }) => modelId)).size).toBeGreaterThanOrEqual(12);
    for (const model of ['nvidia-h100-80g', 'nvidia-h20-96g', 'amd-mi300x-192g', 'ascend-910b3-64g']) {
      expect(devices.some(({ modelId }) => modelId === model)).toBe(true);
    }
  });

  test('gives each machine ids and addresses of its own, eight accelerators a node', () => {
    expect(new Set(devices.map(({ deviceId }) => deviceId)).size).toBe(devices.length);
    expect(new Set(devices.map(({ uuid }) => uuid)).size).toBe(devices.length);
    expect(new Set(nodes.map(({ name }) => name)).size).toBe(nodes.length);
    for (const node of nodes) {
      expect(node.devices.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      expect(new Set(node.devices.map(({ pci }) => pci)).size).toBe(8);
    }
  });

  test('lists the nodes of a zone in the order of their ids, also when there are very many', () => {
    const zones = [{ id: 'z-a', pools: [{ model: 'nvidia-h100-80g', nodes: 10_001 }] }];
    const many = buildTopology({
      ...spec,
      acceleratorsPerNode: 1,
      regions: [{ id: 'z', name: { en: 'Z', zh: '区' }, zones }],
    });
    for (const list of [...topology.zones.values(), ...many.zones.values()]) {
      const ids = list.map(({ nodeId }) => nodeId);
      expect(ids).toEqual([...ids].sort());
    }
  });

  test('is the same every time', () => {
    expect(buildTopology(spec)).toEqual(topology);
    expect(buildTopology({ ...spec, seed: spec.seed + 1 })).not.toEqual(topology);
  });

  test('cables eight nodes of one model to a leaf, four leaves to a spine', () => {
    const groups = (keyOf: (node: (typeof nodes)[number]) => string) =>
      [...new Set(nodes.map(keyOf))].map((key) => nodes.filter((node) => keyOf(node) === key));
    for (const members of groups(({ leaf }) => leaf)) {
      expect(members.length).toBeLessThanOrEqual(8);
      expect(new Set(members.map((node) => node.devices[0]?.modelId)).size).toBe(1);
      expect(new Set(members.map(({ spine }) => spine)).size).toBe(1);
    }
    for (const members of groups(({ spine }) => spine)) {
      expect(new Set(members.map(({ leaf }) => leaf)).size).toBeLessThanOrEqual(4);
    }
  });

  test('accelerators behind PCIe form an island per socket, behind a fabric one per node', () => {
    const islands = (model: string) =>
      new Set(nodes.find((node) => node.devices[0]?.modelId === model)?.devices.map(({ island }) => island)).size;
    expect(islands('nvidia-l40s-48g')).toBe(2);
    expect(islands('nvidia-h100-80g')).toBe(1);
  });
});

describe('a data file', () => {
  const zone = { id: 'z-a', pools: [{ model: 'nvidia-h100-80g', nodes: 1 }] };
  const region = { id: 'z', name: { en: 'Z', zh: 'Z' }, zones: [zone] };

  test.each([
    [{}, 'seed'],
    [{ seed: 1, regions: [] }, 'regions'],
    [{ seed: 1, regions: [{ ...region, zones: [{ ...zone, pools: [{ model: 'x', nodes: 1 }] }] }] }, 'catalogue'],
    [{ seed: 1, regions: [region, { ...region, id: 'y' }] }, 'zone "z-a" appears twice'],
  ])('%j is refused with the place', (value, sentence) => {
    expect(() => parseFleetSpec(value, 'my.json')).toThrow(ConfigError);
    expect(() => parseFleetSpec(value, 'my.json')).toThrow(sentence);
  });
});
