import { randomInt } from 'node:crypto';

const FIRST_MS = 250;
const MOST_MS = 30_000;

/** Pause before the next try: doubling from a quarter of a second to half a minute, the upper half of it at random. */
export function backOffMs(attempt: number): number {
  const most = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return most / 2 + randomInt(0, most / 2 + 1);
}
