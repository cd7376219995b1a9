import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { z } from 'zod';
import type { ExecRequest, ExecSession } from '../driver';
import { statusOf, toDriverError } from '../server/errors';
import {
  decodeSize,
  EXEC_PROTOCOL,
  encodeExit,
  encodeFrame,
  FRAME,
  framesOf,
  readFrames,
  send,
  watchSilence,
} from './frames';

const size = z.strictObject({ columns: z.int().min(1).max(1_000), rows: z.int().min(1).max(1_000) });
const request = z.strictObject({
  command: z.array(z.string().max(8_192)).min(1).max(256).nullable(),
  terminal: size.nullable(),
}) satisfies z.ZodType<ExecRequest>;

/** What an engine brings to have programs started in its workloads. */
export interface ExecHost {
  /** Null when the caller may call; else why not. */
  refuse(message: IncomingMessage): string | null;
  /** Headers that prove an answer. */
  prove(message: IncomingMessage, status: number, body: string): Record<string, string>;
  /** Starts a program. Throws DriverError. */
  exec(allocationId: string, request: ExecRequest): Promise<ExecSession>;
}

const PATH = /^\/v1\/allocations\/([^/?]+)\/exec\?request=([\w-]+)$/;
const REASONS: Record<number, string> = { 101: 'Switching Protocols', 401: 'Unauthorized' };

function head(status: number, headers: Record<string, string>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${REASONS[status] ?? 'Refused'}\r\n${lines.join('')}\r\n`;
}

/** Adds exec to an HTTP server: the one request that it answers by handing the connection over. */
export function installExec(server: Server, host: ExecHost): void {
  server.on('upgrade', (message: IncomingMessage, socket: Duplex, rest: Buffer) => {
    socket.on('error', () => socket.destroy());
    const answer = (status: number, body: string) => {
      const headers = {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
        connection: 'close',
        ...host.prove(message, status, body),
      };
      socket.end(head(status, headers) + body);
    };
    const refuse = (status: number, code: string, text: string) =>
      answer(status, JSON.stringify({ error: { code, message: text, vendorCode: null } }));
    const why = host.refuse(message);
    if (why !== null) return refuse(401, 'invalid', why);
    const found = PATH.exec(message.url ?? '');
    if (!found || message.headers.upgrade !== EXEC_PROTOCOL) return refuse(501, 'unsupported', 'nothing to upgrade to');
    Promise.resolve()
      .then(() => {
        const asked = request.parse(JSON.parse(Buffer.from(found[2]!, 'base64url').toString('utf8')));
        return host.exec(decodeURIComponent(found[1]!), asked);
      })
      .then(
        (session) => {
          const headers = { connection: 'Upgrade', upgrade: EXEC_PROTOCOL, ...host.prove(message, 101, '') };
          socket.write(head(101, headers));
          return carry(session, socket, rest);
        },
        (error: unknown) => {
          const known = toDriverError(error);
          if (known) refuse(statusOf(known), known.code, known.message);
          else refuse(500, 'transient', 'the program could not be started');
        },
      )
      .catch(() => socket.destroy());
  });
}

async function carryInput(session: ExecSession, socket: Duplex, rest: Buffer): Promise<void> {
  for await (const { kind, bytes } of readFrames(socket, rest)) {
    if (kind === FRAME.input) await session.write(bytes);
    else if (kind === FRAME.endOfInput) await session.endInput();
    else if (kind === FRAME.resize) {
      const wanted = decodeSize(bytes);
      if (wanted) await session.resize(wanted);
    }
  }
}

/** Carries bytes between a program and a connection until one of them ends; the other then ends, too. */
async function carry(session: ExecSession, socket: Duplex, rest: Buffer): Promise<void> {
  watchSilence(socket);
  socket.once('close', () => session.close());
  const hangUp = () => socket.destroy();
  carryInput(session, socket, rest).then(hangUp, hangUp);
  try {
    for await (const { stream, bytes } of session.output)
      for (const frame of framesOf(FRAME[stream], bytes)) await send(socket, frame);
    socket.end(encodeFrame(FRAME.exit, encodeExit(await session.exit)));
  } catch {
    // How it ended is not known: a connection that ends without an exit says so.
    socket.destroy();
  }
}
