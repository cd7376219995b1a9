import { expect } from 'vitest';
import type { Api, Reply } from './api';
import { documentedOperations, type Operation } from './matrix';

/** Credentials that the fuzzer sends with. */
export interface FuzzKeys {
  /** May read and write. */
  key: string;
  /** May only read. */
  reader: string;
}

/** One request that is always answered the same way. */
interface Deliberate {
  status: number;
  operation: string;
  /** The project of the path; null: the one that was created here. */
  projectId?: string | null;
  query?: string;
  token: string | null;
  headers?: Record<string, string>;
  body?: object;
}

const UNKNOWN = 'proj_01kz8x5v2hfq9t3m7c4n6b8wde';
const SAME = { 'idempotency-key': 'deliberate-1' };

function deliberately({ key, reader }: FuzzKeys): Deliberate[] {
  const create = { operation: 'createProject', token: key };
  const get = { operation: 'getProject', token: key, projectId: null };
  return [
    // Again and again with one key: created once, then answered from memory.
    { ...create, status: 201, headers: SAME, body: { name: 'deliberate' } },
    { ...create, status: 422, headers: SAME, body: { name: 'another' } },
    { ...create, status: 403, token: reader, body: { name: 'reader' } },
    { ...get, status: 200 },
    { ...get, status: 400, query: '?unknown=1' },
    { ...get, status: 401, token: null },
    { ...get, status: 404, projectId: UNKNOWN },
    { ...get, status: 412, headers: { 'if-match': '"x"' } },
  ];
}

/**
 * Requests that chance makes too rarely to rely on, among those it makes: each status that the fuzzer promises to meet,
 * from the state that the other requests have left. Answers what was sent and received.
 */
export function createDeliberate(api: Api, keys: FuzzKeys): () => Promise<[Operation, Reply][]> {
  const operations = new Map(documentedOperations().map((operation) => [operation.id, operation]));
  let created = '';
  return async () => {
    const replies: [Operation, Reply][] = [];
    for (const { status, operation: id, projectId, query, token, headers, body } of deliberately(keys)) {
      const operation = operations.get(id)!;
      const url = operation.path.replace('{project_id}', projectId ?? created) + (query ?? '');
      const text = body && JSON.stringify(body);
      const reply = await api.send(operation.method, url, { token, orgId: null, headers: headers ?? {} }, text);
      expect(reply.status, `${id}: ${reply.text}`).toBe(status);
      if (status === 201) created = reply.json.id as string;
      replies.push([operation, reply]);
    }
    return replies;
  };
}
