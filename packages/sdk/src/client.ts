import { eventStream } from './event-stream';
import { type Api, type Event, OPERATIONS } from './generated/api';
import { listing } from './listing';
import type { Operation } from './operation';
import { createSend, type Input, type Send } from './transport';
import type { CallOptions, ClientOptions, Page, StreamOptions } from './types';
import { type Waitable, type WaitOptions, waitFor } from './wait';

/** The API, and waiting for what takes longer than a request. */
export interface Suanxiang extends Api {
  /** Waits until an operation has succeeded. Throws OperationFailed or WaitTimedOut. */
  waitFor(what: Waitable, options?: WaitOptions): ReturnType<typeof waitFor>;
}

/** A client of the API: `client.instances.create({ ... })`, `for await (const it of client.instances.list()) ...`. */
export function createClient(options: ClientOptions): Suanxiang {
  const send = createSend(options);
  const client: Record<string, unknown> = {};
  for (const operation of OPERATIONS) {
    const [first = '', second] = operation.name;
    const method = methodOf(send, operation);
    if (second === undefined) client[first] = method;
    else client[first] = { ...(client[first] as object | undefined), [second]: method };
  }
  const api = client as unknown as Api;
  return { ...api, waitFor: (what, wait = {}) => waitFor(api, what, wait) };
}

type Method = (...args: unknown[]) => unknown;

function methodOf(send: Send, operation: Operation): Method {
  const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  const takesInput = operation.body || operation.query.length > 0;
  return (...args) => {
    const params = Object.fromEntries(names.map((name, index) => [name, args[index]]));
    const given = (takesInput ? args[names.length] : undefined) as Record<string, unknown> | undefined;
    const options = (args[names.length + (takesInput ? 1 : 0)] ?? {}) as CallOptions & StreamOptions;
    return call(send, operation, { params, ...split(operation, given ?? {}) }, options);
  };
}

/** The fields of an input by where they go. */
function split({ query, body }: Operation, given: Record<string, unknown>): Input {
  const isQuery = ([name]: [string, unknown]) => query.includes(name);
  const fields = Object.entries(given);
  return {
    query: Object.fromEntries(fields.filter(isQuery)),
    ...(body ? { body: Object.fromEntries(fields.filter((field) => !isQuery(field))) } : {}),
  };
}

function call(send: Send, operation: Operation, input: Input, options: CallOptions & StreamOptions): unknown {
  const answer = () => send(operation, input, options);
  switch (operation.result) {
    case 'none':
      return answer().then(() => undefined);
    case 'bytes':
      return answer().then(async (response) => new Uint8Array(await response.arrayBuffer()));
    case 'value':
      return answer().then((response) => response.json());
    case 'page':
      return listing(async (cursor) => {
        const query = { ...input.query, ...(cursor === null ? {} : { cursor }) };
        return (await (await send(operation, { ...input, query }, options)).json()) as Page<unknown>;
      });
    case 'events':
      return eventStream(
        {
          open: (lastEventId, signal) =>
            send(operation, input, { signal, headers: lastEventId ? { 'last-event-id': lastEventId } : {} }),
          newest: (signal) => newestEvent(send, signal),
        },
        options,
      );
  }
}

async function newestEvent(send: Send, signal: AbortSignal | undefined): Promise<string | null> {
  const list = OPERATIONS.find(({ id }) => id === 'listEvents')!;
  const response = await send(list, { query: { limit: 1 } }, { signal });
  return ((await response.json()) as Page<Event>).items[0]?.id ?? null;
}
