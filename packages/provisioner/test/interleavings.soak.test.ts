import fc from 'fast-check';
import { test } from 'vitest';
import { happenings, play } from './support/interleavings';

test('whatever happens in whatever order, six hundred times', async () => {
  await fc.assert(fc.asyncProperty(happenings, play), { numRuns: 600 });
});
