import { test } from 'vitest';
import { fuzz } from './support/fuzz-run';

test(
  'a thousand requests made from the OpenAPI document are answered as it says, none by a failure of ours',
  () => fuzz(1_000),
  240_000,
);
