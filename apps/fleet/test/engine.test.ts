import type { AllocationView } from '@suanxiang/hal/driver';
import { describe, expect, test } from 'vitest';
import type { Engine } from '../src/engine/engine';
import { deviceHealth, isSchedulable } from '../src/engine/inventory';
import { DEFAULT_SETTINGS } from '../src/engine/settings';
import { viewOf } from '../src/engine/view';
import { blocksOf, move, must, newEngine, prepare, refused, smallTopology, spec, T0 } from './small-fleet';

function view(engine: Engine, id: string, nowMs: number): AllocationView {
  engine.advanceTo(nowMs);
  return viewOf(engine.state, engine.state.allocations.get(id)!);
}

const events = (engine: Engine, zone = 'r-a') => engine.state.zones.get(zone)!.health;

describe('boot', () => {
  test('passes its phases in order and takes as long as they do together', () => {
    const engine = newEngine(DEFAULT_SETTINGS);
    must(engine, prepare(spec('a')), T0);
    must(engine, move('start', 'a'), T0);
    const seen = [0, 2_600, 3_400, 4_100, 7_300].map((ms) => view(engine, 'a', T0 + ms).phase);
    expect(seen).toEqual(['pulling_image', 'creating_network', 'attaching_devices', 'booting', 'verifying']);
    expect(view(engine, 'a', T0 + 7_999)).toMatchObject({ state: 'starting', startedAtMs: null, ssh: null });
    expect(view(engine, 'a', T0 + 8_000)).toMatchObject({ state: 'running', startedAtMs: T0 + 8_000, phase: null });
    expect(view(engine, 'a', T0 + 8_000).ssh?.user).toBe('root');
  });

  test('with a scale of 0 has happened when start answers', () => {
    const engine = newEngine();
    must(engine, prepare(spec('a')), T0);
    expect(must(engine, move('start', 'a'), T0 + 5)).toMatchObject({ state: 'running', startedAtMs: T0 + 5 });
  });

  test('is ten times as quick at ten times the speed', () => {
    const engine = newEngine({ ...DEFAULT_SETTINGS, speed: 10 });
    must(engine, prepare(spec('a')), T0);
    must(engine, move('start', 'a'), T0);
    expect(view(engine, 'a', T0 + 799).state).toBe('starting');
    expect(view(engine, 'a', T0 + 800).state).toBe('running');
  });

  test('keeps its times when settings change under way', () => {
    const engine = newEngine(DEFAULT_SETTINGS);
    must(engine, prepare(spec('a')), T0);
    must(engine, move('start', 'a'), T0);
    must(engine, { do: 'settings', settings: { ...DEFAULT_SETTINGS, bootScale: 100 } }, T0 + 1_000);
    expect(view(engine, 'a', T0 + 8_000).state).toBe('running');
  });
});

describe('states', () => {
  test('stop shuts down, terminate frees, each once', () => {
    const engine = newEngine(DEFAULT_SETTINGS);
    must(engine, prepare(spec('a')), T0);
    must(engine, move('start', 'a'), T0);
    expect(must(engine, move('stop', 'a'), T0 + 20_000)).toMatchObject({ state: 'stopping', stoppedAtMs: null });
    expect(view(engine, 'a', T0 + 21_500)).toMatchObject({ state: 'stopped', stoppedAtMs: T0 + 21_500 });
    expect(refused(engine, move('start', 'a'), T0 + 22_000)).toBe('conflict');
    expect(refused(engine, prepare(spec('b')), T0 + 22_000)).toBe('conflict');
    expect(must(engine, move('terminate', 'a'), T0 + 23_000)).toMatchObject({ state: 'terminated' });
    expect(must(engine, move('terminate', 'a'), T0 + 24_000)).toMatchObject({ state: 'terminated' });
    expect(must(engine, prepare(spec('b')), T0 + 24_000)).toMatchObject({ state: 'prepared' });
  });

  test('a boot that is stopped never runs', () => {
    const engine = newEngine(DEFAULT_SETTINGS);
    must(engine, prepare(spec('a')), T0);
    must(engine, move('start', 'a'), T0);
    expect(must(engine, move('stop', 'a'), T0 + 1_000)).toMatchObject({ state: 'stopped', startedAtMs: null });
    expect(view(engine, 'a', T0 + 60_000)).toMatchObject({ state: 'stopped', startedAtMs: null });
    expect(blocksOf(engine)).toEqual([]);
  });

  test('a prepare that comes after its allocation was given up is refused', () => {
    const engine = newEngine();
    expect(must(engine, move('terminate', 'a', 3), T0)).toMatchObject({ state: 'terminated', nodeId: '' });
    expect(refused(engine, prepare(spec('a'), 2), T0)).toBe('fenced');
    expect(refused(engine, prepare(spec('a'), 3), T0)).toBe('conflict');
    expect(engine.state.holders.size).toBe(0);
  });

  test.each([
    ['an unknown node', spec('x', { nodeId: 'nowhere' })],
    ['an unknown device', spec('x', { deviceIds: ['r-a-n0001-d9'] })],
    ['a device of another node', spec('x', { deviceIds: ['r-a-n0002-d0'] })],
    ['a device twice', spec('x', { deviceIds: ['r-a-n0001-d0', 'r-a-n0001-d0'] })],
  ])('%s is invalid and changes nothing', (_, wrong) => {
    const engine = newEngine();
    expect(refused(engine, prepare(wrong), T0)).toBe('invalid');
    expect(engine.state.allocations.size + engine.state.holders.size).toBe(0);
  });

  test('start and stop of an unknown allocation are invalid', () => {
    const engine = newEngine();
    expect(refused(engine, move('start', 'nobody'), T0)).toBe('invalid');
    expect(refused(engine, move('stop', 'nobody'), T0)).toBe('invalid');
  });
});

describe('operation keys and epochs', () => {
  test('a key is answered as the first time, whatever happened since', () => {
    const engine = newEngine(DEFAULT_SETTINGS);
    must(engine, prepare(spec('a'), 1, 'k1'), T0);
    const first = must(engine, move('start', 'a', 1, 'k2'), T0);
    engine.advanceTo(T0 + 30_000);
    expect(must(engine, move('start', 'a', 1, 'k2'), T0 + 30_000)).toEqual(first);
    must(engine, move('stop', 'a', 1, 'k3'), T0 + 31_000);
    expect(must(engine, prepare(spec('a'), 1, 'k1'), T0 + 40_000)).toMatchObject({ state: 'prepared' });
    expect(view(engine, 'a', T0 + 40_000).state).toBe('stopped');
  });

  test('a lower epoch is refused even for a known key, and a refusal may raise the epoch', () => {
    const engine = newEngine();
    must(engine, prepare(spec('a'), 2, 'k1'), T0);
    expect(refused(engine, prepare(spec('a'), 1, 'k1'), T0)).toBe('fenced');
    expect(refused(engine, prepare(spec('a', { image: 'other' }), 5), T0)).toBe('conflict');
    expect(engine.execute(prepare(spec('a', { image: 'other' }), 6), T0).changed).toBe(true);
    expect(refused(engine, move('start', 'a', 5), T0)).toBe('fenced');
    expect(must(engine, move('start', 'a', 6), T0)).toMatchObject({ epoch: 6 });
  });
});

describe('faults', () => {
  const run = (name: string, environment: Record<string, string> = {}) => {
    const engine = newEngine();
    must(engine, prepare(spec('a', { name, environment })), T0);
    must(engine, move('start', 'a'), T0);
    return engine;
  };

  test('sim-boot-fail and sim-image-fail fail while starting and measure nothing', () => {
    for (const [name, kind] of [
      ['sim-boot-fail-1', 'boot_failed'],
      ['sim-image-fail', 'image_pull_failed'],
    ]) {
      const engine = run(name!);
      expect(view(engine, 'a', T0)).toMatchObject({ state: 'failed', startedAtMs: null, fault: { kind } });
      expect(blocksOf(engine)).toEqual([]);
    }
  });

  test('sim-slow-boot waits on top of a boot at once', () => {
    const engine = run('sim-slow-boot');
    expect(view(engine, 'a', T0 + 89_999).state).toBe('starting');
    expect(view(engine, 'a', T0 + 90_000).state).toBe('running');
  });

  test('sim-host-loss takes the host with all that is on it; it comes back by itself', () => {
    const engine = newEngine();
    must(engine, prepare(spec('a', { name: 'sim-host-loss' })), T0);
    must(engine, prepare(spec('b', { deviceIds: ['r-a-n0001-d1'] })), T0);
    must(engine, move('start', 'a'), T0);
    must(engine, move('start', 'b'), T0);
    expect(view(engine, 'b', T0 + 19_999).state).toBe('running');
    for (const id of ['a', 'b']) {
      expect(view(engine, id, T0 + 20_000)).toMatchObject({
        state: 'failed',
        stoppedAtMs: T0 + 20_000,
        fault: { kind: 'host_loss' },
      });
    }
    expect(events(engine).map(({ kind, allocationId }) => [kind, allocationId])).toEqual([
      ['host_lost', null],
      ['workload_exited', 'a'],
      ['workload_exited', 'b'],
    ]);
    const node = smallTopology.nodes.get('r-a-n0001')!;
    expect(isSchedulable(engine.state, 'r-a-n0001')).toBe(false);
    expect(deviceHealth(engine.state, 'r-a-n0001', node.devices[0]!)).toBe('unknown');
    expect(refused(engine, prepare(spec('c', { deviceIds: ['r-a-n0001-d3'] })), T0 + 30_000)).toBe('capacity');
    engine.advanceTo(T0 + 20_000 + 600_000);
    expect(events(engine).at(-1)?.kind).toBe('host_recovered');
    expect(isSchedulable(engine.state, 'r-a-n0001')).toBe(true);
  });

  test('sim-device-fault fails with the code of the vendor', () => {
    const engine = newEngine();
    const onAscend = { nodeId: 'r-b-n0001', deviceIds: ['r-b-n0001-d2'], name: 'sim-device-fault' };
    must(engine, prepare(spec('a', { name: 'sim-device-fault' })), T0);
    must(engine, prepare(spec('b', onAscend)), T0);
    must(engine, move('start', 'a'), T0);
    must(engine, move('start', 'b'), T0);
    expect(view(engine, 'a', T0 + 20_000).fault).toMatchObject({ kind: 'device_fault', vendorCode: 'XID 79' });
    expect(view(engine, 'b', T0 + 20_000).fault).toMatchObject({ vendorCode: '80E01801', deviceId: 'r-b-n0001-d2' });
    expect(events(engine, 'r-b')).toMatchObject([{ seq: 1, kind: 'device_fault', allocationId: 'b' }]);
    must(engine, move('terminate', 'a'), T0 + 21_000);
    expect(refused(engine, prepare(spec('c')), T0 + 22_000)).toBe('capacity');
    expect(must(engine, { do: 'scrub', id: 'r-a-n0001-d0', key: 's', epoch: 1 }, T0 + 22_000)).toMatchObject({
      verified: false,
    });
    expect(must(engine, prepare(spec('c')), T0 + 21_000 + 600_000)).toMatchObject({ state: 'prepared' });
  });

  test('sim-exit ends by itself; sim-capacity is refused and leaves nothing', () => {
    const engine = run('sim-exit');
    expect(view(engine, 'a', T0 + 20_000)).toMatchObject({ state: 'stopped', fault: null });
    expect(events(engine).map(({ kind }) => kind)).toEqual(['workload_exited']);
    expect(refused(engine, prepare(spec('b', { name: 'sim-capacity', deviceIds: ['r-a-n0001-d1'] })), T0)).toBe(
      'capacity',
    );
    expect(engine.state.holders.get('r-a-n0001-d1')).toBeUndefined();
  });

  test('a sentinel of a gang strikes rank 0 alone', () => {
    expect(view(run('sim-boot-fail', { NODE_RANK: '0' }), 'a', T0).state).toBe('failed');
    expect(view(run('sim-boot-fail', { NODE_RANK: '3' }), 'a', T0).state).toBe('running');
  });

  test('a workload stopped before its fault was due is not struck', () => {
    const engine = run('sim-host-loss');
    must(engine, move('stop', 'a'), T0 + 1_000);
    engine.advanceTo(T0 + 60_000);
    expect(events(engine)).toEqual([]);
    expect(view(engine, 'a', T0 + 60_000).state).toBe('stopped');
  });

  test('drained nodes take nothing new and keep what they have', () => {
    const engine = run('job');
    must(engine, { do: 'drain', id: 'r-a-n0001' }, T0);
    expect(refused(engine, prepare(spec('b', { deviceIds: ['r-a-n0001-d1'] })), T0)).toBe('capacity');
    expect(view(engine, 'a', T0 + 60_000).state).toBe('running');
    must(engine, { do: 'resume', id: 'r-a-n0001' }, T0 + 60_000);
    expect(must(engine, prepare(spec('b', { deviceIds: ['r-a-n0001-d1'] })), T0 + 60_000)).toBeTruthy();
  });

  test('a held device is not scrubbed, a free one is, once per key', () => {
    const engine = run('job');
    const scrub = (key: string, nowMs: number) =>
      engine.execute({ do: 'scrub', id: 'r-a-n0001-d0', key, epoch: 1 }, nowMs);
    expect(scrub('s1', T0).error?.code).toBe('conflict');
    must(engine, move('terminate', 'a'), T0);
    const evidence = scrub('s1', T0 + 1_000).answer;
    expect(evidence).toMatchObject({ verified: true, atMs: T0 + 1_000 });
    expect(scrub('s1', T0 + 9_000).answer).toEqual(evidence);
  });
});
