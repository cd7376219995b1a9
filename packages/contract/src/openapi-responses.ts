import { ERROR_CATALOGUE, type ErrorCode } from '@suanxiang/domain/errors';
import { z } from 'zod';
import { answersItem, takesIfMatch } from './item-route';
import { type Components, jsonSchema } from './openapi-schema';
import type { Route } from './route';
import { exampleId, sampleOf } from './sample';

/** Problems that any operation of a kind of caller may answer, beside its own. */
const COMMON_ERRORS: readonly ErrorCode[] = [
  'invalid_request',
  'rate_limited',
  'headers_too_large',
  'internal',
  'unavailable',
];

function errorsOf(route: Route): ErrorCode[] {
  const codes = new Set<ErrorCode>([...COMMON_ERRORS, ...route.errors]);
  if (route.auth !== 'public') codes.add('unauthenticated');
  if (route.auth === 'user' || route.auth === 'org') codes.add('address_not_allowed');
  if (route.auth === 'org') codes.add('mfa_required');
  if (route.stepUp) codes.add('reauthentication_required');
  if (route.permission !== null || route.auth === 'operator') codes.add('permission_denied');
  // An organization that the caller cannot see is answered like one that does not exist.
  if (route.params !== null || route.auth === 'org') codes.add('not_found');
  if (route.idempotency === 'required') codes.add('idempotency_key_required');
  if (route.idempotency !== 'none') codes.add('idempotency_key_reused').add('idempotency_in_flight');
  if (route.method !== 'GET') codes.add('payload_too_large').add('unsupported_media_type');
  if (takesIfMatch(route) || (route.method === 'GET' && answersItem(route))) codes.add('precondition_failed');
  return [...codes];
}

const text = (description: string, example: string) => ({ description, schema: { type: 'string' }, example });

/** One that every answer carries, whatever went wrong. */
const always = (description: string, example: string) => ({ ...text(description, example), required: true });

/** Headers of answers, for `components.headers`. */
export const HEADERS = {
  'X-Request-Id': always('Names this request in logs, the audit log and problem documents', exampleId('request')),
  'Api-Version': always('Version of the API that this answer is in', '2026-11-01'),
  ETag: text('Entity tag of the answer, for If-None-Match and If-Match', '"mH3bN0cV1xZ9aQ7wE5rT3yU1iO9"'),
  Location: text('Path of what was created', `/v1/instances/${exampleId('workloadInstance')}`),
  'Idempotent-Replayed': text('true: this is the stored answer to an earlier request with the same key', 'true'),
  'Validate-Only': text('true: nothing was created', 'true'),
  'RateLimit-Policy': text('Limits that count for this request', '"principal";q=1200;w=12'),
  RateLimit: text('What is left of them', '"principal";r=1199;t=1'),
  'Retry-After': text('Seconds after which to send the same request again', '1'),
  'Content-Language': text('Language of the sentences in a problem document, as Accept-Language asked', 'en'),
  'WWW-Authenticate': text('How to authenticate', 'Bearer'),
  Deprecation: text('Since when the operation is going (RFC 9745); only on one that is', '@1793491200'),
  Sunset: text('When it ends (RFC 8594); only on one that is going', 'Tue, 01 Jun 2027 00:00:00 GMT'),
  Link: text('What comes after an operation that is going', '</v1/offers>; rel="successor-version"'),
} as const;

type HeaderName = keyof typeof HEADERS;

const headersOf = (names: readonly HeaderName[]) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

const ALWAYS: readonly HeaderName[] = ['X-Request-Id', 'Api-Version', 'RateLimit', 'RateLimit-Policy'];
const GOING: readonly HeaderName[] = ['Deprecation', 'Sunset', 'Link'];
const common = (going: boolean): readonly HeaderName[] => (going ? [...ALWAYS, ...GOING] : ALWAYS);

function successHeaders(route: Route): readonly HeaderName[] {
  return [
    ...common(route.deprecation !== null),
    ...(answersItem(route) ? (['ETag'] as const) : []),
    ...(route.response.status === 201 ? (['Location'] as const) : []),
    ...(route.idempotency === 'none' ? [] : (['Idempotent-Replayed'] as const)),
  ];
}

/** True for creates that can be asked what they would answer. */
export function isRehearsable(route: Route): boolean {
  return route.query instanceof z.ZodObject && 'validate_only' in route.query.shape;
}

function contentOf(route: Route, components: Components): object | null {
  const { status, schema, contentType } = route.response;
  if (status === 204) return null;
  if (!schema) return { [contentType]: { schema: { type: 'string', format: 'binary' } } };
  const shape = jsonSchema(schema, 'output', components);
  const resolve = (ref: string) => components.get(ref.slice('#/components/schemas/'.length)) ?? {};
  return { [contentType]: { schema: shape, example: sampleOf(shape, { optional: true, resolve }) } };
}

/** What a problem with this code looks like. */
export function exampleProblem(code: ErrorCode): Record<string, unknown> {
  const { status, retryable, title, suggestion } = ERROR_CATALOGUE[code];
  const address = `https://api.example.com/problems#${code}`;
  return {
    type: address,
    title: title.en,
    status,
    code,
    detail: 'Says what is wrong in this occurrence.',
    request_id: exampleId('request'),
    retryable,
    suggestion: suggestion.en,
    doc_url: address,
    errors: status === 400 ? [{ pointer: '/body/name', code: 'required', detail: 'Is required.' }] : [],
  };
}

function groupByStatus(codes: readonly ErrorCode[]): [number, ErrorCode[]][] {
  const groups = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { status } = ERROR_CATALOGUE[code];
    groups.set(status, [...(groups.get(status) ?? []), code]);
  }
  return [...groups].sort(([a], [b]) => a - b);
}

/** Problems whose answers say when to come again. */
const SAYS_WHEN: readonly ErrorCode[] = ['rate_limited', 'unavailable', 'idempotency_in_flight'];

function problemHeaders(codes: readonly ErrorCode[], going: boolean): readonly HeaderName[] {
  return [
    ...common(going),
    'Content-Language',
    ...(codes.some((code) => SAYS_WHEN.includes(code)) ? (['Retry-After'] as const) : []),
    ...(codes.includes('precondition_failed') ? (['ETag'] as const) : []),
    ...(codes.includes('unauthenticated') ? (['WWW-Authenticate'] as const) : []),
  ];
}

function problemResponse(codes: readonly ErrorCode[], going: boolean): object {
  const examples = Object.fromEntries(codes.map((code) => [code, { value: exampleProblem(code) }]));
  return {
    description: codes.map((code) => `\`${code}\`: ${ERROR_CATALOGUE[code].title.en}`).join('\n'),
    headers: headersOf(problemHeaders(codes, going)),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, examples } },
  };
}

/** Problem answers that several operations share, by a name made of status and codes, for `components.responses`. */
export type SharedResponses = Map<string, object>;

function sharedProblem(status: number, codes: readonly ErrorCode[], going: boolean, shared: SharedResponses): object {
  const sorted = [...codes].sort();
  const name = [status, ...sorted, ...(going ? ['going'] : [])].join('-');
  if (!shared.has(name)) shared.set(name, problemResponse(sorted, going));
  return { $ref: `#/components/responses/${name}` };
}

/** Every answer that an operation may give. */
export function responsesOf(route: Route, components: Components, shared: SharedResponses): Record<string, object> {
  const content = contentOf(route, components);
  const headers = headersOf(successHeaders(route));
  const going = route.deprecation !== null;
  const responses: Record<string, object> = {
    [route.response.status]: { description: route.summary.en, headers, ...(content ? { content } : {}) },
  };
  if (isRehearsable(route)) {
    const rehearsed = headersOf([...common(going), 'Validate-Only']);
    responses[200] = { description: 'With validate_only: what it would be', headers: rehearsed, content };
  }
  if (route.method === 'GET' && answersItem(route)) {
    responses[304] = {
      description: 'Not modified; costs nothing of the limits',
      headers: headersOf([...common(going), 'ETag']),
    };
  }
  for (const [status, codes] of groupByStatus(errorsOf(route)))
    responses[status] = sharedProblem(status, codes, going, shared);
  return responses;
}
