import { createDriverRegistry } from '@suanxiang/hal/registry';
import { describe, expect, test } from 'vitest';

const simulated = { driver: 'simulated', url: 'http://127.0.0.1:1', token: 't' } as const;

const nowMs = () => 0;

describe('driver registry', () => {
  test('zones behind one address share a driver, others have their own', async () => {
    const registry = createDriverRegistry(
      [
        { zoneId: 'a', ...simulated },
        { zoneId: 'b', ...simulated },
        { zoneId: 'c', ...simulated, url: 'http://127.0.0.1:2' },
      ],
      nowMs,
    );
    expect(registry.driverOf('a')).toBe(registry.driverOf('b'));
    expect(registry.driverOf('a')).not.toBe(registry.driverOf('c'));
    expect(registry.zones).toEqual([
      { zoneId: 'a', driverName: 'simulated' },
      { zoneId: 'b', driverName: 'simulated' },
      { zoneId: 'c', driverName: 'simulated' },
    ]);
    await registry.close();
  });

  test('an unknown zone and a zone named twice are errors', async () => {
    const registry = createDriverRegistry([{ zoneId: 'a', ...simulated }], nowMs);
    expect(() => registry.driverOf('z')).toThrow('no driver runs zone "z"');
    await registry.close();
    const twice = [
      { zoneId: 'a', ...simulated },
      { zoneId: 'a', ...simulated },
    ];
    expect(() => createDriverRegistry(twice, nowMs)).toThrow('configured twice');
  });
});
