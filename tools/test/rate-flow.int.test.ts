import { expect, test } from 'vitest';
import { file, ratingCase, run } from './support/rate-command';

test('runs flow cases on a PostgreSQL of their own, in the order of the file', () => {
  const ops = [
    { op: 'payment_succeeded', event: 'e1', payment: 'p1', minor: 2000 },
    { op: 'payment_succeeded', event: 'e2', payment: 'p1', minor: 2000 },
    { op: 'debit', key: 'k', minor: 1 },
  ];
  const flow = { id: 'F1', kind: 'flow', start: { wallet_minor: 1 }, ops };
  const { code, out, err } = run(
    file(JSON.stringify({ cases: [flow, ratingCase, { id: 'F2', kind: 'flow', ops: [{ op: '?' }] }] })),
  );
  expect(err).toMatch(/^case F2\.ops\[0\]\.op must be one of .*, not "\?"\.\n$/);
  expect(code).toBe(2);
  expect(Object.keys(JSON.parse(out))).toEqual(['F1', 'T1']);
  expect(JSON.parse(out).F1).toEqual({ wallet_minor: 2000, payments_settled: 1 });
});
