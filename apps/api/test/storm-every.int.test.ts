import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStorm, REPEATABLE, repeatOperation, type Storm } from './support/storm-run';

let storm: Storm;
beforeAll(async () => {
  storm = await openStorm();
});
afterAll(() => storm?.close());

test.each(REPEATABLE.map((route) => [route.operationId, route] as const))(
  '%s sent five times with one key, three answers in ten lost, is done once',
  (_, route) => repeatOperation(storm, route),
);

test('answers were lost on the way', () => {
  expect(storm.proxy.dropped()).toBeGreaterThan(REPEATABLE.length);
});
