import type { z } from 'zod';
import { answersItem, takesIfMatch } from './item-route';
import { exampleProblem, HEADERS, isRehearsable, responsesOf, type SharedResponses } from './openapi-responses';
import { type Components, jsonSchema } from './openapi-schema';
import type { Route } from './route';
import { ROUTES } from './routes';
import { type Shape, sampleOf } from './sample';
import { problem } from './schemas/problem';
import { API_VERSIONS } from './versions';

const TAGS: Record<string, string> = {
  Catalogue: 'Regions, accelerators and what can be rented, with prices and live stock.',
  Identity: 'People: signing up, in and out.',
  Organizations: 'Organizations, their quotas and, in a sandbox, their test clock.',
  Projects: 'Projects, which group what an organization rents.',
  Audit: 'What was done and refused, in a chain of hashes.',
  'Credit notes': 'What later evidence gave back on an issued invoice.',
  'SSH keys': 'Public keys that launches put on machines.',
  'API keys': 'Credentials of programs.',
  Instances: 'One node with 1, 2, 4 or 8 accelerators.',
  Clusters: 'Whole nodes that start together or not at all.',
  Operations: 'What is under way on a resource, step by step.',
  Usage: 'What was used, to the second, with the evidence.',
  Billing: 'Balance, top-ups, payments, ledger.',
  Invoices: 'Issued invoices, the running draft, and the blocks behind each line.',
  Operator: 'The operator plane: other people, other sessions.',
};

function parametersIn(schema: z.ZodType | null, where: 'path' | 'query', components: Components): object[] {
  if (schema === null) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, 'input', components);
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    ...(description ? { description } : {}),
    schema: rest,
    ...(where === 'path' || required.includes(name) ? { example: sampleOf(rest, { optional: false }, name) } : {}),
  }));
}

const parameter = (name: string) => ({ $ref: `#/components/parameters/${name}` });

function headerParameters(route: Route): object[] {
  const names = [
    ...(route.idempotency === 'required'
      ? [isRehearsable(route) ? 'IdempotencyKeyUnlessValidated' : 'IdempotencyKeyRequired']
      : []),
    ...(route.idempotency === 'accepted' ? ['IdempotencyKey'] : []),
    ...(route.auth === 'org' ? ['OrganizationId'] : []),
    ...(takesIfMatch(route) ? ['IfMatch'] : []),
    ...(route.method === 'GET' && answersItem(route) ? ['IfNoneMatch'] : []),
    'ApiVersion',
  ];
  return names.map(parameter);
}

const header = (name: string, description: string, schema: Shape, required = false) => ({
  name,
  in: 'header',
  required,
  description,
  schema,
});
const idempotencyKey: Shape = { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' };
const tags: Shape = { type: 'string', minLength: 1, maxLength: 1000 };
const oncePerKey = 'Repeating a request with the same key gives the same answer and one effect.';

const PARAMETERS = {
  IdempotencyKey: header('Idempotency-Key', oncePerKey, idempotencyKey),
  IdempotencyKeyRequired: header(
    'Idempotency-Key',
    `${oncePerKey} Needed, as this can cost money.`,
    idempotencyKey,
    true,
  ),
  IdempotencyKeyUnlessValidated: header(
    'Idempotency-Key',
    `${oncePerKey} Needed, as this can cost money, unless validate_only=true.`,
    idempotencyKey,
  ),
  OrganizationId: header('Organization-Id', 'Needed with a session token; an API key names its organization itself.', {
    type: 'string',
    maxLength: 40,
  }),
  IfMatch: header(
    'If-Match',
    'ETag of the reading that the change was made from; 412 when the resource has changed since.',
    tags,
  ),
  IfNoneMatch: header('If-None-Match', 'ETag of what is known already; 304 when nothing has changed.', tags),
  ApiVersion: header('Api-Version', 'Version for this request; without it the one that the key was created with.', {
    type: 'string',
    enum: [...API_VERSIONS],
  }),
};

function bodyOf(schema: z.ZodType, components: Components): object {
  const shape = jsonSchema(schema, 'input', components);
  const resolve = (ref: string) => components.get(ref.slice('#/components/schemas/'.length)) ?? {};
  const { required = [] } = shape;
  // What is changed by a PATCH is all optional: an example without anything would change nothing.
  const example = sampleOf(shape, { optional: required.length === 0, resolve });
  return { required: true, content: { 'application/json': { schema: shape, example } } };
}

function securityOf(route: Route): object[] {
  if (route.auth === 'public') return [];
  return [{ [route.auth === 'operator' ? 'operatorToken' : 'bearer']: [] }];
}

function operationOf(route: Route, components: Components, shared: SharedResponses): object {
  const { deprecation } = route;
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary.en,
    description: describe(route),
    'x-summary-zh': route.summary.zh,
    'x-cli': `suan ${route.cli}`,
    ...(route.permission ? { 'x-required-permission': route.permission } : {}),
    ...(route.operatorPermission ? { 'x-required-operator-permission': route.operatorPermission } : {}),
    ...(deprecation ? { deprecated: true, 'x-sunset': deprecation.sunset, 'x-successor': deprecation.successor } : {}),
    security: securityOf(route),
    parameters: [
      ...parametersIn(route.params, 'path', components),
      ...parametersIn(route.query, 'query', components),
      ...headerParameters(route),
    ],
    ...(route.body ? { requestBody: bodyOf(route.body, components) } : {}),
    responses: responsesOf(route, components, shared),
  };
}

function describe(route: Route): string {
  const needs = route.permission ? `Needs the permission \`${route.permission}\`.` : 'Needs no permission of its own.';
  return `${route.summary.en}. ${route.auth === 'public' ? 'Needs no credential.' : needs}`;
}

const DESCRIPTION =
  'Rent accelerators by the second. Money is an exact decimal string with its currency; times are RFC 3339 in UTC; ' +
  'fields ending in _s are Unix seconds in billing time. Every answer carries X-Request-Id; every failure is a problem document (RFC 9457).';

/** The OpenAPI 3.1 document of the public API, made from the route table and the schemas that validate requests. */
export function openApiDocument(version: string): object {
  const components: Components = new Map();
  const shared: SharedResponses = new Map();
  jsonSchema(problem, 'output', components);
  const paths: Record<string, Record<string, object>> = {};
  for (const route of ROUTES as readonly Route[]) {
    const path = paths[route.path] ?? {};
    path[route.method.toLowerCase()] = operationOf(route, components, shared);
    paths[route.path] = path;
  }
  const used = [...new Set((ROUTES as readonly Route[]).map(({ tag }) => tag))];
  return {
    openapi: '3.1.0',
    info: {
      title: 'Suanxiang Cloud API',
      version,
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      contact: { name: 'Suanxiang Cloud', url: 'https://api.example.com/docs' },
    },
    servers: [{ url: '/', description: 'Production: where this document was fetched from', 'x-internal': false }],
    tags: used.map((name) => ({ name, description: TAGS[name] ?? name })),
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An API key (sx_sk_...) or a session token.' },
        operatorToken: { type: 'http', scheme: 'bearer', description: 'A token of the operator plane (sxo_...).' },
      },
      parameters: PARAMETERS,
      headers: usedHeaders(),
      responses: Object.fromEntries([...shared].sort(([a], [b]) => a.localeCompare(b))),
      schemas: Object.fromEntries(
        [...components].sort(([a], [b]) => a.localeCompare(b)).map(([name, shape]) => [name, withExample(name, shape)]),
      ),
    },
  };
}

/** Headers of what is going are named only while something is. */
function usedHeaders(): object {
  const going = (ROUTES as readonly Route[]).some(({ deprecation }) => deprecation !== null);
  const { Deprecation, Sunset, Link, ...others } = HEADERS;
  return going ? { ...others, Deprecation, Sunset, Link } : others;
}

function withExample(name: string, shape: Shape): Shape | object {
  return name === 'Problem' ? { ...shape, example: exampleProblem('invalid_request') } : shape;
}
