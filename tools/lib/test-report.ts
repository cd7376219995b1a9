import { existsSync, readFileSync } from 'node:fs';

/** What a test runner counted. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const nothing: Totals = { passed: 0, failed: 0, skipped: 0 };

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  errors: unknown[];
}

export function add(a: Totals, b: Totals): Totals {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

function read<T>(file: string): T | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

/** A runner that ended badly without naming a failed test has failed at least once. */
function atLeastOneFailure(totals: Totals, exitCode: number): Totals {
  return exitCode !== 0 && totals.failed === 0 ? { ...totals, failed: 1 } : totals;
}

/** Totals of Vitest's JSON report; a file that could not even be loaded counts as one failure. */
export function vitestTotals(file: string, exitCode: number): Totals {
  const report = read<VitestReport>(file);
  if (!report) return atLeastOneFailure(nothing, exitCode || 1);
  const unloadable = report.testResults.filter((r) => r.status === 'failed' && r.assertionResults.length === 0).length;
  const totals = {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloadable,
    skipped: report.numPendingTests + report.numTodoTests,
  };
  return atLeastOneFailure(totals, exitCode);
}

/** Totals of Playwright's JSON report; a journey that passed only when repeated counts as failed. */
export function playwrightTotals(file: string, exitCode: number): Totals {
  const report = read<PlaywrightReport>(file);
  if (!report) return atLeastOneFailure(nothing, exitCode || 1);
  const { expected, unexpected, flaky, skipped } = report.stats;
  return atLeastOneFailure({ passed: expected, failed: unexpected + flaky, skipped }, exitCode);
}

/** The closing line of a test run. */
export function closingLine(totals: Totals): string {
  const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
  return `${totals.passed} passed, ${totals.failed} failed${skipped}`;
}
