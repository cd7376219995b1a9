import { acceleratorModel } from '@suanxiang/domain/accelerators';
import type { DeviceInventory, NodeInventory } from '@suanxiang/hal/driver';
import { hashPair, hashText } from './hash';
import { islandsOf, NODE_TYPES } from './node-types';
import type { FleetSpec } from './spec';

const GIB = 1024 ** 3;

export interface Region {
  id: string;
  name: { en: string; zh: string };
  zones: string[];
}

/** The fleet as it was built: what never changes while it runs. Health and schedulability are state. */
export interface Topology {
  seed: number;
  regions: Region[];
  /** Nodes of each zone in order of their ids. */
  zones: Map<string, NodeInventory[]>;
  nodes: Map<string, NodeInventory>;
  devices: Map<string, { device: DeviceInventory; node: NodeInventory }>;
}

const pad = (value: number, digits: number) => String(value).padStart(digits, '0');
const hex = (value: number) => value.toString(16).padStart(8, '0');

function uuidOf(seed: number, deviceId: string): string {
  const words = [1, 2, 3, 4].map((salt) => hex(hashPair(hashText(deviceId, seed), salt)));
  const [a = '', b = '', c = '', d = ''] = words;
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-a${c.slice(1, 4)}-${c.slice(4)}${d}`;
}

/** PCI addresses as on a two-socket host: a bus every 0x13, four accelerators on each side. */
function pciOf(index: number): string {
  return `0000:${(0x1a + index * 0x13).toString(16).padStart(2, '0')}:00.0`;
}

function buildDevices(spec: FleetSpec, nodeId: string, modelId: string): DeviceInventory[] {
  const model = acceleratorModel(modelId);
  const islands = islandsOf(model.vendorClass, model.interconnect);
  const perIsland = Math.ceil(spec.acceleratorsPerNode / islands);
  const prefix = model.vendorClass === 'nvidia' || model.vendorClass === 'metax' ? 'GPU-' : '';
  return Array.from({ length: spec.acceleratorsPerNode }, (_, index) => {
    const deviceId = `${nodeId}-d${index}`;
    return {
      deviceId,
      index,
      modelId,
      uuid: `${prefix}${uuidOf(spec.seed, deviceId)}`,
      pci: pciOf(index),
      memoryBytes: model.memoryBytes,
      island: Math.floor(index / perIsland),
      health: 'ok' as const,
    };
  });
}

type ZoneSpec = FleetSpec['regions'][number]['zones'][number];

function buildZone(spec: FleetSpec, region: string, zone: ZoneSpec): NodeInventory[] {
  const nodes: NodeInventory[] = [];
  const perLeaf = spec.nodesPerRack * spec.racksPerLeaf;
  const total = zone.pools.reduce((sum, pool) => sum + pool.nodes, 0);
  // One width for all numbers of a zone, so that ids sort as they count.
  const digits = Math.max(4, String(total).length);
  let firstLeaf = 0;
  for (const { model, nodes: count } of zone.pools) {
    const type = NODE_TYPES[acceleratorModel(model).vendorClass];
    for (let position = 0; position < count; position += 1) {
      // Every pool begins on a leaf of its own, as real pods do.
      const leafNumber = firstLeaf + Math.floor(position / perLeaf);
      const leaf = `${zone.id}-l${pad(leafNumber + 1, 2)}`;
      const number = pad(nodes.length + 1, digits);
      const nodeId = `${zone.id}-n${number}`;
      nodes.push({
        nodeId,
        name: `${model.split('-').slice(1, -1).join('-')}-${number}.${zone.id}`,
        region,
        zone: zone.id,
        spine: `${zone.id}-s${1 + Math.floor(leafNumber / spec.leavesPerSpine)}`,
        leaf,
        rack: `${leaf}-r${1 + Math.floor((position % perLeaf) / spec.nodesPerRack)}`,
        vcpus: type.vcpus,
        memoryBytes: type.memoryGib * GIB,
        driverVersion: type.driverVersion,
        runtimeVersion: type.runtimeVersion,
        schedulable: true,
        devices: buildDevices(spec, nodeId, model),
      });
    }
    firstLeaf += Math.ceil(count / perLeaf);
  }
  return nodes;
}

/** Builds the fleet of a spec: the same spec gives the same ids, addresses and cabling, always. */
export function buildTopology(spec: FleetSpec): Topology {
  const topology: Topology = {
    seed: spec.seed,
    regions: spec.regions.map(({ id, name, zones }) => ({ id, name, zones: zones.map((zone) => zone.id) })),
    zones: new Map(),
    nodes: new Map(),
    devices: new Map(),
  };
  for (const region of spec.regions) {
    for (const zone of region.zones) {
      const nodes = buildZone(spec, region.id, zone);
      topology.zones.set(zone.id, nodes);
      for (const node of nodes) {
        topology.nodes.set(node.nodeId, node);
        for (const device of node.devices) topology.devices.set(device.deviceId, { device, node });
      }
    }
  }
  return topology;
}
