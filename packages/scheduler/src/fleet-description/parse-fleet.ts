import type { NodeState } from '../types';
import { type DescriptionProblem, EntryProblems, FleetDescriptionError } from './problems';
import { isFields, readNode } from './read-node';

interface Entry {
  where: { en: string; zh: string };
  value: unknown;
}

/**
 * Reads a fleet from text: JSON lines (one node a line), a JSON list of nodes, or `{"nodes": [...]}`. A node is
 * `{name, topology: {region, zone, spine?, leaf?, rack?}, accelerators: {model, count, per_island?} | [{model, island?,
 * health?, free_milli?, id?}], resources?: {vcpus?, memory_bytes?, disk_bytes?, network_mbps?}, labels?, taints?,
 * cordoned?, suspicion_milli?, id?}`. Throws FleetDescriptionError naming the line or entry of everything wrong:
 * unknown fields and levels, nodes or accelerators told twice, amounts below zero.
 */
export function parseFleet(text: string): NodeState[] {
  const entries = readEntries(text);
  const problems: DescriptionProblem[] = [];
  const nodes = entries.map(({ where, value }) => {
    const own = new EntryProblems(where);
    const node = readNode(value, own);
    problems.push(...own.list);
    return node;
  });
  problems.push(...toldTwice(entries, nodes));
  if (problems.length > 0) throw new FleetDescriptionError(problems);
  return nodes;
}

function readEntries(text: string): Entry[] {
  const whole = parse(text);
  if ('value' in whole) return readDocument(whole.value);
  const lines = text.split(/\r?\n/).map((line, i) => ({ line, number: i + 1 }));
  const told = lines.filter(({ line }) => line.trim() !== '');
  const first = parse(told[0]?.line ?? '');
  // Not JSON as a whole, nor by lines: the fault of the whole says more.
  if (!('value' in first) && told.length < 2) throw notJson('document', '文档', whole.problem);
  const entries: Entry[] = [];
  const problems: DescriptionProblem[] = [];
  for (const { line, number } of told) {
    const where = { en: `line ${number}`, zh: `第 ${number} 行` };
    const parsed = parse(line);
    if ('value' in parsed) entries.push({ where, value: parsed.value });
    else problems.push({ where, en: `not JSON: ${parsed.problem}`, zh: `不是有效的 JSON：${parsed.problem}` });
  }
  if (problems.length > 0) throw new FleetDescriptionError(problems);
  return entries;
}

function readDocument(value: unknown): Entry[] {
  const list = isFields(value) && 'nodes' in value ? value.nodes : isFields(value) ? [value] : value;
  if (!Array.isArray(list)) throw notJson('document', '文档', 'a list of nodes is expected');
  return list.map((one, i) => ({ where: { en: `entry ${i + 1}`, zh: `第 ${i + 1} 项` }, value: one }));
}

function parse(text: string): { value: unknown } | { problem: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

function notJson(en: string, zh: string, problem: string): FleetDescriptionError {
  return new FleetDescriptionError([
    { where: { en, zh }, en: `not JSON: ${problem}`, zh: `不是有效的 JSON：${problem}` },
  ]);
}

/** Names and ids that occur twice, each named with the place of the first. */
function toldTwice(entries: readonly Entry[], nodes: readonly NodeState[]): DescriptionProblem[] {
  const problems: DescriptionProblem[] = [];
  const seen = new Map<string, Entry['where']>();
  nodes.forEach(({ name, nodeId, devices }, i) => {
    const { where } = entries[i]!;
    const check = (kind: string, zh: string, id: string) => {
      const before = seen.get(`${kind} ${id}`);
      if (!before) seen.set(`${kind} ${id}`, where);
      else if (id !== '') {
        problems.push({
          where,
          en: `${kind} "${id}" is told already in ${before.en}`,
          zh: `${zh} "${id}" 已在${before.zh}出现`,
        });
      }
    };
    check('node', '节点', name);
    if (nodeId !== name) check('node id', '节点 id', nodeId);
    for (const { deviceId } of devices) check('accelerator', '加速卡', deviceId);
  });
  return problems;
}
