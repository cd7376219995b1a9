import { readFileSync } from 'node:fs';
import { idKindOf, type Shape } from '@suanxiang/contract/sample';
import pg from 'pg';
import type { Reply } from './api';
import { withValue } from './requests';
import type { Ids } from './two-tenants';

interface Parameter {
  $ref?: string;
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: Shape;
  example?: unknown;
}

interface DocumentedOperation {
  operationId: string;
  security: Record<string, never>[];
  parameters: Parameter[];
  requestBody?: { content: { 'application/json': { schema: Shape; example: unknown } } };
  responses: Record<string, unknown>;
  'x-required-permission'?: string;
}

/** An operation as the OpenAPI document describes it. */
export interface Operation {
  id: string;
  method: string;
  path: string;
  /** Who may call: nobody in particular, a tenant, an operator. */
  plane: 'public' | 'tenant' | 'operator';
  permission: string | null;
  parameters: Parameter[];
  body: { schema: Shape; example: unknown } | null;
  statuses: string[];
}

interface OpenApi {
  paths: Record<string, Record<string, DocumentedOperation>>;
}

function planeOf({ security }: DocumentedOperation): Operation['plane'] {
  if (security.length === 0) return 'public';
  return 'operatorToken' in security[0]! ? 'operator' : 'tenant';
}

/** Every operation of docs/generated/openapi.json. */
export function documentedOperations(): Operation[] {
  const file = new URL('../../../../docs/generated/openapi.json', import.meta.url);
  const { paths } = JSON.parse(readFileSync(file, 'utf8')) as OpenApi;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      id: operation.operationId,
      method: method.toUpperCase(),
      path,
      plane: planeOf(operation),
      permission: operation['x-required-permission'] ?? null,
      parameters: operation.parameters.filter(({ $ref }) => !$ref),
      body: operation.requestBody?.content['application/json'] ?? null,
      statuses: Object.keys(operation.responses),
    })),
  );
}

/** What an id's place is for, where its pattern does not say it. */
const BY_NAME: Record<string, keyof Ids> = { resource_id: 'workloadInstance', invoice_id: 'invoice', key: 'line' };

function placeOf(name: string, schema: Shape): keyof Ids | null {
  return idKindOf(schema) ?? BY_NAME[name] ?? null;
}

export interface Attempt {
  url: string;
  body: unknown;
  /** Kinds of ids that were put in. */
  named: (keyof Ids)[];
}

/** A request of an operation that names these ids wherever an id can stand: path, query, body. */
export function attemptOf(operation: Operation, ids: Ids): Attempt {
  const named: (keyof Ids)[] = [];
  const take = (name: string, schema: Shape): string | null => {
    const kind = placeOf(name, schema);
    if (kind === null) return null;
    const id = ids[kind];
    if (id === undefined) throw new Error(`two-tenants.ts makes no ${kind}, which ${operation.id} takes`);
    named.push(kind);
    return id;
  };
  const query = new URLSearchParams();
  let url = operation.path;
  for (const { name, in: where, required, schema, example } of operation.parameters) {
    const value = take(name, schema) ?? (required ? String(example) : null);
    if (value === null) continue;
    if (where === 'path') url = url.replace(`{${name}}`, encodeURIComponent(value));
    else query.set(name, value);
  }
  let body = operation.body?.example;
  for (const [name, schema] of Object.entries(operation.body?.schema.properties ?? {})) {
    const id = take(name, schema) ?? (schema.items ? take(name, schema.items) : null);
    if (id !== null) body = withValue(body, schema.items ? [name, '0'] : [name], id);
  }
  return { url: query.size > 0 ? `${url}?${query}` : url, body, named };
}

/** What may differ between two answers without saying anything. */
export function comparable(reply: Reply): object {
  // A report up to now has another end, and so another tag, a second later.
  const { 'x-request-id': _, ratelimit: __, date: ___, etag: ____, ...headers } = reply.headers;
  const body = reply.text.replace(/req_[0-9a-z]{26}/g, 'req').replace(/"to_s":\d+/, '"to_s":0');
  return { status: reply.status, headers, body };
}

/** Every row of an organisation in every table, so that a single changed byte shows. */
export async function rowsOf(admin: pg.Client, orgId: string, except: readonly string[] = []): Promise<unknown> {
  const tables = await admin.query(
    `SELECT c.table_name AS name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE table_schema = 'public' AND column_name = 'org_id' AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'usage_block_%' ORDER BY 1`,
  );
  const found: Record<string, unknown> = {};
  for (const { name } of tables.rows) {
    if (except.includes(name)) continue;
    const sql = `SELECT to_jsonb(t) - 'last_used_at' - 'last_used_ip_prefix' - 'last_used_agent' AS row
      FROM ${pg.escapeIdentifier(name)} t WHERE org_id = $1 ORDER BY to_jsonb(t)::text`;
    found[name] = (await admin.query(sql, [orgId])).rows;
  }
  found.organization = (await admin.query('SELECT * FROM organization WHERE id = $1', [orgId])).rows;
  return found;
}
