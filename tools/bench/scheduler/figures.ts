import { cpus, loadavg } from 'node:os';

/** One measured number with the goal it is held to. */
export interface Figure {
  what: string;
  value: number;
  unit: string;
  goal: { below: number } | { atLeast: number } | null;
}

export function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

/** Median, 99th percentile and maximum of times in milliseconds, as figures in microseconds. */
export function timeFigures(what: string, timesMs: number[], goals: { p50?: number; p99?: number }): Figure[] {
  const sorted = timesMs.sort((a, b) => a - b);
  const us = (q: number) => quantile(sorted, q) * 1_000;
  const goal = (below: number | undefined) => (below === undefined ? null : { below });
  return [
    { what: `${what} p50`, value: us(0.5), unit: 'µs', goal: goal(goals.p50) },
    { what: `${what} p99`, value: us(0.99), unit: 'µs', goal: goal(goals.p99) },
    { what: `${what} max`, value: us(1), unit: 'µs', goal: null },
  ];
}

export function passed({ value, goal }: Figure): boolean {
  if (!goal) return true;
  return 'below' in goal ? value < goal.below : value >= goal.atLeast;
}

export function figureLine(figure: Figure): string {
  const { what, value, unit, goal } = figure;
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  const aim = !goal ? '' : 'below' in goal ? `goal below ${goal.below}` : `goal at least ${goal.atLeast}`;
  const verdict = goal ? (passed(figure) ? 'ok  ' : 'MISS') : '    ';
  return `${verdict}  ${what.padEnd(52)} ${value.toFixed(digits).padStart(10)} ${unit.padEnd(4)} ${aim}`.trimEnd();
}

/** What ran this, and how busy it is with other things. */
export function machineLine(): string {
  const [one] = loadavg();
  return `${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores, Node ${process.version}, load ${one?.toFixed(1)}`;
}
