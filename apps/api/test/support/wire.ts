import { connect } from 'node:net';
import { systemClock } from '@suanxiang/platform/clock';
import { createLogger } from '@suanxiang/platform/logger';
import { freePort } from '@suanxiang/testing/free-port';
import { buildServer, type ServerOptions } from '../../src/build-server';
import { createRateLimiter } from '../../src/rate-limit';
import type { Api, Json } from './api';

/** An answer as it came over the wire. */
export interface WireAnswer {
  status: number;
  head: string;
  body: string;
  json: Json;
}

export interface Wire {
  port: number;
  /** Sends bytes and reads until the server closes, or until nothing has come for a while. */
  send(bytes: string | Buffer, options?: { from?: string; quietMs?: number }): Promise<WireAnswer[]>;
  close(): Promise<void>;
}

/** The API behind a real port, for what only bytes can say. */
export async function openWire(api: Api, over: Partial<ServerOptions> = {}): Promise<Wire> {
  const port = await freePort();
  const app = buildServer({
    ctx: api.plane.ctx,
    limiter: createRateLimiter(api.plane.ctx.redis, systemClock),
    logger: createLogger({ name: 'test', level: 'silent' }),
    apiUrl: 'http://127.0.0.1:4000',
    version: 'test',
    ...over,
  });
  await app.listen({ host: '127.0.0.1', port });
  return {
    port,
    send: async (bytes, options = {}) => answersIn(await exchange(port, bytes, options)),
    close: () => app.close(),
  };
}

function exchange(
  port: number,
  bytes: string | Buffer,
  { from, quietMs = 2_000 }: { from?: string; quietMs?: number },
) {
  return new Promise<string>((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', ...(from ? { localAddress: from } : {}) }, () =>
      socket.write(bytes),
    );
    const parts: Buffer[] = [];
    const done = () => {
      socket.destroy();
      resolve(Buffer.concat(parts).toString());
    };
    socket.setTimeout(quietMs, done);
    socket.on('data', (chunk: Buffer) => parts.push(chunk));
    socket.on('error', done);
    socket.on('close', done);
  });
}

/** The answers in a stream of bytes, each with the body that its Content-Length names. */
function answersIn(text: string): WireAnswer[] {
  const answers: WireAnswer[] = [];
  let rest = text;
  while (rest.startsWith('HTTP/1.1 ')) {
    const end = rest.indexOf('\r\n\r\n');
    const head = rest.slice(0, end);
    const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
    const after = Buffer.from(rest.slice(end + 4));
    const body = after.subarray(0, length).toString();
    const isJson = /^content-type: application\/(problem\+)?json/im.test(head);
    answers.push({
      status: Number(head.slice(9, 12)),
      head,
      body,
      json: isJson && body !== '' ? JSON.parse(body) : undefined,
    });
    rest = after.subarray(length).toString();
  }
  return answers;
}

/** A request as bytes, closed after its answer. */
export function request(line: string, headers: readonly string[] = [], body = ''): string {
  return [line, 'Host: api.test', 'Connection: close', ...headers, '', body].join('\r\n');
}
