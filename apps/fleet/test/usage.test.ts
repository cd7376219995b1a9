import { decodeBlock, summariseBlock } from '@suanxiang/domain/usage-block';
import { blockDigest } from '@suanxiang/domain/usage-digest';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { minuteValues } from '../src/usage/blocks';
import { readLive } from '../src/usage/live';
import { readLogs } from '../src/usage/logs';
import { blocksOf, freshKey, move, must, newEngine, prepare, smallTopology, spec, T0 } from './small-fleet';

const seconds = (ms: number) => Math.floor(ms / 1_000);
const measured = (blocks: ReturnType<typeof blocksOf>) =>
  blocks.reduce((sum, { bytes }) => sum + summariseBlock(decodeBlock(bytes)).measuredSeconds, 0);

function clock(id: string, clockOffsetS: number) {
  return { do: 'clock', id, clockOffsetS, key: freshKey(), epoch: 1 } as const;
}

describe('blocks', () => {
  test('one for each minute of a run, partial at both ends, none for the minute under way', () => {
    const engine = newEngine();
    must(engine, prepare(spec('a')), T0);
    must(engine, move('start', 'a'), T0);
    engine.advanceTo(T0 + 150_000);
    expect(blocksOf(engine).map(({ seq, winStartS }) => [seq, winStartS - 1_795_478_400])).toEqual([
      [1, 0],
      [2, 60],
    ]);
    must(engine, move('stop', 'a'), T0 + 170_000);
    const blocks = blocksOf(engine);
    const [first, second, third, last] = blocks.map(({ bytes }) => decodeBlock(bytes));
    expect(first?.findIndex((value) => value !== null)).toBe(12);
    expect([...second!, ...third!].every((value) => value !== null)).toBe(true);
    expect(last?.indexOf(null)).toBe(2);
    expect(measured(blocks)).toBe(170);
    for (const { bytes, digest, ...key } of blocks) expect(digest).toBe(blockDigest(key, bytes));
  });

  test('measured seconds are exactly the whole seconds of the run, for any times, offsets and skips', () => {
    const step = fc.record({ afterMs: fc.nat(200_000), skipMinutes: fc.constantFrom(0, 0, 1, 7, 300) });
    fc.assert(
      fc.property(fc.nat(120_000), fc.array(step, { maxLength: 6 }), fc.nat(200_000), (startMs, steps, stopMs) => {
        const engine = newEngine();
        must(engine, prepare(spec('a', { clockOffsetS: 3_600 })), T0);
        let nowMs = T0 + startMs;
        const startedMs = nowMs;
        must(engine, move('start', 'a'), nowMs);
        let offsetS = 3_600;
        for (const { afterMs, skipMinutes } of steps) {
          nowMs += afterMs;
          offsetS += skipMinutes * 60;
          must(engine, clock('a', offsetS), nowMs);
        }
        nowMs += stopMs;
        must(engine, move('stop', 'a'), nowMs);
        engine.advanceTo(nowMs + 300_000);
        const blocks = blocksOf(engine);
        expect(blocks.map(({ seq }) => seq)).toEqual(blocks.map((_, index) => index + 1));
        const wins = blocks.map(({ winStartS }) => winStartS);
        expect(wins).toEqual(wins.map((_, index) => wins[0]! + index * 60));
        expect(measured(blocks)).toBe(seconds(nowMs) - seconds(startedMs) + offsetS - 3_600);
        if (wins.length > 0) expect(wins[0]).toBe(Math.floor((seconds(startedMs) + 3_600) / 60) * 60);
      }),
      { numRuns: 60 },
    );
  });

  test('are the same however often the fleet was looked at meanwhile', () => {
    const script = (looks: number[]) => {
      const engine = newEngine();
      must(engine, prepare(spec('a')), T0);
      must(engine, prepare(spec('b', { deviceIds: ['r-a-n0001-d1'], name: 'sim-host-loss' })), T0);
      must(engine, move('start', 'a'), T0 + 1_000);
      for (const ms of looks) engine.advanceTo(T0 + ms);
      must(engine, move('start', 'b'), T0 + 400_000);
      engine.advanceTo(T0 + 800_000);
      return [blocksOf(engine), engine.state.zones.get('r-a')!.health];
    };
    expect(script([2_000, 61_234, 61_235, 359_999])).toEqual(script([]));
  });

  test('of a month that was skipped are there at once', () => {
    const engine = newEngine();
    must(engine, prepare(spec('a')), T0);
    must(engine, move('start', 'a'), T0);
    must(engine, clock('a', 30 * 86_400), T0 + 1_000);
    const blocks = blocksOf(engine);
    expect(blocks.length).toBe(43_200);
    expect(measured(blocks)).toBe(30 * 86_400 - 12);
  });

  test('are kept until acknowledged, page by page', () => {
    const engine = newEngine();
    for (const [index, id] of ['a', 'b', 'c'].entries()) {
      must(engine, prepare(spec(id, { deviceIds: [`r-a-n0001-d${index}`] })), T0);
      must(engine, move('start', id), T0);
    }
    engine.advanceTo(T0 + 600_000);
    const all = blocksOf(engine);
    expect(all.length).toBe(30);
    const pages = [];
    for (let after = 0; after < 30; after += 7) pages.push(...blocksOf(engine, 'r-a', after, 7));
    expect(pages).toEqual(all);
    must(engine, { do: 'acknowledge', zone: 'r-a', uptoSeq: 10 }, T0 + 600_000);
    expect(blocksOf(engine)).toEqual(all.slice(10));
    must(engine, { do: 'acknowledge', zone: 'r-a', uptoSeq: 4 }, T0 + 600_000);
    expect(blocksOf(engine)).toEqual(all.slice(10));
    must(engine, { do: 'acknowledge', zone: 'r-a', uptoSeq: 999 }, T0 + 600_000);
    expect(blocksOf(engine)).toEqual([]);
    must(engine, move('stop', 'a'), T0 + 630_000);
    expect(blocksOf(engine).map(({ seq }) => seq)).toEqual([31]);
  });

  test('billing time cannot go back', () => {
    const engine = newEngine();
    must(engine, prepare(spec('a', { clockOffsetS: 600 })), T0);
    expect(engine.execute(clock('a', 540), T0).error?.code).toBe('invalid');
    must(engine, clock('a', 600), T0);
    must(engine, clock('a', 1_200), T0);
    must(engine, move('start', 'a'), T0);
    engine.advanceTo(T0 + 60_000);
    expect(blocksOf(engine)[0]?.winStartS).toBe(1_795_478_400 + 1_200);
  });
});

describe('forgetting', () => {
  test('terminated allocations go after a day, once all their blocks are acknowledged', () => {
    const engine = newEngine();
    must(engine, prepare(spec('a')), T0);
    must(engine, move('start', 'a'), T0);
    must(engine, move('terminate', 'a'), T0 + 90_000);
    engine.advanceTo(T0 + 2 * 86_400_000);
    expect(engine.state.allocations.has('a')).toBe(true);
    must(engine, { do: 'acknowledge', zone: 'r-a', uptoSeq: 2 }, T0 + 2 * 86_400_000);
    engine.advanceTo(T0 + 2 * 86_400_000 + 60_000);
    expect(engine.state.allocations.has('a')).toBe(false);
  });
});

describe('live samples', () => {
  test('agree with the blocks and reach two minutes back', () => {
    const engine = newEngine();
    const deviceIds = ['r-a-n0001-d0', 'r-a-n0001-d1', 'r-a-n0001-d2'];
    must(engine, prepare(spec('a', { deviceIds })), T0);
    must(engine, move('start', 'a'), T0);
    engine.advanceTo(T0 + 300_000);
    const allocation = engine.state.allocations.get('a')!;
    const samples = readLive(engine.state, smallTopology, allocation, 0);
    expect(samples.map(({ atS }) => atS)).toEqual(
      Array.from({ length: 120 }, (_, i) => seconds(T0 + 300_000) - 120 + i),
    );
    const values = new Map(
      [2, 3, 4, 5].flatMap((minute) => {
        const winStartS = 1_795_478_400 + minute * 60;
        return minuteValues(smallTopology.seed, allocation, winStartS).map((ppm, i) => [winStartS + i, ppm] as const);
      }),
    );
    for (const sample of samples) {
      expect(sample.utilizationPpm).toBe(values.get(sample.atS));
      expect(sample.devicesPpm.length).toBe(3);
      expect(sample.powerMilliwatt).toBeGreaterThan(200_000);
    }
    expect(readLive(engine.state, smallTopology, allocation, samples.at(-2)!.atS)).toEqual([samples.at(-1)]);
  });
});

describe('logs', () => {
  test('continue at the cursor and end with the workload', () => {
    const engine = newEngine();
    must(engine, prepare(spec('a')), T0);
    must(engine, move('start', 'a'), T0);
    const read = (cursor: string | null) =>
      readLogs(engine.state, smallTopology, engine.state.allocations.get('a')!, { cursor });
    const first = read(null);
    expect(first.lines.map(({ text }) => text).join('\n')).toMatch(/pulling pytorch:2\.9[\s\S]*NVIDIA H100[\s\S]*NCCL/);
    engine.advanceTo(T0 + 60_000);
    const more = read(first.nextCursor);
    expect(more.lines.length).toBe(12);
    expect(more.lines.every(({ atMs }, i) => i === 0 || atMs >= more.lines[i - 1]!.atMs)).toBe(true);
    must(engine, move('stop', 'a'), T0 + 61_000);
    const end = read(more.nextCursor);
    expect(end.nextCursor).toBeNull();
    expect(end.lines.at(-1)?.text).toContain('signal 15');
    engine.advanceTo(T0 + 900_000);
    expect(read(more.nextCursor)).toEqual(end);
    expect(() => read('999')).toThrow(RangeError);
    expect(() => read('x')).toThrow(RangeError);
  });
});
