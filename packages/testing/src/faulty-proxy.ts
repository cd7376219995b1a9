import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

/** What goes wrong with one request whose method and path begin as `on` says. */
export interface Fault {
  /** For example `POST /v1/instances`. */
  on: string;
  /** Answer this at once instead of passing the request on. */
  answer?: { status: number; headers?: Record<string, string>; body?: unknown };
  /** Pass it on and let it happen, but break the connection instead of answering. */
  lose?: boolean;
  /** Break the connection once this text has passed in the answer. */
  cutAfter?: string;
}

/** A request as it came. */
export interface Passed {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
}

export interface FaultyProxy {
  url: string;
  /** Every request that came, in order. */
  seen: Passed[];
  /** Each fault befalls the next request that it is about. */
  plan(...faults: Fault[]): void;
  close(): Promise<void>;
}

/**
 * A proxy on loopback before an API: clients meet a bad network and a busy server, while what they ask for is done by
 * the real one. Another process plans faults by `POST /faults` and reads what came by `GET /seen`.
 */
export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  const seen: Passed[] = [];
  const planned: Fault[] = [];
  const server = createServer((from, to) => {
    if (from.url === '/faults' || from.url === '/seen') return void control(from, to);
    const { method = 'GET', url = '/', headers } = from;
    seen.push({ method, path: url, headers });
    const index = planned.findIndex(({ on }) => `${method} ${url}`.startsWith(on));
    const [fault] = index < 0 ? [] : planned.splice(index, 1);
    if (fault?.answer) {
      from.resume();
      to.writeHead(fault.answer.status, { 'content-type': 'application/problem+json', ...fault.answer.headers });
      return void to.end(JSON.stringify(fault.answer.body ?? {}));
    }
    pass(target, from, to, fault);
  });

  async function control(from: IncomingMessage, to: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of from) chunks.push(chunk as Buffer);
    if (chunks.length > 0) planned.push(...(JSON.parse(Buffer.concat(chunks).toString()) as Fault[]));
    to.end(JSON.stringify(from.url === '/seen' ? seen.splice(0) : {}));
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    seen,
    plan: (...faults) => void planned.push(...faults),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function pass(target: string, from: IncomingMessage, to: ServerResponse, fault: Fault | undefined): void {
  const options = { method: from.method ?? 'GET', headers: from.headers, agent: false };
  const onward = request(target + from.url, options, (answer) => {
    if (fault?.lose) {
      answer.resume().on('end', () => to.destroy());
      return;
    }
    to.writeHead(answer.statusCode ?? 502, answer.headers);
    to.flushHeaders();
    let passed = '';
    answer.on('data', (chunk: Buffer) => {
      passed += chunk.toString();
      to.write(chunk, () => void (fault?.cutAfter && passed.includes(fault.cutAfter) && to.destroy()));
    });
    answer.on('end', () => to.end()).on('error', () => to.destroy());
  });
  onward.on('error', () => to.destroy());
  to.on('close', () => onward.destroy());
  from.pipe(onward);
}
