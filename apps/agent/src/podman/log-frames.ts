import type { LogChunk } from '@suanxiang/hal/driver';

type Line = LogChunk['lines'][number];

const HEADER_BYTES = 8;

/**
 * Lines in Podman's log stream: frames of a kind byte, three zeros, a big-endian length and as many bytes, each one line
 * that begins with its time. Times are whole seconds, so lines keep the order in which they came.
 */
export function readLogFrames(bytes: Buffer): Line[] {
  const lines: Line[] = [];
  for (let at = 0; at + HEADER_BYTES <= bytes.length; ) {
    const length = bytes.readUInt32BE(at + 4);
    const text = bytes.toString('utf8', at + HEADER_BYTES, at + HEADER_BYTES + length).replace(/\r?\n$/, '');
    at += HEADER_BYTES + length;
    const space = text.indexOf(' ');
    const atMs = Date.parse(text.slice(0, space));
    lines.push(Number.isNaN(atMs) ? { atMs: 0, text } : { atMs, text: text.slice(space + 1) });
  }
  return lines;
}
