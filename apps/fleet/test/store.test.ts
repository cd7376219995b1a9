import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DriverError } from '@suanxiang/hal/driver';
import { decodeJournal, encodeEntry } from '@suanxiang/platform/durable/journal';
import { Store } from '@suanxiang/platform/durable/store';
import { ManualClock } from '@suanxiang/testing/manual-clock';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Command } from '../src/engine/command';
import { DEFAULT_SETTINGS } from '../src/engine/settings';
import { toPlain } from '../src/engine/snapshot';
import { Fleet } from '../src/fleet';
import { readBlocks } from '../src/usage/blocks';
import { freshKey, instant, move, prepare, smallTopology, spec, T0 } from './small-fleet';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'suanxiang-fleet-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('journal', () => {
  const entries = [{ n: 1 }, { text: '算想 \n "x"' }, { n: 3 }];
  const whole = entries.map(encodeEntry).join('');

  test('reads back what was written, and leaves out what a crash cut off at any byte', () => {
    const bytes = Buffer.from(whole);
    for (let length = 0; length <= bytes.length; length += 1) {
      const read = decodeJournal(bytes.subarray(0, length).toString(), 'j');
      expect(read.entries).toEqual(entries.slice(0, read.entries.length));
      expect(read.validBytes).toBe(Buffer.byteLength(entries.slice(0, read.entries.length).map(encodeEntry).join('')));
    }
    expect(decodeJournal(whole, 'j').entries).toEqual(entries);
  });

  test('refuses damage that good entries follow', () => {
    const [first = '', second = '', third = ''] = entries.map(encodeEntry);
    expect(() => decodeJournal(`${first}${second.replace('算', '打')}${third}`, 'j')).toThrow(/damaged entry after/);
  });
});

describe('store', () => {
  async function contents() {
    const { store, recovered } = await Store.open(folder);
    await store.close();
    return recovered;
  }

  test('keeps entries over many openings and cuts a torn end off', async () => {
    for (let n = 1; n <= 3; n += 1) {
      const { store } = await Store.open(folder);
      store.append({ n });
      await store.durable();
      await store.close();
      appendFileSync(path.join(folder, 'journal-00000000.log'), 'deadbeef {"n":');
    }
    expect(await contents()).toEqual({ snapshot: null, entries: [{ n: 1 }, { n: 2 }, { n: 3 }] });
  });

  test('a snapshot replaces what came before it, and entries during its writing are not lost', async () => {
    const { store } = await Store.open(folder);
    store.append({ n: 1 });
    const written = store.snapshot({ sum: 1 });
    store.append({ n: 2 });
    await store.durable();
    await written;
    store.append({ n: 3 });
    await store.close();
    expect(await contents()).toEqual({ snapshot: { sum: 1 }, entries: [{ n: 2 }, { n: 3 }] });
    expect(readdirSync(folder).sort()).toEqual(['journal-00000001.log', 'state-00000001.json']);
  });

  test('a crash between a new journal and its snapshot loses nothing', async () => {
    const { store } = await Store.open(folder);
    store.append({ n: 1 });
    await store.snapshot({ sum: 1 });
    store.append({ n: 2 });
    await store.durable();
    cpSync(path.join(folder, 'journal-00000001.log'), path.join(folder, 'kept'));
    const written = store.snapshot({ sum: 3 });
    store.append({ n: 3 });
    await store.close();
    await written;
    // As if the process had died before the second snapshot was renamed into place.
    rmSync(path.join(folder, 'state-00000002.json'));
    cpSync(path.join(folder, 'kept'), path.join(folder, 'journal-00000001.log'));
    writeFileSync(path.join(folder, 'state-00000001.json'), encodeEntry({ sum: 1 }));
    expect(await contents()).toEqual({ snapshot: { sum: 1 }, entries: [{ n: 2 }, { n: 3 }] });
  });

  test('a damaged snapshot is said, not guessed', async () => {
    const { store } = await Store.open(folder);
    await store.snapshot({ sum: 1 });
    await store.close();
    truncateSync(path.join(folder, 'state-00000001.json'), 12);
    await expect(Store.open(folder)).rejects.toThrow(/state-00000001.json is damaged/);
  });
});

describe('fleet', () => {
  const open = (from: string, clock: ManualClock, snapshotAfterBytes = 16e6) =>
    Fleet.open({
      folder: from,
      topology: smallTopology,
      settings: instant,
      clock,
      onFatal: (error) => {
        throw error;
      },
      snapshotAfterBytes,
    });
  /** All a caller can see: state without how it is laid out, and every block. */
  const picture = (fleet: Fleet) =>
    fleet.read(({ state, topology }) => {
      const { memberLists: _, zones, ...plain } = toPlain(state);
      return {
        ...plain,
        zones: zones.map(({ segments: __, ...zone }) => zone),
        blocks: [...state.zones.values()].map((zone) => readBlocks(topology.seed, zone, 0, 1_000_000)),
      };
    });

  test('a killed process continues where its callers saw it, mid-boot', async () => {
    const clock = new ManualClock(T0);
    const home = path.join(folder, 'home');
    const first = await open(home, clock);
    await first.change({ do: 'settings', settings: DEFAULT_SETTINGS });
    await first.change(prepare(spec('a')));
    await first.change(move('start', 'a'));
    clock.advance(3_000);
    const killed = path.join(folder, 'killed');
    cpSync(home, killed, { recursive: true });
    clock.advance(60_000);
    const second = await open(killed, clock);
    const views = await second.read(({ state }) => state.allocations.get('a'));
    expect(views).toMatchObject({ state: 'running', startedAtMs: T0 + 8_000 });
    expect((await picture(second)).blocks).toEqual((await picture(first)).blocks);
    await Promise.all([first.close(), second.close()]);
  });

  test('a clock that went back is waited for', async () => {
    const clock = new ManualClock(T0);
    const fleet = await open(folder, clock);
    await fleet.change(prepare(spec('a')));
    await fleet.change(move('start', 'a'));
    clock.set(T0 - 3_600_000);
    await fleet.change(move('stop', 'a'));
    expect(await fleet.read(({ state }) => state.allocations.get('a')?.stoppedAtMs)).toBe(T0);
    await fleet.close();
  });

  test('refusals reach the caller as they are', async () => {
    const fleet = await open(folder, new ManualClock(T0));
    await expect(fleet.change(move('start', 'nobody'))).rejects.toBeInstanceOf(DriverError);
    await fleet.close();
  });

  test('whatever happened, state and blocks after a crash are those before it', async () => {
    const ids = ['a', 'b', 'c', 'd'];
    const names = ['job', 'job', 'sim-host-loss', 'sim-device-fault', 'sim-boot-fail', 'sim-exit'];
    const command: fc.Arbitrary<Command> = fc.oneof(
      fc
        .record({ id: fc.constantFrom(...ids), name: fc.constantFrom(...names), d: fc.nat(3), epoch: fc.nat(2) })
        .map(({ id, name, d, epoch }) => prepare(spec(id, { name, deviceIds: [`r-a-n0001-d${d}`] }), epoch + 1)),
      fc
        .record({ verb: fc.constantFrom('start', 'start', 'stop', 'terminate'), id: fc.constantFrom(...ids) })
        .map(({ verb, id }) => move(verb as 'start', id, 3)),
      fc
        .record({ id: fc.constantFrom(...ids), minutes: fc.nat(300) })
        .map(({ id, minutes }): Command => ({ do: 'clock', id, clockOffsetS: minutes * 60, key: 'k', epoch: 3 })),
      fc.nat(40).map((uptoSeq): Command => ({ do: 'acknowledge', zone: 'r-a', uptoSeq })),
      fc.constantFrom<Command>(
        { do: 'drain', id: 'r-a-n0001' },
        { do: 'resume', id: 'r-a-n0001' },
        { do: 'break', target: 'device', id: 'r-a-n0001-d3' },
        { do: 'repair', target: 'node', id: 'r-a-n0001' },
        { do: 'settings', settings: { ...DEFAULT_SETTINGS, speed: 4 } },
        { do: 'scrub', id: 'r-a-n0001-d0', key: freshKey(), epoch: 1 },
      ),
    );
    const script = fc.array(fc.record({ afterMs: fc.nat(90_000), command }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(script, async (steps) => {
        const home = mkdtempSync(path.join(folder, 'run-'));
        const clock = new ManualClock(T0);
        const live = await open(home, clock, 2_000);
        for (const { afterMs, command: next } of steps) {
          clock.advance(afterMs);
          await live.change(next).catch((error: unknown) => {
            if (!(error instanceof DriverError)) throw error;
          });
        }
        const before = await picture(live);
        const crashed = `${home}-crashed`;
        // A copy of a folder that is being written may miss a file that was just replaced; wait for quiet.
        await live.read(() => null);
        await new Promise((resolve) => setTimeout(resolve, 5));
        cpSync(home, crashed, { recursive: true });
        const again = await open(crashed, clock, 2_000);
        await again.change({ do: 'settings', settings: before.settings as typeof DEFAULT_SETTINGS });
        expect(await picture(again)).toEqual(before);
        await Promise.all([live.close(), again.close()]);
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  test('a restart after a clean end needs no replay', async () => {
    const fleet = await open(folder, new ManualClock(T0));
    await fleet.change(prepare(spec('a')));
    await fleet.close();
    const [journal] = readdirSync(folder).filter((name) => name.startsWith('journal'));
    expect(readFileSync(path.join(folder, journal!), 'utf8')).toBe('');
    const again = await open(folder, new ManualClock(T0 + 1_000));
    expect(await again.read(({ state }) => state.allocations.get('a')?.state)).toBe('prepared');
    await again.close();
  });
});
