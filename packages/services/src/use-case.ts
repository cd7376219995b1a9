import type { OperationId, RouteOf } from '@suanxiang/contract/routes';
import type { z } from 'zod';
import type { CallMeta, Operator, Principal, SignedIn } from './access/principal';
import type { AppContext } from './context';

type Parsed<S> = S extends z.ZodType ? z.output<S> : null;

/** Parsed input of an operation; null where it takes none. */
export interface InputOf<Id extends OperationId> {
  params: Parsed<RouteOf<Id>['params']>;
  query: Parsed<RouteOf<Id>['query']>;
  body: Parsed<RouteOf<Id>['body']>;
}

/** Who calls an operation, by the route's `auth`. */
export type CallerOf<Id extends OperationId> = {
  public: null;
  user: SignedIn;
  org: Principal;
  operator: Operator;
}[RouteOf<Id>['auth']];

type Response<Id extends OperationId> = RouteOf<Id>['response'];

/** A body that is not JSON. */
export interface BinaryAnswer {
  bytes: Uint8Array;
  fileName: string;
}

/** A body that goes on until `chunks` ends or the caller leaves. */
export interface StreamAnswer {
  chunks: AsyncGenerator<string, void, undefined>;
}

/** What an operation answers with, as its schema says. */
export type AnswerOf<Id extends OperationId> = Response<Id>['schema'] extends z.ZodType
  ? z.input<Response<Id>['schema']>
  : Response<Id>['status'] extends 204
    ? undefined
    : Response<Id>['contentType'] extends 'text/event-stream'
      ? StreamAnswer
      : BinaryAnswer;

/** One verb: typed by the route table, called by the dispatcher after authentication, parsing and authorisation. */
export type UseCase<Id extends OperationId> = (
  ctx: AppContext,
  caller: CallerOf<Id>,
  meta: CallMeta,
  input: InputOf<Id>,
) => Promise<AnswerOf<Id>>;
