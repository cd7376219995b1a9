import { execChecks } from './exec-checks';
import { lifecycleChecks } from './lifecycle-checks';
import { probeChecks } from './probe-checks';
import { safetyChecks } from './safety-checks';
import { usageChecks } from './usage-checks';
import { type ConformanceSubject, Workbench } from './workbench';

/** The parts of a test framework that the suite needs; Vitest's and Node's own fit. */
export interface TestKit {
  describe(name: string, body: () => void): unknown;
  it(name: string, body: () => Promise<void>, timeoutMs?: number): unknown;
}

/**
 * Registers the checks that every fleet driver must pass, whoever runs the machines. `subject` is asked before each
 * check and may give the same driver every time; checks run one after another and leave no allocation behind.
 */
export function fleetDriverConformance(kit: TestKit, name: string, subject: () => ConformanceSubject): void {
  const groups = {
    lifecycle: lifecycleChecks,
    safety: safetyChecks,
    usage: usageChecks,
    probe: probeChecks,
    exec: execChecks,
  };
  for (const [group, checks] of Object.entries(groups)) {
    kit.describe(`${name}: ${group}`, () => {
      for (const check of checks) {
        const body = async () => {
          const bench = new Workbench(subject());
          try {
            await check.run(bench);
          } finally {
            await bench.tidy();
          }
        };
        kit.it(check.name, body, 120_000);
      }
    });
  }
}
