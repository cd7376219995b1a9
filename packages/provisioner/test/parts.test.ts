import { reasonOf } from '@suanxiang/domain/fault-reasons';
import { DriverError } from '@suanxiang/hal/driver';
import { expect, test } from 'vitest';
import { backOffMs } from '../src/back-off';
import { classify, forEach, gravest } from '../src/driver-call';
import { Fenced } from '../src/lease';
import { faultReason } from '../src/reasons';
import { DONE, type Outcome, step } from '../src/step';
import type { WorkAllocation } from '../src/work';

const at = (nodeId: string) => ({ nodeId }) as WorkAllocation;

test('pauses double up to half a minute, and are never shorter than half of that', () => {
  for (const [attempt, most] of [0, 1, 2, 3, 4, 5, 6, 7, 8, 60].map(
    (n) => [n, Math.min(30_000, 250 * 2 ** n)] as const,
  )) {
    const pauses = Array.from({ length: 50 }, () => backOffMs(attempt));
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(most / 2);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(most);
    expect(new Set(pauses).size).toBeGreaterThan(1);
  }
});

test('what each driver error means', () => {
  const meaning = (code: ConstructorParameters<typeof DriverError>[0]) =>
    classify(new DriverError(code, 'words', 'E1'), at('n1')).kind;
  expect(meaning('transient')).toBe('retry');
  expect(meaning('lost')).toBe('retry');
  expect(meaning('invalid')).toBe('fail');
  expect(meaning('unsupported')).toBe('fail');
  expect(classify(new DriverError('capacity', 'x'), at('n1'))).toMatchObject({ kind: 'back', excludedNodeIds: ['n1'] });
  expect(() => classify(new DriverError('fenced', 'x'), at('n1'))).toThrow(Fenced);
});

test('the gravest outcome counts for a gang, and all refusing nodes are avoided', () => {
  const back = (node: string): Outcome => ({
    kind: 'back',
    excludedNodeIds: [node],
    reason: reasonOf('no_capacity_on_node'),
  });
  const again = (afterMs: number): Outcome => ({ kind: 'again', afterMs, phase: null });
  expect(gravest([DONE, DONE])).toEqual(DONE);
  expect(gravest([DONE, again(5), again(9)])).toEqual(again(9));
  expect(gravest([again(5), { kind: 'retry', message: 'm' }])).toMatchObject({ kind: 'retry' });
  expect(gravest([{ kind: 'retry', message: 'm' }, back('a'), back('b'), back('a')])).toMatchObject({
    kind: 'back',
    excludedNodeIds: ['a', 'b'],
  });
  expect(gravest([back('a'), { kind: 'fail', reason: reasonOf('refused') }])).toMatchObject({ kind: 'fail' });
});

test('work is done a few at a time, in place, and all of it before a failure is told', async () => {
  let running = 0;
  let most = 0;
  const results = await forEach([5, 1, 4, 2, 3], 2, async (ms) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, ms));
    running -= 1;
    return ms * 10;
  });
  expect([results, most]).toEqual([[50, 10, 40, 20, 30], 2]);
  const done: number[] = [];
  const failing = forEach([1, 2, 3], 1, async (n) => {
    done.push(n);
    if (n === 1) throw new Error('one');
    if (n === 2) throw new Fenced('two');
  });
  await expect(failing).rejects.toThrow(Fenced);
  expect(done).toEqual([1, 2, 3]);
  expect(await forEach([], 4, async () => 1)).toEqual([]);
});

test('faults are told in both languages, with the vendor code beside', () => {
  const fault = { kind: 'device_fault', message: 'GPU has fallen off the bus', vendorCode: 'XID 79', deviceId: 'd' };
  expect(faultReason(fault)).toEqual({
    code: 'provider.device_fault',
    en: 'An accelerator failed. (XID 79)',
    zh: '加速卡发生故障。（XID 79）',
  });
  expect(faultReason(null).code).toBe('provider.boot_failed');
  expect(faultReason({ ...fault, kind: 'gremlins' })).toMatchObject({
    code: 'provider.fault',
    en: 'The machine failed. (GPU has fallen off the bus)',
  });
});

test('a step says how it is undone or why it need not be', () => {
  expect(step('look', { deadlineMs: 1, noUndo: 'it only looks' }).noUndo).toBe('it only looks');
  expect(step('make', { deadlineMs: 1, undo: async () => DONE }).noUndo).toBeNull();
});
