import type { CallInput, Client } from '@suanxiang/contract/client';
import type { Route } from '@suanxiang/contract/route';
import type { OperationId } from '@suanxiang/contract/routes';
import { completeCredentials, remember } from './commands/credentials';
import { showEvents } from './commands/events';
import { Interrupted, UsageError } from './exit-codes';
import { fieldFlags, paramNames } from './flags';
import { idOfName } from './names';
import type { Operation } from './render/progress';
import { renderAnswer } from './render/render';
import type { RenderOptions } from './render/values';
import { checkRequest, collectRequest, type Options, type RequestParts } from './request';
import type { Context } from './session';
import { showTail } from './tail';
import { followOperation } from './wait';
import { canWatch, everyS, watch } from './watch';

const DEFAULT_WAIT_S = 900;

/** Runs one operation of the API with what was typed, and prints its answer. */
export async function runRoute(
  context: Context,
  route: Route,
  positionals: (string | undefined)[],
  options: Options,
): Promise<void> {
  const { io, say } = context;
  const flags = fieldFlags(route);
  const operationId = route.operationId as OperationId;
  const collected = await collectRequest(route, flags, options, io, say);
  inProject(context, operationId, collected);
  if (SESSION_ROUTES.has(operationId)) await completeCredentials(flags, collected.body, context);
  // The parts that need no network are checked before anybody is asked for credentials.
  const checkable = { ...route, params: null };
  checkRequest(checkable, flags, { params: {}, ...collected }, say);
  const client = await context.client(route.auth);
  const params = await fillParams(context, client, route, positionals);
  const parts = checkRequest(route, flags, { params, ...collected }, say);
  const call = callOf(parts, route, options);

  if (hasFile(route)) return saveBinary(context, client, operationId, call, options);
  if (hasTail(route)) return showTail(context, client, call as CallInput<'getInstanceLogs'>, options);
  if (/^stream(Instance|Cluster)Logs$/.test(operationId))
    return showTail(context, client, call as CallInput<'getInstanceLogs'>, { ...options, follow: true });
  if (operationId === 'streamEvents') return showEvents(context, { type: parts.query?.type as string, after: null });
  const read = async () => {
    const first = await client.call(operationId, call);
    return options.all ? restOfPages(client, operationId, call, first) : first;
  };
  if (options.watch && canWatch(route)) {
    const render = (answer: unknown) => renderAnswer(operationId, answer, renderOptions(context));
    return watch(context, { read, render, everyS: everyS(options, context), hasEvents: route.auth === 'org' });
  }
  let answer: unknown = await unlessInterrupted(context, call, read);
  await remember(context, operationId, answer);
  if (options.wait && !isRehearsal(parts)) answer = await waitFor(context, client, answer, options);
  if (isRehearsal(parts) && !context.options.json) context.io.err(`${say('wouldWork')}\n`);
  if (context.options.json || !SESSION_ROUTES.has(operationId)) print(context, operationId, answer);
}

/** Says after Ctrl-C that a change may have been made, and how to repeat it without making it twice. */
async function unlessInterrupted<T>(
  { io, say }: Context,
  call: CallInput<OperationId>,
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if ((error instanceof Interrupted || io.interrupted.aborted) && call.idempotencyKey)
      io.err(`\n${say('requestInterrupted', { key: call.idempotencyKey })}\n`);
    throw error;
  }
}

/** Operations that the profile's project is the default for: what is made and listed in projects day by day. */
const PROJECT_ROUTES = new Set<OperationId>([
  'createInstance',
  'createCluster',
  'listInstances',
  'listClusters',
  'listQueue',
]);

/** Fills in the project of the profile or environment; an empty --project-id stands for none. */
function inProject(
  { projectId }: Context,
  operationId: OperationId,
  parts: { query: Record<string, unknown>; body: Record<string, unknown> },
): void {
  const place = operationId.startsWith('create') ? parts.body : parts.query;
  if (place.project_id === '') delete place.project_id;
  else if (projectId && PROJECT_ROUTES.has(operationId)) place.project_id ??= projectId;
}

/** What they answer with goes into the config file, and to the screen only with --json. */
const SESSION_ROUTES = new Set<OperationId>(['signUp', 'signIn', 'signOut', 'operatorSignIn']);

const isRehearsal = (parts: RequestParts) => parts.query?.validate_only === 'true';

/** True for operations that answer with a file. */
export function hasFile(route: Route): boolean {
  const { schema, status, contentType } = route.response;
  return schema === null && status === 200 && contentType !== 'text/event-stream';
}

/** True for a log that can be followed. */
export function hasTail(route: Route): boolean {
  return /^get(Instance|Cluster)Logs$/.test(route.operationId);
}

/** True for lists that come in pages. */
export function hasPages(route: Route): boolean {
  return !hasTail(route) && fieldFlags(route).some((flag) => flag.place === 'query' && flag.field === 'cursor');
}

/** True for operations that answer with a workload and its operation. */
export function canWait(route: Route): boolean {
  return (route.method === 'POST' || route.method === 'DELETE') && /^\/v1\/(instances|clusters)(\/|$)/.test(route.path);
}

/** Path parameters in order; an organization that is left out is the present one, names of workloads become ids. */
async function fillParams(context: Context, client: Client, route: Route, positionals: (string | undefined)[]) {
  const params: Record<string, unknown> = {};
  for (const [index, name] of paramNames(route.path).entries()) {
    let text = positionals[index];
    if (text === undefined && name === 'organization_id') text = (await presentOrganization(context)) ?? undefined;
    if (text !== undefined) params[name] = await idOfName(client, name, text, context.say);
  }
  return params;
}

async function presentOrganization(context: Context): Promise<string> {
  const chosen = await context.organizationId();
  if (chosen) return chosen;
  const client = await context.client('user');
  const { organizations } = await client.call('getMe', {});
  if (organizations.length === 1) return organizations[0]!.id;
  throw new UsageError(context.say('needOrganization'));
}

/** The checked parts as a call; mutations carry an Idempotency-Key, so that they may be repeated. */
function callOf(parts: RequestParts, route: Route, options: Options): CallInput<OperationId> {
  const key = typeof options.idempotencyKey === 'string' ? options.idempotencyKey : globalThis.crypto.randomUUID();
  return { ...parts, ...(route.idempotency === 'none' ? {} : { idempotencyKey: key }) } as CallInput<OperationId>;
}

async function restOfPages(client: Client, operationId: OperationId, call: CallInput<OperationId>, first: unknown) {
  const items: unknown[] = [];
  let answer = first as { items: unknown[]; next_cursor: string | null };
  for (;;) {
    items.push(...answer.items);
    if (!answer.next_cursor) return { items, next_cursor: null };
    const query = { ...(call as RequestParts).query, cursor: answer.next_cursor };
    answer = (await client.call(operationId, { ...call, query } as never)) as unknown as typeof answer;
  }
}

/** Follows the operation in a workload's answer and reads the workload again. */
async function waitFor(context: Context, client: Client, answer: unknown, options: Options): Promise<unknown> {
  const workload = answer as { id: string; operation: Operation | null };
  if (!workload.operation) return answer;
  const seconds = Number(options.waitTimeout ?? DEFAULT_WAIT_S);
  if (!Number.isInteger(seconds) || seconds < 1)
    throw new UsageError(
      context.say('badNumber', { flag: '--wait-timeout', min: 1, max: 86_400, given: String(options.waitTimeout) }),
    );
  await followOperation(context, client, workload.operation, seconds * 1000);
  return workload.id.startsWith('inst_')
    ? client.call('getInstance', { params: { instance_id: workload.id } })
    : client.call('getCluster', { params: { cluster_id: workload.id } });
}

/** The name that the server gives a file, without any folder. */
function fileNameOf(response: Response): string | null {
  return /filename="([\w.-]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? null;
}

async function saveBinary(
  context: Context,
  client: Client,
  operationId: OperationId,
  call: CallInput<OperationId>,
  options: Options,
): Promise<void> {
  const { io, say } = context;
  const response = await client.raw(operationId, call);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const file = String(options.output ?? fileNameOf(response) ?? 'download');
  if (file === '-') return io.outBytes(bytes);
  try {
    await io.writeFile(file, bytes);
  } catch (error) {
    throw new UsageError(say('cannotWrite', { file, reason: (error as Error).message }));
  }
  io.err(`${say('saved', { file, bytes: bytes.length })}\n`);
}

function renderOptions({ io, say, env }: Context): RenderOptions {
  return { locale: env.locale, say, columns: io.columns, color: env.color };
}

function print(context: Context, operationId: OperationId, answer: unknown): void {
  const { io, say } = context;
  if (context.options.json) {
    if (answer !== undefined) io.out(`${JSON.stringify(answer, null, 2)}\n`);
    return;
  }
  if (answer === undefined) {
    io.err(`${say('done')}\n`);
    return;
  }
  io.out(renderAnswer(operationId, answer, renderOptions(context)));
  const cursor = (answer as { next_cursor?: string | null }).next_cursor;
  if (cursor) io.err(`${say('more', { cursor })}\n`);
}
