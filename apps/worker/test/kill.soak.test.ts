import { afterAll, beforeAll, test } from 'vitest';
import { liveThroughKills, SHAPES, type ShapeName } from './support/kill-at';
import { openProduct, type Product } from './support/product';

let product: Product;
beforeAll(async () => {
  product = await openProduct();
});
afterAll(() => product?.close());

test.each(Object.keys(SHAPES) as ShapeName[])(
  'kill -9 three times before, in the middle of and after every step of the life of one %s',
  (shape) => liveThroughKills(product, shape, ['before', 'before', 'before', 'acted', 'acted', 'acted', 'after']),
);
