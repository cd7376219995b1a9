import type { Route } from '@suanxiang/contract/route';
import { idKindOf, type Shape, sampleOf } from '@suanxiang/contract/sample';
import { problem } from '@suanxiang/contract/schemas/problem';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Api, Reply } from './api';
import { createDeliberate, type FuzzKeys } from './deliberate';
import { documentedOperations, type Operation } from './matrix';
import { routes } from './requests';
import { addKey, type Tenant } from './tenant';
import type { Ids } from './two-tenants';

/** One request as the generator thinks it up. */
export interface FuzzedRequest {
  operation: Operation;
  params: Record<string, unknown>;
  query: [string, unknown][];
  body: unknown;
  credential: 'key' | 'session' | 'reader' | 'none' | 'garbage';
  headers: Record<string, string>;
}

const nasty = fc.constantFrom(
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\u202e',
  '%',
  '_',
  '*',
  '..',
  '../../etc/passwd',
  "' OR 1=1 --",
  '{}',
  '[]',
  'null',
  'undefined',
  'NaN',
  '-1',
  '1e309',
  '9007199254740993',
  '__proto__',
  'constructor',
  'a'.repeat(5_000),
  '算想云',
  '🙂',
  'http://169.254.169.254/',
  '2026-02-30T25:61:61Z',
);

function textFor(shape: Shape, name: string): fc.Arbitrary<unknown> {
  const sample = sampleOf(shape, { optional: true }, name);
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant(sample) },
    { weight: 2, arbitrary: fc.string() },
    { weight: 1, arbitrary: nasty },
  );
}

/** Values for a schema: mostly what it takes, sometimes nearly, sometimes anything. */
function valueFor(shape: Shape, name: string, ids: Ids): fc.Arbitrary<unknown> {
  const kind = idKindOf(shape);
  const own = kind && ids[kind] ? [{ weight: 4, arbitrary: fc.constant<unknown>(ids[kind]) }] : [];
  const fitting = fittingFor(shape, name, ids);
  return fc.oneof(
    { weight: 12, arbitrary: fitting },
    ...own,
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
    { weight: 1, arbitrary: nasty },
  );
}

function fittingFor(shape: Shape, name: string, ids: Ids): fc.Arbitrary<unknown> {
  if (shape.enum) return fc.constantFrom(...shape.enum);
  if (shape.const !== undefined) return fc.constant(shape.const);
  const choices = shape.anyOf ?? shape.allOf;
  if (choices) return fc.oneof(...choices.map((one) => valueFor(one, name, ids)));
  switch (Array.isArray(shape.type) ? shape.type[0] : shape.type) {
    case 'integer':
    case 'number': {
      const min = Math.ceil(shape.minimum ?? -10);
      return fc.oneof(
        fc.integer({ min, max: Math.max(min, Math.floor(shape.maximum ?? 1_000)) }),
        fc.integer(),
        fc.double(),
      );
    }
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(valueFor(shape.items ?? {}, name, ids), { maxLength: 4 });
    case 'object':
      return objectFor(shape, ids);
    default:
      return textFor(shape, name);
  }
}

function objectFor(shape: Shape, ids: Ids): fc.Arbitrary<unknown> {
  const fields = Object.entries(shape.properties ?? {});
  if (fields.length === 0) return fc.dictionary(fc.string(), fc.string(), { maxKeys: 5 });
  const model = Object.fromEntries(fields.map(([name, field]) => [name, valueFor(field, name, ids)]));
  const exact = fc.record(model, { requiredKeys: [] });
  const required = shape.required ?? [];
  const whole = fc.record(model, { requiredKeys: required.filter((name) => name in model) });
  const more = fc.tuple(whole, fc.string(), fc.jsonValue()).map(([body, name, value]) => ({ ...body, [name]: value }));
  return fc.oneof({ weight: 8, arbitrary: whole }, { weight: 2, arbitrary: exact }, { weight: 1, arbitrary: more });
}

const headers = fc.record(
  {
    'if-match': fc.oneof(fc.constantFrom('*', '"x"', 'W/"x"', 'x', '""'), fc.string({ unit: 'grapheme-ascii' })),
    'if-none-match': fc.constantFrom('*', '"x"', 'x'),
    'api-version': fc.constantFrom('2026-11-01', '2020-01-01', 'x'),
    'accept-language': fc.constantFrom('zh-CN', 'en', '*', 'x'.repeat(100)),
    'x-request-id': fc.string({ unit: 'grapheme-ascii' }),
    'organization-id': fc.constantFrom('org_01kz8x5v2hfq9t3m7c4n6b8wde', 'x', ''),
  },
  { requiredKeys: [] },
);

function requestFor(operation: Operation, ids: Ids): fc.Arbitrary<FuzzedRequest> {
  const inPath = operation.parameters.filter((one) => one.in === 'path');
  const inQuery = operation.parameters.filter((one) => one.in === 'query');
  return fc.record({
    operation: fc.constant(operation),
    params: fc.record(Object.fromEntries(inPath.map(({ name, schema }) => [name, valueFor(schema, name, ids)]))),
    query: fc
      .tuple(
        ...inQuery.map(({ name, schema, required }) =>
          fc
            .option(valueFor(schema, name, ids), { freq: required ? 20 : 2 })
            .map((value) => [name, value] as [string, unknown]),
        ),
      )
      .map((pairs) => pairs.filter(([, value]) => value !== null)),
    body: operation.body
      ? valueFor(operation.body.schema, '', ids)
      : fc.option(fc.jsonValue({ maxDepth: 2 }), { freq: 20, nil: undefined }),
    credential: fc.oneof(
      { weight: 10, arbitrary: fc.constant('key' as const) },
      { weight: 3, arbitrary: fc.constant('session' as const) },
      { weight: 1, arbitrary: fc.constantFrom('reader' as const, 'none' as const, 'garbage' as const) },
    ),
    headers: fc.oneof({ weight: 5, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: headers }),
  }) as fc.Arbitrary<FuzzedRequest>;
}

/** Any request of any operation, with the ids of things that exist now and then. */
export function fuzzedRequests(ids: Ids): fc.Arbitrary<FuzzedRequest> {
  return fc.oneof(...documentedOperations().map((operation) => requestFor(operation, ids)));
}

const text = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
const wellFormed = (value: unknown) => text(value).toWellFormed();

/** A value as one segment of a path. Dots alone would be taken as the way up by whoever builds the URL. */
const segment = (value: unknown) => encodeURIComponent(wellFormed(value)).replace(/^\.\.?$/, '...');

function urlOf({ operation, params, query }: FuzzedRequest): string {
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => segment(params[name]));
  const search = query.map(([name, value]) => `${name}=${encodeURIComponent(wellFormed(value))}`).join('&');
  return search ? `${path}?${search}` : path;
}

/** Sends what was thought up and holds the answer against the document. */
export function createFuzzer(api: Api, tenant: Tenant) {
  /** Answers by status, to show that the requests went somewhere. */
  const seen = new Map<number, number>();
  let sent = 0;
  let keys: FuzzKeys | null = null;
  let deliberate: ReturnType<typeof createDeliberate> | null = null;
  const note = (operation: Operation, reply: Reply) => {
    seen.set(reply.status, (seen.get(reply.status) ?? 0) + 1);
    checkAnswer(operation, reply);
  };
  const run = async (request: FuzzedRequest): Promise<void> => {
    keys ??= { key: await addKey(api, tenant, ['all:write']), reader: await addKey(api, tenant, ['all:read']) };
    sent += 1;
    // Limits have their own tests: here they would only hide what lies behind them.
    if (sent % 50 === 0) await api.plane.ctx.redis.flushdb();
    deliberate ??= createDeliberate(api, keys);
    if (sent % 100 === 1) for (const [operation, reply] of await deliberate()) note(operation, reply);
    const { operation, credential, body } = request;
    const token = { ...keys, session: tenant.session, none: null, garbage: 'sx_sk_test_x' }[credential];
    // The session goes on being needed.
    if (operation.id === 'signOut' && credential === 'session') return;
    const reply = await api.send(
      operation.method,
      urlOf(request),
      {
        token,
        orgId: operation.path.startsWith('/v1/organizations') ? null : tenant.orgId,
        headers: {
          'idempotency-key': `fuzz-${sent}`,
          'x-forwarded-for': `2001:db8:${sent.toString(16)}::1`,
          ...request.headers,
        },
      },
      body === undefined ? undefined : JSON.stringify(body),
    );
    note(operation, reply);
  };
  return { run, seen };
}

function checkAnswer(operation: Operation, reply: Reply): void {
  const what = `${operation.id}: ${reply.text.slice(0, 400)}`;
  expect(reply.status, what).toBeLessThan(500);
  // An empty parameter makes another path.
  const documented = [...operation.statuses, ...(operation.path.includes('{') ? ['404', '405'] : [])];
  expect(documented, what).toContain(String(reply.status));
  expect(reply.headers['x-request-id']).toMatch(/^req_/);
  if (reply.status >= 400) {
    expect(problem.loose().safeParse(reply.json).error, what).toBeUndefined();
    expect(reply.json.status).toBe(reply.status);
    return;
  }
  const { schema } = (routes as readonly Route[]).find(({ operationId }) => operationId === operation.id)!.response;
  if (schema && reply.status !== 304) expect(schema.parse(reply.json), what).toEqual(reply.json);
}
