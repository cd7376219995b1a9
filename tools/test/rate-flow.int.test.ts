import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'suanxiang-rate-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]) {
  const done = spawnSync(process.execPath, ['--import', 'tsx', 'tools/rate.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

function file(content: string): string {
  const name = path.join(folder, 'cases.json');
  writeFileSync(name, content);
  return name;
}

const ratingCase = {
  id: 'T1',
  kind: 'rating',
  account: { id: 'acct', currency: 'USD', exponent: 2, time_zone: 'UTC' },
  price_book: [{ sku: 'g', from: '2026-01-01T00:00:00Z', micro_per_gpu_hour: '360000000000000000000' }],
  allocations: [{ id: 'a1', sku: 'g', gpus: 1, start: '2026-10-05T10:00:00Z', end: '2026-10-05T10:00:01Z' }],
  invoices: [{ id: 'INV1', month: '2026-10' }],
};

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
