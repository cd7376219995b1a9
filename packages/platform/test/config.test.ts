import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadConfig, readBaseConfig, roleUrl, withSecrets } from '@suanxiang/platform/config';
import { ConfigError } from '@suanxiang/platform/config-error';
import { createSecrets, ensureSecrets, loadSecrets } from '@suanxiang/platform/secrets';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'suanxiang-config-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('settings', () => {
  test('an empty environment gives the documented ports on loopback', () => {
    const config = readBaseConfig({}, folder);
    expect(config.ports).toMatchObject({ api: 4000, web: 3000, fleet: 4100, workerPrivate: 4200, apiPrivate: 4201 });
    expect(config.host).toBe('127.0.0.1');
    expect(config.dataDir).toBe(path.join(folder, '.data'));
    expect(config.apiUrl).toBe('http://127.0.0.1:4000');
    expect(config.givenDatabaseUrl).toBeNull();
  });

  test('PORT_OFFSET shifts every default port, and a named port wins over it', () => {
    const config = readBaseConfig({ PORT_OFFSET: '1000', API_PORT: '8080' }, folder);
    expect(config.ports).toMatchObject({ api: 8080, web: 4000, fleet: 5100, workerPrivate: 5200, apiPrivate: 5201 });
    expect(config.fleetUrl).toBe('http://127.0.0.1:5100');
  });

  test('the simulated fleet boots in real time unless told otherwise', () => {
    expect(readBaseConfig({}, folder).fleet).toEqual({ bootScale: 1, speed: 1, specFile: null });
    const env = { FLEET_BOOT_SCALE: '0', FLEET_SPEED: '2.5', FLEET_SPEC: 'my/fleet.json' };
    expect(readBaseConfig(env, folder).fleet).toEqual({
      bootScale: 0,
      speed: 2.5,
      specFile: path.join(folder, 'my/fleet.json'),
    });
  });

  test.each([
    [{ API_PORT: 'abc' }, 'API_PORT must be a whole number from 1 to 65535, not "abc".'],
    [{ API_PORT: '70000' }, 'API_PORT must be a whole number from 1 to 65535, not "70000".'],
    [{ WEB_PORT: '4000' }, 'Ports "api" and "web" are both 4000; give each its own.'],
    [{ FLEET_BOOT_SCALE: '-1' }, 'FLEET_BOOT_SCALE must be a number from 0 to 1000, not "-1".'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of'],
    [{ DATABASE_URL: 'mysql://x/y' }, 'DATABASE_URL must start with postgresql:// or postgres://.'],
    [{ REDIS_URL: 'not a url' }, 'REDIS_URL is not a URL (expected redis://...).'],
  ])('%o is refused with one sentence', (env, sentence) => {
    expect(() => readBaseConfig(env, folder)).toThrow(ConfigError);
    expect(() => readBaseConfig(env, folder)).toThrow(sentence);
  });

  test('a process without a secrets file is told how to get one', () => {
    expect(() => loadConfig({}, folder)).toThrow(/secrets\.json is missing. Run "npm run up" once/);
  });

  test('each role signs in to the given database with its own password', () => {
    const secrets = createSecrets();
    const base = readBaseConfig(
      { DATABASE_URL: 'postgresql://owner:pw@db.example:6543/cloud?sslmode=require' },
      folder,
    );
    const url = new URL(withSecrets(base, secrets).databaseUrls.app_api);
    expect(url.username).toBe('app_api');
    expect(url.password).toBe(secrets.dbPasswords.app_api);
    expect(`${url.host}${url.pathname}${url.search}`).toBe('db.example:6543/cloud?sslmode=require');
  });

  test('a password with reserved characters survives the round trip through a URL', () => {
    const url = new URL(roleUrl('postgresql://h/d', 'app_api', 'a/b:c@d?e#f%'));
    expect(decodeURIComponent(url.password)).toBe('a/b:c@d?e#f%');
    expect(url.hostname).toBe('h');
  });
});

describe('the secrets file', () => {
  test('is created once, readable by its owner only, and then kept', () => {
    const file = path.join(folder, 'a', 'secrets.json');
    const first = ensureSecrets(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(ensureSecrets(file)).toEqual(first);
    expect(new Set([first.sessionSecret, first.apiKeyPepper, first.cursorKey, first.dataKey]).size).toBe(4);
  });

  test('gains what a newer version needs and loses nothing', () => {
    const file = path.join(folder, 'secrets.json');
    const { cursorKey: _dropped, ...older } = ensureSecrets(file);
    writeFileSync(file, JSON.stringify({ ...older, ofALaterVersion: 'kept' }));
    expect(() => loadSecrets(file)).toThrow(/lacks "cursorKey"/);
    const repaired = ensureSecrets(file);
    expect(repaired).toMatchObject(older);
    expect(repaired.cursorKey).toHaveLength(43);
    expect(JSON.parse(readFileSync(file, 'utf8')).ofALaterVersion).toBe('kept');
  });

  test('is never overwritten when it is damaged', () => {
    const file = path.join(folder, 'secrets.json');
    writeFileSync(file, '{"sessionSecret": "tru');
    expect(() => ensureSecrets(file)).toThrow(ConfigError);
    expect(readFileSync(file, 'utf8')).toBe('{"sessionSecret": "tru');
  });
});
