import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readBaseConfig } from '@suanxiang/platform/config';
import { ConfigError } from '@suanxiang/platform/config-error';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readOptions } from '../src/options';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'suanxiang-options-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('options', () => {
  test('without any: the built-in fleet, real time, state beside the other data', () => {
    const options = readOptions([], readBaseConfig({}, folder));
    expect(options).toMatchObject({ folder: path.join(folder, '.data/fleet'), host: '127.0.0.1', port: 4100 });
    expect(options.settings).toMatchObject({ bootScale: 1, speed: 1 });
    expect(options.spec.regions.length).toBe(2);
  });

  test('flags win over the environment', () => {
    const config = readBaseConfig({ FLEET_BOOT_SCALE: '2', FLEET_SPEED: '3', FLEET_PORT: '5000' }, folder);
    expect(readOptions([], config).settings).toMatchObject({ bootScale: 2, speed: 3 });
    const flags = ['--boot-scale', '0', '--port', '0', '--dir', folder, '--settings', '{"stopMs":5}'];
    const options = readOptions(flags, config);
    expect(options).toMatchObject({ port: 0, folder, settings: { bootScale: 0, speed: 3, stopMs: 5 } });
  });

  test("another fleet's data file is taken", () => {
    const file = path.join(folder, 'mine.json');
    const zone = { id: 'm-a', pools: [{ model: 'amd-mi300x-192g', nodes: 1 }] };
    writeFileSync(file, JSON.stringify({ seed: 1, regions: [{ id: 'm', name: { en: 'M', zh: 'M' }, zones: [zone] }] }));
    const config = readBaseConfig({ FLEET_SPEC: file }, folder);
    expect(readOptions([], config).spec.regions[0]?.id).toBe('m');
  });

  test.each([
    [['--speed', 'fast'], /speed/],
    [['--port', '70000'], /--port must be a TCP port/],
    [['--settings', '{'], /--settings cannot be read/],
    [['--settings', '{"bootscale":1}'], /bootscale/],
    [['--spec', '/no/such/file.json'], /file\.json cannot be read/],
    [['--colour'], /--colour/],
  ])('%j is refused with one sentence', (args, sentence) => {
    expect(() => readOptions(args, readBaseConfig({}, folder))).toThrow(ConfigError);
    expect(() => readOptions(args, readBaseConfig({}, folder))).toThrow(sentence);
  });
});
