import { expect, test } from 'vitest';
import { openStorm, REPEATABLE, repeatOperation } from './support/storm-run';

/** Each round has an API, tenants and a proxy of its own, so that other answers are lost. */
const ROUNDS = 20;

test('every operation that takes an Idempotency-Key is done once, whichever answers are lost', async () => {
  let dropped = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const storm = await openStorm();
    try {
      for (let i = 0; i < REPEATABLE.length; i += 1)
        await repeatOperation(storm, REPEATABLE[(i + round * 7) % REPEATABLE.length]!);
      dropped += storm.proxy.dropped();
    } finally {
      await storm.close();
    }
  }
  expect(dropped).toBeGreaterThan(ROUNDS * REPEATABLE.length);
}, 3_600_000);
