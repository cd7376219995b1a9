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

interface PlaywrightSuite {
  suites?: PlaywrightSuite[];
  specs?: { title: string; file: string; tests: { status: string }[] }[];
}

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  suites?: PlaywrightSuite[];
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

/** Totals of Playwright's JSON report; a journey that passed on a second attempt counts as passed and is in `unsteadyJourneys`. */
export function playwrightTotals(file: string, exitCode: number): Totals {
  const report = read<PlaywrightReport>(file);
  if (!report) return atLeastOneFailure(nothing, exitCode || 1);
  const { expected, unexpected, flaky, skipped } = report.stats;
  return atLeastOneFailure({ passed: expected + flaky, failed: unexpected, skipped }, exitCode);
}

/** Journeys that passed only on a second attempt, as `file > title`. */
export function unsteadyJourneys(file: string): string[] {
  const names: string[] = [];
  const walk = (suite: PlaywrightSuite): void => {
    for (const spec of suite.specs ?? [])
      if (spec.tests.some((one) => one.status === 'flaky')) names.push(`${spec.file} > ${spec.title}`);
    suite.suites?.forEach(walk);
  };
  read<PlaywrightReport>(file)?.suites?.forEach(walk);
  return names;
}

/** Names that `unsteady-reporter.ts` wrote, one a line. */
export function unsteadyTests(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
}

/** The closing line of a test run. */
export function closingLine(totals: Totals): string {
  const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
  return `${totals.passed} passed, ${totals.failed} failed${skipped}`;
}
