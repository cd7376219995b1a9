import { requestProblems } from '../request/check-request';
import type { PlacementRequest } from '../types';
import { type EntryProblems, isFields } from './problems';

const TOPOLOGIES = ['any', 'same_spine', 'same_leaf', 'same_rack', 'same_island', 'spread'];
const TEXTS = ['requestId', 'regionId', 'modelId'] as const;
const LISTS = ['alternatives', 'excludedNodeIds', 'antiAffinity', 'labelRules', 'tolerations', 'zoneIds'] as const;
const OBJECTS = ['resources', 'spread'] as const;
const NUMBERS = ['nodeCount', 'gpusPerNode', 'minNodeCount', 'milli'] as const;
const KEYS = [...TEXTS, ...LISTS, ...OBJECTS, ...NUMBERS, 'topology', 'topologyPreferred'];

/**
 * A placement request from data, in the words of PlacementRequest; `nodeCount` is 1, `topology` is `any` and nothing is
 * excluded unless told otherwise. What is wrong with it, in itself or as a contradiction, goes to `problems`.
 */
export function readRequest(value: unknown, problems: EntryProblems): PlacementRequest {
  const fields = isFields(value) ? value : {};
  if (!isFields(value)) problems.add('a request must be an object', '请求必须是对象');
  const { where } = problems;
  const request = { requestId: where.en, nodeCount: 1, topology: 'any', excludedNodeIds: [], ...fields };
  problems.unknownKeys(request, KEYS, 'field of a request', '请求字段');
  const told = request as Record<string, unknown>;
  for (const key of TEXTS) problems.text(told[key], key);
  for (const key of NUMBERS) problems.amount(told[key], key, 0);
  if (told.gpusPerNode === undefined) problems.add('gpusPerNode is missing', '缺少 gpusPerNode');
  for (const key of LISTS) {
    if (told[key] !== undefined && !Array.isArray(told[key]))
      problems.add(`${key} must be a list`, `${key} 必须是列表`);
  }
  for (const key of OBJECTS) {
    if (told[key] !== undefined && !isFields(told[key])) problems.add(`${key} must be an object`, `${key} 必须是对象`);
  }
  if (!TOPOLOGIES.includes(request.topology)) {
    problems.add(`topology must be one of ${TOPOLOGIES.join(', ')}`, `topology 必须是 ${TOPOLOGIES.join('、')} 之一`);
  }
  const read = request as unknown as PlacementRequest;
  // Contradictions are looked for only where every field is what it should be.
  if (problems.list.length === 0) for (const one of requestProblems(read)) problems.add(one, one);
  return read;
}
