import type { DeviceHealth, DeviceState, NodeResources, NodeState, Taint } from '../types';
import { type EntryProblems, isFields } from './problems';

const NODE_KEYS = [
  'id',
  'name',
  'topology',
  'accelerators',
  'resources',
  'labels',
  'taints',
  'cordoned',
  'suspicion_milli',
];
const LEVELS = ['region', 'zone', 'spine', 'leaf', 'rack'];
const RESOURCE_KEYS = ['vcpus', 'memory_bytes', 'disk_bytes', 'network_mbps'];
const GROUP_KEYS = ['model', 'count', 'per_island'];
const DEVICE_KEYS = ['id', 'model', 'island', 'health', 'free_milli'];
const HEALTHS: readonly string[] = ['ok', 'degraded', 'failed', 'unknown'];
const MOST_PER_MODEL = 32;

type Fields = Record<string, unknown>;

/** One node of a fleet description; what is wrong with it goes to `problems`. */
export function readNode(value: unknown, problems: EntryProblems): NodeState {
  const fields = fieldsOf(value, 'a node', '节点', problems);
  problems.unknownKeys(fields, NODE_KEYS, 'field', '字段');
  const name = problems.text(fields.name, 'name');
  const topology = fieldsOf(fields.topology, 'topology', 'topology', problems);
  problems.unknownKeys(topology, LEVELS, 'level', '层级');
  const level = (key: string) => (topology[key] === undefined ? '' : problems.text(topology[key], `topology.${key}`));
  return {
    nodeId: fields.id === undefined ? name : problems.text(fields.id, 'id'),
    name,
    regionId: problems.text(topology.region, 'topology.region'),
    zoneId: problems.text(topology.zone, 'topology.zone'),
    spine: level('spine'),
    leaf: level('leaf'),
    rack: level('rack'),
    available: !readFlag(fields.cordoned, 'cordoned', problems),
    devices: readDevices(name, fields.accelerators, problems),
    resources: readResources(fields.resources, problems),
    labels: readLabels(fields.labels, problems),
    taints: readTaints(fields.taints, problems),
    suspicionMilli: problems.amount(fields.suspicion_milli, 'suspicion_milli', 0, 1000),
  };
}

function fieldsOf(value: unknown, en: string, zh: string, problems: EntryProblems): Fields {
  if (isFields(value)) return value;
  problems.add(`${en} must be an object`, `${zh}必须是对象`);
  return {};
}

function readFlag(value: unknown, name: string, problems: EntryProblems): boolean {
  if (value === undefined || typeof value === 'boolean') return value ?? false;
  problems.add(`${name} must be true or false`, `${name} 必须是 true 或 false`);
  return false;
}

function readResources(value: unknown, problems: EntryProblems): Partial<NodeResources> {
  if (value === undefined) return {};
  const fields = fieldsOf(value, 'resources', 'resources', problems);
  problems.unknownKeys(fields, RESOURCE_KEYS, 'resource', '资源');
  const amount = (key: string) => problems.amount(fields[key], `resources.${key}`, null);
  const [vcpus, memoryBytes] = [amount('vcpus'), amount('memory_bytes')];
  const [diskBytes, networkMbps] = [amount('disk_bytes'), amount('network_mbps')];
  return {
    ...(vcpus === null ? {} : { vcpuMilli: Math.round(vcpus * 1_000) }),
    ...(memoryBytes === null ? {} : { memoryBytes }),
    ...(diskBytes === null ? {} : { diskBytes }),
    ...(networkMbps === null ? {} : { networkMbps }),
  };
}

function readLabels(value: unknown, problems: EntryProblems): Record<string, string> {
  if (value === undefined) return {};
  const fields = fieldsOf(value, 'labels', 'labels', problems);
  return Object.fromEntries(Object.entries(fields).map(([key, text]) => [key, problems.text(text, `labels.${key}`)]));
}

function readTaints(value: unknown, problems: EntryProblems): Taint[] {
  if (value === undefined) return [];
  return listOf(value, 'taints', problems).map((one, i) => {
    const fields = fieldsOf(one, `taints[${i}]`, `taints[${i}]`, problems);
    problems.unknownKeys(fields, ['key', 'value'], 'field of a taint', '污点字段');
    const text = fields.value === undefined ? '' : problems.text(fields.value, `taints[${i}].value`);
    return { key: problems.text(fields.key, `taints[${i}].key`), value: text };
  });
}

function listOf(value: unknown, name: string, problems: EntryProblems): unknown[] {
  if (Array.isArray(value)) return value;
  problems.add(`${name} must be a list`, `${name} 必须是列表`);
  return [];
}

/** Accelerators one by one, or as `{model, count, per_island}`. */
function readDevices(node: string, value: unknown, problems: EntryProblems): DeviceState[] {
  const devices = isFields(value) ? readGroup(node, value, problems) : readList(node, value, problems);
  const counts = new Map<string, number>();
  for (const { modelId } of devices) counts.set(modelId, (counts.get(modelId) ?? 0) + 1);
  for (const [modelId, count] of counts) {
    if (count > MOST_PER_MODEL) {
      problems.add(
        `${count} accelerators of ${modelId} on one node; at most ${MOST_PER_MODEL}`,
        `单节点 ${modelId} 有 ${count} 张，最多 ${MOST_PER_MODEL} 张`,
      );
    }
  }
  return devices;
}

function readGroup(node: string, value: Fields, problems: EntryProblems): DeviceState[] {
  problems.unknownKeys(value, GROUP_KEYS, 'field of accelerators', '加速卡字段');
  const modelId = problems.text(value.model, 'accelerators.model');
  const count = readWhole(value.count, 'accelerators.count', problems);
  const perIsland =
    value.per_island === undefined ? count : readWhole(value.per_island, 'accelerators.per_island', problems);
  return Array.from({ length: count }, (_, index) => {
    const island = perIsland === 0 ? 0 : Math.floor(index / perIsland);
    return { deviceId: `${node}-d${index}`, index, modelId, island, health: 'ok', free: true };
  });
}

function readWhole(value: unknown, name: string, problems: EntryProblems): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 1_024) return value;
  problems.add(
    `${name} is ${JSON.stringify(value)}, but must be a whole number from 1 to 1024`,
    `${name} 为 ${JSON.stringify(value)}，必须是 1 到 1024 的整数`,
  );
  return 0;
}

function readList(node: string, value: unknown, problems: EntryProblems): DeviceState[] {
  return listOf(value, 'accelerators', problems).map((one, index) => {
    const at = `accelerators[${index}]`;
    const fields = fieldsOf(one, at, at, problems);
    problems.unknownKeys(fields, DEVICE_KEYS, 'field of an accelerator', '加速卡字段');
    const health = fields.health ?? 'ok';
    if (typeof health !== 'string' || !HEALTHS.includes(health)) {
      problems.add(
        `${at}.health must be one of ${HEALTHS.join(', ')}`,
        `${at}.health 必须是 ${HEALTHS.join('、')} 之一`,
      );
    }
    const freeMilli = Math.round(problems.amount(fields.free_milli, `${at}.free_milli`, 1000, 1000));
    return {
      deviceId: fields.id === undefined ? `${node}-d${index}` : problems.text(fields.id, `${at}.id`),
      index,
      modelId: problems.text(fields.model, `${at}.model`),
      island: problems.amount(fields.island, `${at}.island`, 0),
      health: health as DeviceHealth,
      free: freeMilli === 1000,
      freeMilli,
    };
  });
}
