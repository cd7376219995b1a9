import type { ErrorCode } from '@suanxiang/domain/errors';
import type { Bilingual } from '@suanxiang/domain/locale';
import type { OperatorPermission } from '@suanxiang/domain/operator-permissions';
import type { Permission } from '@suanxiang/domain/permissions';
import type { z } from 'zod';

/** Who may call: nobody signed in, a person, a principal acting in one organisation, or an operator. */
export type RouteAuth = 'public' | 'user' | 'org' | 'operator';

/** When an operation went out of use and when it ends (both `YYYY-MM-DD`), and what replaces it. */
export interface Deprecation {
  since: string;
  /** At least six months after `since`. */
  sunset: string;
  /** operationId of the successor; null when there is none. */
  successor: string | null;
}

/** One operation of the public API as data. Server binding, OpenAPI, client, CLI and docs are made from it. */
export interface Route {
  operationId: string;
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path with `{name}` parameters. */
  path: string;
  tag: string;
  summary: Bilingual;
  auth: RouteAuth;
  /** Needed permission; null where being signed in is enough. */
  permission: Permission | null;
  /** True where a person must have proved who they are within the last five minutes. */
  stepUp: boolean;
  /** What an operator's job must allow, on routes of the operator plane; null: only who may do everything. */
  operatorPermission: OperatorPermission | null;
  /** `required` on creates that cost money, `accepted` on other mutations, `none` on reads. */
  idempotency: 'required' | 'accepted' | 'none';
  params: z.ZodType | null;
  query: z.ZodType | null;
  body: z.ZodType | null;
  response: { status: 200 | 201 | 204; schema: z.ZodType | null; contentType: string };
  /** Problem codes beyond those that every route may answer. */
  errors: readonly ErrorCode[];
  /** False for a change that cannot honour If-Match although it is about one resource: it then refuses the header. */
  ifMatch: boolean;
  /** Set when it is going: answers then carry Deprecation and Sunset. */
  deprecation: Deprecation | null;
  /** Words of the CLI command after `suan`, for example `instances create`. */
  cli: string;
}

/** What a route definition may leave out. */
type RouteInput = Pick<Route, 'operationId' | 'method' | 'path' | 'tag' | 'summary' | 'cli'> & Partial<Route>;

/** Fills the defaults of a route and keeps the exact schema types for the client. */
export function route<const R extends RouteInput>(input: R): Filled<R> {
  return {
    auth: 'org',
    permission: null,
    stepUp: false,
    operatorPermission: null,
    idempotency: input.method === 'GET' ? 'none' : 'accepted',
    params: null,
    query: null,
    body: null,
    response: { status: 204, schema: null, contentType: 'application/json' },
    errors: [],
    ifMatch: true,
    deprecation: null,
    ...input,
  } as unknown as Filled<R>;
}

type Pick1<R, K extends string, D> = R extends { [P in K]: infer V } ? V : D;

export type Filled<R> = Route & {
  operationId: Pick1<R, 'operationId', string>;
  auth: Pick1<R, 'auth', 'org'>;
  params: Pick1<R, 'params', null>;
  query: Pick1<R, 'query', null>;
  body: Pick1<R, 'body', null>;
  response: Pick1<R, 'response', { status: 204; schema: null; contentType: string }>;
};

/** A JSON answer. */
export function ok<S extends z.ZodType>(schema: S) {
  return { status: 200 as const, schema, contentType: 'application/json' };
}

/** A JSON answer to a create. */
export function created<S extends z.ZodType>(schema: S) {
  return { status: 201 as const, schema, contentType: 'application/json' };
}

/** An answer that is not JSON. */
export function binary<const T extends string>(contentType: T) {
  return { status: 200 as const, schema: null, contentType };
}
