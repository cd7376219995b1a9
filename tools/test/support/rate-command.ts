import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { root } from '../../lib/root';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'suanxiang-rate-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command that rates a file of cases. */
export function run(...args: string[]) {
  const done = spawnSync(process.execPath, ['--import', 'tsx', 'tools/rate.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

/** A file of cases, gone after the tests. */
export function file(content: string): string {
  const name = path.join(folder, 'cases.json');
  writeFileSync(name, content);
  return name;
}

/** One second at a price whose exact sum no double can hold. */
export const ratingCase = {
  id: 'T1',
  kind: 'rating',
  account: { id: 'acct', currency: 'USD', exponent: 2, time_zone: 'UTC' },
  price_book: [{ sku: 'g', from: '2026-01-01T00:00:00Z', micro_per_gpu_hour: '360000000000000000000' }],
  allocations: [{ id: 'a1', sku: 'g', gpus: 1, start: '2026-10-05T10:00:00Z', end: '2026-10-05T10:00:01Z' }],
  invoices: [{ id: 'INV1', month: '2026-10' }],
};
