import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import { text as readText } from 'node:stream/consumers';
import { DriverError, type ExecChunk, type ExecRequest, type ExecSession, type TerminalSize } from '../driver';
import { CALL_HEADERS, type CallSigner } from '../drivers/agent/signatures';
import { wireError } from '../drivers/simulated/wire';
import { EXEC_PROTOCOL, encodeFrame, encodeSize, FRAME, framesOf, readFrames, send, watchSilence } from './frames';

export interface ExecTarget {
  /** Address of the engine, without a trailing slash. */
  url: string;
  headers: Record<string, string>;
  signer: CallSigner | null;
  connectTimeoutMs: number;
}

/** The path of an exec call. What is asked for stands in it, so that a signature over the path covers it. */
function execPath(allocationId: string, request: ExecRequest): string {
  const asked = Buffer.from(JSON.stringify(request), 'utf8').toString('base64url');
  return `/v1/allocations/${encodeURIComponent(allocationId)}/exec?request=${asked}`;
}

function refusal(path: string, status: number, body: string): DriverError {
  let value: unknown = null;
  try {
    value = JSON.parse(body);
  } catch {
    // Told below by its status.
  }
  const known = wireError.safeParse(value);
  if (!known.success)
    return new DriverError(status >= 500 ? 'transient' : 'invalid', `${path}: refused with ${status}`);
  const { code, message, vendorCode } = known.data.error;
  return new DriverError(code, message, vendorCode);
}

/** Asks an engine to start a program and takes over the connection. Rejects with DriverError only. */
export function openExec(target: ExecTarget, allocationId: string, asked: ExecRequest): Promise<ExecSession> {
  const path = execPath(allocationId, asked);
  const signed = target.signer?.sign('GET', path, '') ?? null;
  const isAnswered = (status: number, body: string, answer: IncomingMessage) =>
    !signed || target.signer!.isAnswered(signed.nonce, status, body, String(answer.headers[CALL_HEADERS.signature]));
  const base = new URL(target.url);
  const open = base.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = open(new URL(path, base), {
      method: 'GET',
      headers: { ...target.headers, ...signed?.headers, connection: 'Upgrade', upgrade: EXEC_PROTOCOL },
      timeout: target.connectTimeoutMs,
    });
    const fail = (error: DriverError) => {
      request.destroy();
      reject(error);
    };
    request.once('timeout', () => fail(new DriverError('lost', `${allocationId}: no answer to exec in time`)));
    request.once('error', (error) => fail(new DriverError('transient', `${allocationId}: ${error.message}`)));
    request.once('response', (answer) => {
      readText(answer).then(
        (body) =>
          fail(
            isAnswered(answer.statusCode ?? 0, body, answer)
              ? refusal(`exec in ${allocationId}`, answer.statusCode ?? 0, body)
              : new DriverError('transient', `${allocationId}: the answer is not signed by the agent`),
          ),
        (error: Error) => fail(new DriverError('transient', `${allocationId}: ${error.message}`)),
      );
    });
    request.once('upgrade', (answer, socket, head) => {
      if (!isAnswered(101, '', answer)) {
        socket.destroy();
        return fail(new DriverError('lost', `${allocationId}: the answer is not signed by the agent`));
      }
      resolve(sessionOver(socket, head));
    });
    request.end();
  });
}

/** The program at the other end of a connection. */
function sessionOver(socket: Duplex, head: Buffer): ExecSession {
  watchSilence(socket);
  socket.on('error', () => {});
  let settle: { resolve(code: number): void; reject(error: Error): void };
  const exit = new Promise<number>((resolve, reject) => {
    settle = { resolve, reject };
  });
  exit.catch(() => {});
  const lost = () => settle.reject(new DriverError('lost', 'the connection to the program broke'));
  socket.once('close', lost);

  async function* output(): AsyncGenerator<ExecChunk> {
    try {
      for await (const { kind, bytes } of readFrames(socket, head)) {
        if (kind === FRAME.stdout) yield { stream: 'stdout', bytes };
        else if (kind === FRAME.stderr) yield { stream: 'stderr', bytes };
        else if (kind === FRAME.exit && bytes.length === 4) {
          settle.resolve(bytes.readInt32BE(0));
          return;
        }
      }
    } catch {
      // The end of the connection is told by `exit`.
    } finally {
      socket.destroy();
    }
  }
  return {
    output: output(),
    exit,
    async write(bytes) {
      for (const frame of framesOf(FRAME.input, bytes)) await send(socket, frame);
    },
    endInput: () => send(socket, encodeFrame(FRAME.endOfInput)),
    resize: (size: TerminalSize) => send(socket, encodeFrame(FRAME.resize, encodeSize(size))),
    close: () => socket.destroy(),
  };
}
