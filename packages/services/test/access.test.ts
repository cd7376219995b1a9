import { RESERVED_ORGANIZATION_SLUGS, RESERVED_PROJECT_SLUGS } from '@suanxiang/domain/reserved-slugs';
import { readCursor, writeCursor } from '@suanxiang/services/access/cursor';
import { requestHash } from '@suanxiang/services/access/idempotency';
import { displayKey, keyMac, macMatches, newKey, parseKey } from '@suanxiang/services/api-key/format';
import { hashPassword, verifyPassword } from '@suanxiang/services/identity/password';
import { atLeastMoney, perSecondText } from '@suanxiang/services/money';
import { slugCandidates } from '@suanxiang/services/organization/slug';
import { isUnavailable, ProblemError, problemDocument, problemOf } from '@suanxiang/services/problem';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

describe('API keys', () => {
  test('are recognised by their form, and every single wrong character is found', () => {
    const { key, lookup } = newKey('live');
    expect(key).toMatch(/^sx_sk_live_[0-9A-Za-z]{50}$/);
    expect(parseKey(key)).toEqual({ env: 'live', lookup });
    for (let at = 0; at < key.length; at += 1) {
      const other = key[at] === 'x' ? 'y' : 'x';
      expect(parseKey(key.slice(0, at) + other + key.slice(at + 1)), `position ${at}`).toBeNull();
    }
    for (const bad of [
      '',
      key.slice(1),
      `${key} `,
      `${key}x`,
      key.replace('live', 'test'),
      key.replace('sx_', 'sk_'),
    ]) {
      expect(parseKey(bad)).toBeNull();
    }
  });

  test('differ from each other and show neither secret nor checksum whole', () => {
    const keys = Array.from({ length: 500 }, () => newKey('test'));
    expect(new Set(keys.map(({ key }) => key)).size).toBe(500);
    expect(new Set(keys.map(({ lookup }) => lookup)).size).toBe(500);
    const { key, lookup, last4 } = keys[0]!;
    expect(displayKey('test', lookup, last4)).toBe(`sx_sk_test_${lookup.slice(0, 4)}...${key.slice(-4)}`);
  });

  test('match by MAC under one pepper only', () => {
    const { key } = newKey('test');
    const mac = keyMac('pepper', key);
    expect(macMatches(mac, keyMac('pepper', key))).toBe(true);
    expect(macMatches(mac, keyMac('salt', key))).toBe(false);
    expect(macMatches('', '')).toBe(false);
    expect(macMatches(mac, mac.slice(2))).toBe(false);
  });
});

describe('cursors', () => {
  const scope = { orgId: 'org_a', operationId: 'list', filters: { state: 'running', q: undefined } };

  test('come back as they were written', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 3 }), (position) => {
        expect(readCursor('key', scope, writeCursor('key', scope, position), position.length)).toEqual(position);
      }),
    );
    expect(readCursor('key', scope, undefined, 2)).toBeNull();
  });

  test('are for one key, organisation, list and set of filters', () => {
    const cursor = writeCursor('key', scope, ['a', 'b']);
    expect(readCursor('key', { ...scope, filters: { q: undefined, state: 'running' } }, cursor, 2)).toEqual(['a', 'b']);
    for (const [key, other, parts] of [
      ['yek', scope, 2],
      ['key', { ...scope, orgId: 'org_b' }, 2],
      ['key', { ...scope, operationId: 'tsil' }, 2],
      ['key', { ...scope, filters: { state: 'stopped' } }, 2],
      ['key', { ...scope, filters: {} }, 2],
      ['key', scope, 1],
    ] as const) {
      expect(() => readCursor(key, other, cursor, parts)).toThrow(ProblemError);
    }
  });

  test('no other text is one', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        expect(() => readCursor('key', scope, text, 2)).toThrow(ProblemError);
      }),
    );
  });
});

describe('fingerprints of requests', () => {
  test('do not depend on the order of fields, and on everything else', () => {
    const one = requestHash('create', { body: { a: 1, b: { c: [1, 2], d: null } } });
    expect(requestHash('create', { body: { b: { d: null, c: [1, 2] }, a: 1 } })).toBe(one);
    for (const other of [
      requestHash('delete', { body: { a: 1, b: { c: [1, 2], d: null } } }),
      requestHash('create', { body: { a: '1', b: { c: [1, 2], d: null } } }),
      requestHash('create', { body: { a: 1, b: { c: [2, 1], d: null } } }),
      requestHash('create', { body: { a: 1, b: { c: [1, 2] } } }),
    ]) {
      expect(other).not.toBe(one);
    }
  });
});

describe('passwords', () => {
  test('are argon2id with fresh salt; at most two are hashed at once', async () => {
    const [a, b] = await Promise.all([hashPassword('correct horse'), hashPassword('correct horse')]);
    expect(a).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(a).not.toBe(b);
    expect(await verifyPassword(a, 'correct horse')).toBe(true);
    expect(await verifyPassword(a, 'Correct horse')).toBe(false);
    expect(await verifyPassword('no hash', 'x')).toBe(false);
  });

  test('a queue too long is refused instead of growing, and empties again', async () => {
    const results = await Promise.allSettled(Array.from({ length: 80 }, () => verifyPassword('no hash', 'x')));
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(80 - 2 - 64);
    expect(refused.every(({ reason }) => reason instanceof ProblemError && reason.code === 'unavailable')).toBe(true);
    expect(await verifyPassword('no hash', 'x')).toBe(false);
  });
});

describe('names for URLs', () => {
  test.each([
    ['Acme Inc.', 'acme-inc'],
    ['  --Éclair & Söhne--  ', 'eclair-sohne'],
    ['A'.repeat(80), 'a'.repeat(40)],
    ['ＦＵＬＬ　ｗｉｄｔｈ', 'full-width'],
  ])('%s', (name, slug) => {
    const [first, second] = slugCandidates(name, 'org');
    expect(first).toBe(slug);
    expect(second).toMatch(new RegExp(`^${slug}-[a-z2-9]{6}$`));
  });

  test('a name without Latin letters gets a random one', () => {
    const [first] = slugCandidates('算想云', 'org');
    expect(first).toMatch(/^org-[a-z2-9]{6}$/);
  });

  test('a name that is a page of the console gets an ending', () => {
    expect(slugCandidates('Pricing', 'org', RESERVED_ORGANIZATION_SLUGS).next().value).toMatch(/^pricing-[a-z2-9]{6}$/);
    expect(slugCandidates('Billing', 'project', RESERVED_PROJECT_SLUGS).next().value).toMatch(/^billing-[a-z2-9]{6}$/);
    expect(slugCandidates('Billing', 'org', RESERVED_ORGANIZATION_SLUGS).next().value).toBe('billing');
  });
});

describe('money', () => {
  test('an hourly price per second is rounded half away from zero to eight places', () => {
    expect(perSecondText(2_590_000n)).toBe('0.00071944');
    expect(perSecondText(3_600_000_000n)).toBe('1.00000000');
    expect(perSecondText(18n)).toBe('0.00000001');
    expect(perSecondText(17n)).toBe('0.00000000');
    expect(perSecondText(0n)).toBe('0.00000000');
  });

  test('what somebody must have at least is never rounded down', () => {
    expect(atLeastMoney(10_000n, 'USD').amount).toBe('0.01');
    expect(atLeastMoney(10_001n, 'USD').amount).toBe('0.02');
    expect(atLeastMoney(1n, 'JPY').amount).toBe('1');
    expect(atLeastMoney(0n, 'USD').amount).toBe('0.00');
  });
});

describe('problems', () => {
  test.each([
    [{ code: '40P01' }, true],
    [{ code: '57P01' }, true],
    [{ code: '08006' }, true],
    [{ code: 'ECONNREFUSED' }, true],
    [{ code: 'P2028' }, true],
    [new Error('timeout exceeded when trying to connect'), true],
    [{ code: '23505' }, false],
    [{ code: '42P01' }, false],
    [new Error('boom'), false],
    [null, false],
  ])('%j is a passing failure of the database: %s', (error, expected) => {
    expect(isUnavailable(error)).toBe(expected);
  });

  test('tell nothing of what failed inside', () => {
    const inner = Object.assign(new Error('duplicate key value violates "secret"'), {
      code: '23505',
      detail: 'secret',
    });
    const context = { requestId: 'req_1', locale: 'zh-CN' as const, apiUrl: 'https://api.example' };
    const document = problemDocument(problemOf(inner), context);
    expect(document).toMatchObject({ status: 500, code: 'internal', title: '服务内部错误', request_id: 'req_1' });
    expect(JSON.stringify(document)).not.toContain('secret');
  });

  test('members cannot overwrite what every problem says', () => {
    const sly = new ProblemError('conflict', 'x', { members: { status: 200, code: 'fine', request_id: 'y' } });
    const document = problemDocument(sly, { requestId: 'req_1', locale: 'en', apiUrl: 'https://api.example' });
    expect(document).toMatchObject({ status: 409, code: 'conflict', request_id: 'req_1' });
  });
});
