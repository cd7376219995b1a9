import type { Route } from '@suanxiang/contract/route';
import { ProblemError } from '@suanxiang/domain/errors';
import { authenticatePrincipal, authenticateSignedIn, type OrganizationHint } from './access/authenticate';
import { auditDenial, authorise } from './access/authorise';
import { checkIdempotencyKey, IdempotentReplay, requestHash } from './access/idempotency';
import type { Caller, CallMeta, Principal } from './access/principal';
import { requireFreshProof } from './access/step-up';
import { requireAddress } from './api-key/find-key';
import type { AppContext } from './context';
import { requireHarmless, withoutSecrets } from './impersonation/session';
import { requireJob } from './operator/require-job';
import { authenticateOperator } from './operator/session';
import type { BinaryAnswer, StreamAnswer } from './use-case';
import { USE_CASES } from './use-cases';

/** What a request shows of who sends it. */
export interface Credentials extends OrganizationHint {
  /** Of the Authorization header. */
  token: string | null;
}

/** Finds out who calls a route. Throws `unauthenticated`, `invalid_request`, `not_found`. */
export async function authenticate(ctx: AppContext, route: Route, credentials: Credentials): Promise<Caller> {
  switch (route.auth) {
    case 'public':
      return { plane: 'public' };
    case 'user':
      return { plane: 'user', signedIn: await authenticateSignedIn(ctx, credentials.token) };
    case 'org':
      return { plane: 'org', principal: await authenticatePrincipal(ctx, credentials.token, credentials) };
    case 'operator':
      return { plane: 'operator', operator: await authenticateOperator(ctx, credentials.token) };
  }
}

/** Input that was parsed with the route's schemas. */
export interface ParsedInput {
  params: unknown;
  query: unknown;
  body: unknown;
}

/** What to send back. */
export interface Answer {
  /** Undefined when there is none. */
  body: unknown;
  /** The exact JSON text, when it was answered before. */
  text: string | null;
  replayed: boolean;
  /** True for a create that was only rehearsed: nothing was created. */
  rehearsed: boolean;
  binary: BinaryAnswer | StreamAnswer | null;
}

type AnyUseCase = (ctx: AppContext, caller: unknown, meta: CallMeta, input: ParsedInput) => Promise<unknown>;

/** True for a create that only asks what it would answer. */
function isRehearsal(input: ParsedInput): boolean {
  return (input.query as { validate_only?: string } | null)?.validate_only === 'true';
}

/** Checks what the route wants of the Idempotency-Key, and notes the request's fingerprint beside it. */
function withIdempotency(route: Route, meta: CallMeta, input: ParsedInput): CallMeta {
  if (route.idempotency === 'none' || isRehearsal(input)) return { ...meta, idempotencyKey: null };
  if (meta.idempotencyKey === null) {
    if (route.idempotency !== 'required') return meta;
    const detail = 'This request can cost money, so it must carry an Idempotency-Key.';
    throw new ProblemError('idempotency_key_required', detail, {
      suggestion: 'Send the header Idempotency-Key with a new UUID, and the same one when you repeat the request.',
      errors: [{ pointer: '/header/idempotency-key', code: 'required', detail }],
    });
  }
  checkIdempotencyKey(meta.idempotencyKey);
  return { ...meta, requestHash: requestHash(route.operationId, input) };
}

function callerArgument(caller: Caller): unknown {
  switch (caller.plane) {
    case 'public':
      return null;
    case 'user':
      return caller.signedIn;
    case 'org':
      return caller.principal;
    case 'operator':
      return caller.operator;
  }
}

async function run(ctx: AppContext, route: Route, caller: Caller, meta: CallMeta, input: ParsedInput): Promise<Answer> {
  const useCase = USE_CASES[route.operationId as keyof typeof USE_CASES] as unknown as AnyUseCase;
  try {
    const full = await useCase(ctx, callerArgument(caller), withIdempotency(route, meta, input), input);
    const looksIn = caller.plane === 'org' && caller.principal.kind === 'impersonation';
    const body = looksIn && route.response.schema !== null ? withoutSecrets(full) : full;
    const answer = { text: null, replayed: false, rehearsed: isRehearsal(input) };
    if (route.response.schema === null && body !== undefined) {
      return { ...answer, body: undefined, binary: body as BinaryAnswer | StreamAnswer };
    }
    return { ...answer, body, binary: null };
  } catch (error) {
    if (error instanceof IdempotentReplay) {
      const body: unknown = error.text === null ? undefined : JSON.parse(error.text);
      return { body, text: error.text, replayed: true, rehearsed: false, binary: null };
    }
    throw error;
  }
}

function keyOf(caller: Caller): Principal | null {
  if (caller.plane === 'user') return caller.signedIn.key?.kind === 'api_key' ? caller.signedIn.key : null;
  return caller.plane === 'org' && caller.principal.kind === 'api_key' ? caller.principal : null;
}

/**
 * The one way into a use case: authorises by the route's permission, parses, checks the Idempotency-Key, calls the verb,
 * and leaves an audit row of every refusal inside an organisation. Throws ProblemError, or what failed underneath.
 */
export async function callOperation(
  ctx: AppContext,
  route: Route,
  caller: Caller,
  meta: CallMeta,
  parse: () => ParsedInput,
): Promise<Answer> {
  const key = keyOf(caller);
  if (key) ctx.keyUse.mark(key.id, meta);
  const principal = key ?? (caller.plane === 'org' ? caller.principal : null);
  if (principal) ctx.deprecatedCalls.note(route, principal);
  if (caller.plane === 'operator') {
    await requireJob(ctx, route, caller.operator, meta);
    return run(ctx, route, caller, meta, parse());
  }
  if (caller.plane !== 'org') {
    if (key) requireAddress(key, meta.ip);
    if (caller.plane === 'user') requireFreshProof(route, caller.signedIn.person, meta.nowMs);
    return run(ctx, route, caller, meta, parse());
  }
  try {
    if (key) requireAddress(key, meta.ip);
    if (route.permission === null) throw new Error(`${route.operationId} acts in an organisation without a permission`);
    if (caller.principal.kind === 'impersonation') requireHarmless(route);
    const principal = authorise(caller.principal, route.permission);
    requireFreshProof(route, principal.person, meta.nowMs);
    return await run(ctx, route, { plane: 'org', principal }, meta, parse());
  } catch (error) {
    await auditDenial(ctx, caller.principal, meta, route.operationId, error);
    throw error;
  }
}
