import { createLogger } from '@suanxiang/platform/logger';
import { installShutdown, type Shutdown } from '@suanxiang/platform/shutdown';
import { afterEach, expect, test } from 'vitest';

const logger = createLogger({ name: 'test', level: 'silent' });
const events = ['SIGTERM', 'SIGINT', 'uncaughtException', 'unhandledRejection'] as const;
const before = new Map(events.map((event) => [event, process.listeners(event as NodeJS.Signals)]));

afterEach(() => {
  for (const event of events) {
    for (const listener of process.listeners(event as NodeJS.Signals)) {
      if (!before.get(event)?.includes(listener)) process.removeListener(event, listener);
    }
  }
});

function install(limitMs: number): { shutdown: Shutdown; codes: number[] } {
  const codes: number[] = [];
  return { shutdown: installShutdown({ logger, limitMs, exit: (code) => void codes.push(code) }), codes };
}

test('closers run in reverse order of registration, each after the one before has finished', async () => {
  const { shutdown, codes } = install(1_000);
  const seen: string[] = [];
  shutdown.onClose('database', () => void seen.push('database'));
  shutdown.onClose('server', async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    seen.push('server');
  });
  expect(shutdown.stopping).toBe(false);
  await shutdown.stop('test');
  expect(seen).toEqual(['server', 'database']);
  expect(shutdown.stopping).toBe(true);
  expect(shutdown.signal.aborted).toBe(true);
  expect(codes).toEqual([0]);
});

test('a closer that fails does not keep the others from closing, and the exit code tells', async () => {
  const { shutdown, codes } = install(1_000);
  let closed = false;
  shutdown.onClose('first', () => {
    closed = true;
  });
  shutdown.onClose('second', () => Promise.reject(new Error('broken')));
  await shutdown.stop('test');
  expect(closed).toBe(true);
  expect(codes).toEqual([1]);
});

test('a closer that hangs ends the process at the limit', async () => {
  const { shutdown, codes } = install(30);
  shutdown.onClose('hangs', () => new Promise(() => {}));
  void shutdown.stop('test');
  await new Promise((resolve) => setTimeout(resolve, 80));
  expect(codes).toEqual([1]);
});

test('SIGTERM stops once, however often it comes', async () => {
  const { shutdown, codes } = install(1_000);
  let times = 0;
  shutdown.onClose('counted', () => {
    times += 1;
  });
  process.emit('SIGTERM');
  process.emit('SIGTERM');
  await shutdown.stop('again');
  expect(times).toBe(1);
  expect(codes).toEqual([0]);
});
