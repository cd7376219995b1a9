import fc from 'fast-check';
import { test } from 'vitest';
import { happenings, play } from './support/interleavings';

// The long run: interleavings.soak.test.ts.
test('whatever happens in whatever order: no device twice, no lease left open, no unleased second billed', async () => {
  await fc.assert(fc.asyncProperty(happenings, play), { numRuns: 12, endOnFailure: false });
}, 240_000);
