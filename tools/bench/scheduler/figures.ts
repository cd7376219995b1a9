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

/**
 * Times of one thing done again and again: by the clock, and as processor time of this process. On a machine that does
 * other things, too, the slowest hundredth by the clock says how long this process was kept waiting.
 */
export class Timer {
  readonly wallUs: number[] = [];
  readonly cpuUs: number[] = [];
  #warming: number;

  /** The first `warming` times are not counted: code that runs for the first time is not what a worker runs. */
  constructor(warming = 0) {
    this.#warming = warming;
  }

  time<T>(act: () => T): T {
    if (this.#warming > 0) {
      this.#warming -= 1;
      return act();
    }
    const cpu = process.cpuUsage();
    const fromMs = performance.now();
    const result = act();
    this.wallUs.push((performance.now() - fromMs) * 1_000);
    const { user, system } = process.cpuUsage(cpu);
    this.cpuUs.push(user + system);
    return result;
  }

  /** Median and slowest hundredth; the latter is held to its goal in processor time. */
  figures(what: string, goals: { p50?: number; p99?: number }): Figure[] {
    const goal = (below: number | undefined) => (below === undefined ? null : { below });
    const [wall, cpu] = [this.wallUs, this.cpuUs].map((times) => times.sort((a, b) => a - b)) as [number[], number[]];
    return [
      { what: `${what}, p50`, value: quantile(wall, 0.5), unit: 'µs', goal: goal(goals.p50) },
      { what: '  p99, processor time', value: quantile(cpu, 0.99), unit: 'µs', goal: goal(goals.p99) },
      { what: '  p99, by the clock', value: quantile(wall, 0.99), unit: 'µs', goal: null },
      { what: '  max, by the clock', value: quantile(wall, 1), unit: 'µs', goal: null },
    ];
  }
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
