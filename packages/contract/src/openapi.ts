import { ERROR_CATALOGUE, type ErrorCode } from '@suanxiang/domain/errors';
import { z } from 'zod';
import { answersItem, takesIfMatch } from './item-route';
import type { Route } from './route';
import { ROUTES } from './routes';
import { problem } from './schemas/problem';

/** Problems that any operation of a kind of caller may answer, beside its own. */
const COMMON_ERRORS: readonly ErrorCode[] = ['invalid_request', 'rate_limited', 'internal', 'unavailable'];

function errorsOf(route: Route): ErrorCode[] {
  const codes = new Set<ErrorCode>([...COMMON_ERRORS, ...route.errors]);
  if (route.auth !== 'public') codes.add('unauthenticated');
  if (route.auth === 'user' || route.auth === 'org') codes.add('address_not_allowed');
  if (route.permission !== null) codes.add('permission_denied');
  // An organization that the caller cannot see is answered like one that does not exist.
  if (route.params !== null || route.auth === 'org') codes.add('not_found');
  if (route.idempotency === 'required') codes.add('idempotency_key_required');
  if (route.idempotency !== 'none') codes.add('idempotency_key_reused').add('idempotency_in_flight');
  if (route.body !== null) codes.add('payload_too_large').add('unsupported_media_type');
  if (takesIfMatch(route) || (route.method === 'GET' && answersItem(route))) codes.add('precondition_failed');
  return [...codes];
}

type JsonSchema = Record<string, unknown> & { $defs?: Record<string, JsonSchema> };

/** Schemas with a name of their own (`.meta({ id })`), hoisted out of where they are used. */
type Components = Map<string, JsonSchema>;

/** What zod says beyond need: its own ids, and patterns and bounds that a format or the type already states. */
function isNoise(key: string, value: unknown, node: object): boolean {
  if (key === 'id') return typeof value === 'string';
  if (key === 'pattern') return 'format' in node;
  return (key === 'minimum' || key === 'maximum') && Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER;
}

function pointIntoComponents(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(pointIntoComponents);
  if (node === null || typeof node !== 'object') return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key, value]) => !isNoise(key, value, node))
      .map(([key, value]) => [
        key,
        key === '$ref' && typeof value === 'string'
          ? value.replace('#/$defs/', '#/components/schemas/')
          : pointIntoComponents(value),
      ]),
  );
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output', components: Components): JsonSchema {
  const { $schema: _, $defs, ...rest } = z.toJSONSchema(schema, { io }) as JsonSchema;
  for (const [name, definition] of Object.entries($defs ?? {})) {
    if (!components.has(name)) components.set(name, pointIntoComponents(definition) as JsonSchema);
  }
  const own = schema.meta()?.id;
  if (!own) return pointIntoComponents(rest) as JsonSchema;
  if (!components.has(own)) components.set(own, pointIntoComponents(rest) as JsonSchema);
  return { $ref: `#/components/schemas/${own}` };
}

function parametersIn(schema: z.ZodType | null, where: 'path' | 'query', components: Components): object[] {
  if (schema === null) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, 'input', components) as {
    properties?: Record<string, { description?: string }>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...rest } = property;
    return {
      name,
      in: where,
      required: where === 'path' || required.includes(name),
      ...(description ? { description } : {}),
      schema: rest,
    };
  });
}

function idempotencyHeader(route: Route): object[] {
  if (route.idempotency === 'none') return [];
  return [
    {
      name: 'Idempotency-Key',
      in: 'header',
      required: route.idempotency === 'required',
      description: 'Repeating a request with the same key gives the same answer and one effect.',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    },
  ];
}

/** True for creates that can be asked what they would answer. */
function isRehearsable(route: Route): boolean {
  return route.query instanceof z.ZodObject && 'validate_only' in route.query.shape;
}

function responsesOf(route: Route, components: Components): Record<string, object> {
  const { status, schema, contentType } = route.response;
  const content = schema
    ? { [contentType]: { schema: jsonSchema(schema, 'output', components) } }
    : contentType === 'application/json'
      ? null
      : { [contentType]: { schema: { type: 'string', format: 'binary' } } };
  const responses: Record<string, object> = {
    [status]: { description: route.summary.en, ...(content && status !== 204 ? { content } : {}) },
    ...(isRehearsable(route) ? { 200: { description: 'With validate_only: what it would be', content } } : {}),
  };
  for (const [errorStatus, codes] of [...groupByStatus(errorsOf(route))].sort(([a], [b]) => a - b)) {
    responses[errorStatus] = {
      description: codes.map((code) => `\`${code}\`: ${ERROR_CATALOGUE[code].title.en}`).join('\n'),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    };
  }
  return responses;
}

function groupByStatus(codes: readonly ErrorCode[]): Map<number, ErrorCode[]> {
  const groups = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { status } = ERROR_CATALOGUE[code];
    groups.set(status, [...(groups.get(status) ?? []), code]);
  }
  return groups;
}

function operationOf(route: Route, components: Components): object {
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary.en,
    'x-summary-zh': route.summary.zh,
    'x-cli': `suan ${route.cli}`,
    ...(route.permission ? { 'x-required-permission': route.permission } : {}),
    security: route.auth === 'public' ? [] : [{ [route.auth === 'operator' ? 'operatorToken' : 'bearer']: [] }],
    parameters: [
      ...parametersIn(route.params, 'path', components),
      ...parametersIn(route.query, 'query', components),
      ...idempotencyHeader(route),
      ...(route.auth === 'org'
        ? [
            {
              name: 'Organization-Id',
              in: 'header',
              required: false,
              description: 'Needed with a session token; an API key names its organization itself.',
              schema: { type: 'string' },
            },
          ]
        : []),
    ],
    ...(route.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: jsonSchema(route.body, 'input', components) } },
          },
        }
      : {}),
    responses: responsesOf(route, components),
  };
}

/** The OpenAPI 3.1 document of the public API, made from the route table and the schemas that validate requests. */
export function openApiDocument(version: string): object {
  const components: Components = new Map();
  jsonSchema(problem, 'output', components);
  const paths: Record<string, Record<string, object>> = {};
  for (const route of ROUTES as readonly Route[]) {
    const path = paths[route.path] ?? {};
    path[route.method.toLowerCase()] = operationOf(route, components);
    paths[route.path] = path;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Suanxiang Cloud API',
      version,
      description:
        'Rent accelerators by the second. Money is an exact decimal string with its currency; times are RFC 3339 in UTC; ' +
        'fields ending in _s are Unix seconds in billing time. Every answer carries X-Request-Id; every failure is a problem document (RFC 9457).',
    },
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An API key (sx_sk_...) or a session token.' },
        operatorToken: { type: 'http', scheme: 'bearer', description: 'A token of the operator plane (sxo_...).' },
      },
      schemas: Object.fromEntries([...components].sort(([a], [b]) => a.localeCompare(b))),
    },
  };
}
