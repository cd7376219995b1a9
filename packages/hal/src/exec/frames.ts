import type { Duplex, Readable, Writable } from 'node:stream';
import type { TerminalSize } from '../driver';

/**
 * What travels between a driver and an engine while a program runs: a kind byte, a big-endian length, as many bytes. Both
 * directions of one connection; TCP holds back whoever sends more than the other reads.
 */
export const FRAME = {
  /** To the program. */
  input: 0x01,
  endOfInput: 0x02,
  /** Columns and rows, two bytes each. */
  resize: 0x03,
  /** Says that the sender is there; sent by both. */
  alive: 0x04,
  /** From the program. */
  stdout: 0x11,
  stderr: 0x12,
  /** Its exit status, four bytes; the last frame. */
  exit: 0x13,
} as const;

export const EXEC_PROTOCOL = 'suanxiang-exec/1';
/** Larger pieces are sent as several frames. */
export const FRAME_BYTES = 32 * 1024;
/** Each side says this often that it is there, and gives the other up after three times as long. */
const ALIVE_MS = 10_000;
const SILENCE_MS = 3 * ALIVE_MS;

const HEADER_BYTES = 5;

export interface Frame {
  kind: number;
  bytes: Buffer;
}

/** One frame as it is sent. */
export function encodeFrame(kind: number, bytes: Uint8Array = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(kind, 0);
  header.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([header, bytes]);
}

/** Bytes as frames of one kind. */
export function* framesOf(kind: number, bytes: Uint8Array): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += FRAME_BYTES)
    yield encodeFrame(kind, bytes.subarray(at, Math.min(bytes.length, at + FRAME_BYTES)));
}

export function encodeSize({ columns, rows }: TerminalSize): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16BE(Math.min(columns, 0xffff), 0);
  bytes.writeUInt16BE(Math.min(rows, 0xffff), 2);
  return bytes;
}

/** Null when the bytes are no size. */
export function decodeSize(bytes: Buffer): TerminalSize | null {
  if (bytes.length !== 4) return null;
  const [columns, rows] = [bytes.readUInt16BE(0), bytes.readUInt16BE(2)];
  return columns > 0 && rows > 0 ? { columns, rows } : null;
}

export function encodeExit(code: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(code, 0);
  return bytes;
}

/** Frames as they come. Throws RangeError for one that is larger than any that we send. */
export async function* readFrames(stream: Readable, first: Buffer = Buffer.alloc(0)): AsyncGenerator<Frame> {
  let rest = first;
  function* whole(): Generator<Frame> {
    while (rest.length >= HEADER_BYTES) {
      const length = rest.readUInt32BE(1);
      if (length > FRAME_BYTES) throw new RangeError(`a frame of ${length} bytes`);
      if (rest.length < HEADER_BYTES + length) return;
      yield { kind: rest.readUInt8(0), bytes: rest.subarray(HEADER_BYTES, HEADER_BYTES + length) };
      rest = rest.subarray(HEADER_BYTES + length);
    }
  }
  yield* whole();
  for await (const chunk of stream) {
    rest = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    yield* whole();
  }
}

/** Writes and resolves when more may be written; nothing is written to a stream that has ended. */
export function send(stream: Writable, bytes: Uint8Array): Promise<void> {
  if (!stream.writable || stream.write(bytes)) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done);
      stream.off('close', done);
      resolve();
    };
    stream.once('drain', done);
    stream.once('close', done);
  });
}

/**
 * Says often that we are there, and destroys the connection when the other side has been silent for too long. Bytes that
 * wait to be read are no silence: their reader is slow.
 */
export function watchSilence(socket: Duplex): void {
  let silentBeats = 0;
  socket.on('data', () => {
    silentBeats = 0;
  });
  // Listening alone must not make it flow before it is read.
  socket.pause();
  const beat = setInterval(() => {
    silentBeats = socket.readableLength > 0 ? 0 : silentBeats + 1;
    if (silentBeats * ALIVE_MS > SILENCE_MS) socket.destroy();
    else if (socket.writable) socket.write(encodeFrame(FRAME.alive));
  }, ALIVE_MS);
  socket.once('close', () => clearInterval(beat));
}
