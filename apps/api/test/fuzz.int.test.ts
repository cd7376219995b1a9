import { test } from 'vitest';
import { fuzz } from './support/fuzz-run';

test(
  'fifteen hundred requests made from the OpenAPI document are answered as it says, none by a failure of ours',
  () => fuzz(1_500),
  240_000,
);
