import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { add, closingLine, playwrightTotals, unsteadyJourneys, unsteadyTests, vitestTotals } from '../lib/test-report';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'suanxiang-report-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function report(content: object | string): string {
  const file = path.join(folder, 'report.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const green = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 1, numTodoTests: 0, testResults: [] };

test('both runners add up to one closing line', () => {
  const a = vitestTotals(report(green), 0);
  const b = playwrightTotals(report({ stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 0 }, errors: [] }), 1);
  expect(closingLine(add(a, b))).toBe('9 passed, 1 failed, 1 skipped');
});

test('a test file that cannot be loaded counts as a failure', () => {
  const broken = { ...green, testResults: [{ status: 'failed', assertionResults: [] }] };
  expect(vitestTotals(report(broken), 1)).toMatchObject({ passed: 5, failed: 1 });
});

test('a runner that ends badly without naming a test, or writes no report, has failed', () => {
  expect(vitestTotals(report(green), 1).failed).toBe(1);
  expect(vitestTotals(path.join(folder, 'missing.json'), 0).failed).toBe(1);
  expect(playwrightTotals(report('{"stats": '), 0).failed).toBe(1);
});

test('what passed only on a second attempt is named', () => {
  const spec = (title: string, status: string) => ({ title, file: 'a.spec.ts', tests: [{ status }] });
  const suites = [{ specs: [spec('first', 'expected')], suites: [{ specs: [spec('second', 'flaky')] }] }];
  const stats = { expected: 1, unexpected: 0, flaky: 1, skipped: 0 };
  expect(unsteadyJourneys(report({ stats, suites, errors: [] }))).toEqual(['a.spec.ts > second']);
  expect(unsteadyTests(report('one\ntwo\n'))).toEqual(['one', 'two']);
  expect(unsteadyTests(path.join(folder, 'missing.txt'))).toEqual([]);
});
