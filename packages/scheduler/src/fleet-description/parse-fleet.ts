import type { NodeState, PlacementRequest } from '../types';
import { type DescriptionProblem, EntryProblems, FleetDescriptionError } from './problems';
import { type Entry, readEntries } from './read-entries';
import { readNode } from './read-node';
import { readRequest } from './read-request';

/**
 * Reads a fleet from text: JSON lines (one node a line), a JSON list of nodes, or `{"nodes": [...]}`. A node is
 * `{name, topology: {region, zone, spine?, leaf?, rack?}, accelerators: {model, count, per_island?} | [{model, island?,
 * health?, free_milli?, id?}], resources?: {vcpus?, memory_bytes?, disk_bytes?, network_mbps?}, labels?, taints?,
 * cordoned?, suspicion_milli?, id?}`. Throws FleetDescriptionError naming the line or entry of everything wrong:
 * unknown fields and levels, nodes or accelerators told twice, amounts below zero.
 */
export function parseFleet(text: string): NodeState[] {
  const entries = readEntries(text, 'nodes');
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

/** Reads requests from text: JSON lines, a JSON list, `{"requests": [...]}` or a single one. Throws as `parseFleet` does. */
export function parseRequests(text: string): PlacementRequest[] {
  const problems: DescriptionProblem[] = [];
  const requests = readEntries(text, 'requests').map(({ where, value }) => {
    const own = new EntryProblems(where);
    const request = readRequest(value, own);
    problems.push(...own.list);
    return request;
  });
  if (problems.length > 0) throw new FleetDescriptionError(problems);
  return requests;
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
