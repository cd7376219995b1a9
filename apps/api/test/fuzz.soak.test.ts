import { test } from 'vitest';
import { fuzz } from './support/fuzz-run';

test('ten thousand requests made from the OpenAPI document are answered as it says, none by a failure of ours', () =>
  fuzz(10_000));
