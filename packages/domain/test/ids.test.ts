import { expect, test } from 'vitest';
import { isId, mintedAtMs, mintId } from '../src/ids';

test('an id tells when it was minted, to the millisecond', () => {
  for (const nowMs of [0, 1, 1_795_478_400_123, 2 ** 48 - 1]) {
    expect(mintedAtMs('allocation', mintId('allocation', nowMs))).toBe(nowMs);
  }
});

test('other kinds and other text tell nothing', () => {
  const id = mintId('operation', 5);
  expect(isId('operation', id)).toBe(true);
  expect(mintedAtMs('allocation', id)).toBeNull();
  expect(mintedAtMs('allocation', 'alloc_seen-by-hand')).toBeNull();
});
