import WebSocket from 'ws';
import { NetworkError } from './exit-codes';
import type { Io, TerminalCells } from './io';

/** First byte of what a program writes. */
const ERRORS = 2;
/** Most bytes of input in one message. */
const MESSAGE_BYTES = 32 * 1024;
const HIGH_WATER_BYTES = 1024 * 1024;

export interface RemoteProgram {
  url: string;
  ticket: string;
  /** What is written to it; null: nothing, and it is told so. */
  input: AsyncIterable<Uint8Array> | null;
  /** Told how its terminal can be resized once it runs. */
  onReady?: (resize: (size: TerminalCells) => void) => void;
}

/** How a session ended: with the program's exit code, or for a reason of the server's. */
export type RemoteEnd = { code: number } | { reason: string };

async function pump(socket: WebSocket, input: AsyncIterable<Uint8Array> | null): Promise<void> {
  for await (const bytes of input ?? []) {
    for (let at = 0; at < bytes.length; at += MESSAGE_BYTES) {
      if (socket.readyState !== WebSocket.OPEN) return;
      const sent = new Promise<void>((resolve) => socket.send(bytes.subarray(at, at + MESSAGE_BYTES), () => resolve()));
      // No more is read than the program takes.
      if (socket.bufferedAmount > HIGH_WATER_BYTES) await sent;
    }
  }
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type: 'end_of_input' }));
}

/** Runs a program to its end over the session that a ticket opens. Throws NetworkError when the server cannot be reached. */
export function runRemotely(io: Io, { url, ticket, input, onReady }: RemoteProgram): Promise<RemoteEnd> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, ['suanxiang.terminal.v1', `ticket.${ticket}`], { perMessageDeflate: false });
    let code: number | null = null;
    let written = Promise.resolve();
    const hangUp = () => socket.close();
    io.interrupted.addEventListener('abort', hangUp);
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) {
        // The server holds the program back while this side does not read.
        socket.pause();
        written = written.then(() => io.write(data[0] === ERRORS ? 'err' : 'out', data.subarray(1)));
        void written.then(() => socket.resume());
        return;
      }
      const message = JSON.parse(String(data)) as { type: string; code?: number };
      if (message.type === 'exit') code = message.code ?? null;
      if (message.type !== 'ready') return;
      onReady?.(({ columns, rows }) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type: 'resize', columns, rows }));
      });
      pump(socket, input).catch(hangUp);
    });
    socket.once('error', (error) => reject(new NetworkError(url, error.message)));
    socket.once('close', (_, reason) => {
      io.interrupted.removeEventListener('abort', hangUp);
      void written.then(() => resolve(code === null ? { reason: String(reason) || 'lost' } : { code }));
    });
  });
}
