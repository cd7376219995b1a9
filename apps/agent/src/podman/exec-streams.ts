import type { Readable } from 'node:stream';
import type { ExecChunk } from '@suanxiang/hal/driver';

const HEADER_BYTES = 8;
const STDERR = 2;

/**
 * What a program of Podman's writes. With a terminal the bytes come as they are; else in frames of a kind byte, three zeros,
 * a big-endian length and as many bytes.
 */
export async function* readStreams(stream: Readable, head: Buffer, tty: boolean): AsyncGenerator<ExecChunk> {
  let rest = head;
  if (tty) {
    if (rest.length > 0) yield { stream: 'stdout', bytes: rest };
    for await (const bytes of stream) yield { stream: 'stdout', bytes: bytes as Buffer };
    return;
  }
  function* whole(): Generator<ExecChunk> {
    while (rest.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + rest.readUInt32BE(4);
      if (rest.length < end) return;
      yield { stream: rest.readUInt8(0) === STDERR ? 'stderr' : 'stdout', bytes: rest.subarray(HEADER_BYTES, end) };
      rest = rest.subarray(end);
    }
  }
  yield* whole();
  for await (const bytes of stream) {
    rest = Buffer.concat([rest, bytes as Buffer]);
    yield* whole();
  }
}
