import type { Provisioner } from '@suanxiang/provisioner/context';
import { type Figures, readFigures } from '@suanxiang/provisioner/figures';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Answerer } from './doorbells';

const FIGURES: Record<keyof Figures, string> = {
  unplaced: 'Operations waiting for devices',
  active: 'Operations under way',
  overdue: 'Operations past their deadline',
  outboxUnsent: 'Doorbells not carried to the queue yet',
  openLeases: 'Leases that bill now',
  devicesHeld: 'Devices held by allocations',
  devices: 'Devices known',
};

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Gauges over the database's figures, read when they are scraped: one read serves a whole scrape. */
export function registerFigures(registry: Registry, ctx: Provisioner): void {
  let reading: Promise<Figures> | null = null;
  const read = () => {
    reading ??= readFigures(ctx).finally(() => {
      reading = null;
    });
    return reading;
  };
  for (const name of Object.keys(FIGURES) as (keyof Figures)[]) {
    new Gauge({
      name: `suanxiang_${snakeCase(name)}`,
      help: FIGURES[name],
      registers: [registry],
      async collect() {
        this.set((await read())[name]);
      },
    });
  }
}

/** Wraps an answerer so that counts and durations by topic are kept. */
export function measured(registry: Registry, answer: Answerer): Answerer {
  const seconds = new Histogram({
    name: 'suanxiang_doorbell_seconds',
    help: 'Time to answer a doorbell',
    labelNames: ['topic', 'result'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15],
    registers: [registry],
  });
  return async (bell) => {
    const stop = seconds.startTimer({ topic: bell.topic });
    try {
      const result = await answer(bell);
      stop({ result: result.kind });
      return result;
    } catch (error) {
      stop({ result: 'error' });
      throw error;
    }
  };
}

/** Counts failures of timers by name. */
export function timerFailures(registry: Registry): (name: string) => void {
  const counter = new Counter({
    name: 'suanxiang_timer_failures_total',
    help: 'Rounds that failed, by timer',
    labelNames: ['timer'],
    registers: [registry],
  });
  return (timer) => counter.inc({ timer });
}
