import type { Route } from '@suanxiang/contract/route';
import { routeOf } from '@suanxiang/contract/routes';
import type { Caller } from '@suanxiang/services/access/principal';
import { describe, expect, it } from 'vitest';
import { accountBuckets, addressKey, limitsOf } from '../src/limits-of';
import { POLICIES, rateLimitHeaders } from '../src/rate-limit';
import { LocalBuckets } from '../src/rate-memory';
import { clientAddress, givenRequestId, localeOf } from '../src/request-headers';

describe('the network of an address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:0db8:0001:0002::1', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::', 'fe80:0:0:0'],
  ])('%s counts as %s', (ip, key) => {
    expect(addressKey(ip)).toBe(key);
  });

  it('is one for a whole /64, so that its owner cannot walk through it', () => {
    expect(addressKey('2001:db8:1:2:ffff:ffff:ffff:ffff')).toBe(addressKey('2001:db8:1:2::'));
    expect(addressKey('2001:db8:1:3::')).not.toBe(addressKey('2001:db8:1:2::'));
  });
});

describe('failed sign-ins', () => {
  const signIn = routeOf('signIn') as unknown as Route;
  it('are counted by account whatever its spelling, and do not carry the address in the clear', () => {
    const [one] = accountBuckets(signIn, { email: ' Li.Lei@Example.com ' }, '192.0.2.1');
    const [two] = accountBuckets(signIn, { email: 'li.lei@example.com' }, '192.0.2.1');
    expect(one).toEqual(two);
    expect(one!.key).not.toContain('lei');
  });

  it('of operators and of tenants are counted apart; signing up and nonsense not at all', () => {
    const body = { email: 'a@example.com' };
    const operator = routeOf('operatorSignIn') as unknown as Route;
    expect(accountBuckets(operator, body, '::1')[1]!.key).not.toBe(accountBuckets(signIn, body, '::1')[1]!.key);
    expect(accountBuckets(routeOf('signUp') as unknown as Route, body, '::1')).toEqual([]);
    expect(accountBuckets(routeOf('getMe') as unknown as Route, body, '::1')).toEqual([]);
    for (const odd of [undefined, null, {}, { email: 1 }, { email: ['a'] }, 'x']) {
      expect(accountBuckets(signIn, odd, '::1')).toEqual([]);
    }
  });
});

describe('attack 40: a thousand creates and deletes within a second', () => {
  const key = { plane: 'org', principal: { id: 'key_1', orgId: 'org_1' } } as unknown as Caller;
  const limits = (operationId: 'createInstance' | 'terminateInstance' | 'startInstance' | 'stopInstance') =>
    limitsOf(routeOf(operationId) as unknown as Route, key, '192.0.2.1');

  it.each([
    ['createInstance', 'terminateInstance'],
    ['startInstance', 'stopInstance'],
  ] as const)('%s and %s are let through as often as the bucket says, and no more', (one, other) => {
    const buckets = new LocalBuckets();
    let done = 0;
    for (let i = 0; i < 2_000; i += 1) {
      const { buckets: all, cost } = limits(i % 2 ? other : one);
      if (all.every((bucket) => buckets.take(bucket, cost, i / 2).allowed)) done += 1;
    }
    const { capacity, perSecond } = POLICIES.principal;
    expect(done).toBeGreaterThanOrEqual(capacity / 2);
    expect(done).toBeLessThanOrEqual((capacity + perSecond) / 2);
  });
});

describe('headers', () => {
  const buckets = [
    { policy: POLICIES.principal, key: 'k' },
    { policy: POLICIES.organization, key: 'o' },
  ];
  it('say the policy and what is left, bucket by bucket', () => {
    expect(rateLimitHeaders(buckets, { allowed: true, remaining: [1_000, 2_400], retryAfterS: 0 })).toEqual({
      policy: '"principal";q=1200;w=12, "organization";q=2400;w=12',
      state: '"principal";r=1000;t=2, "organization";r=2400;t=0',
    });
  });
  it('are read strictly', () => {
    expect(givenRequestId('req_01jzzzzzzzzzzzzzzzzzzzzzzz')).toBe('req_01jzzzzzzzzzzzzzzzzzzzzzzz');
    for (const bad of [undefined, '', 'req_', 'REQ_01jzzzzzzzzzzzzzzzzzzzzzzz', 'req_01jzzzzzzzzzzzzzzzzzzzzzzz\n']) {
      expect(givenRequestId(bad)).toBeNull();
    }
    expect([localeOf('zh-CN'), localeOf(' zh;q=1'), localeOf('en, zh'), localeOf(undefined)]).toEqual([
      'zh-CN',
      'zh-CN',
      'en',
      'en',
    ]);
  });
});

describe('attack 22: the address of a connection that is upgraded', () => {
  it.each([
    ['192.0.2.1', undefined, '192.0.2.1'],
    ['192.0.2.1', '198.51.100.7', '192.0.2.1'],
    ['127.0.0.1', undefined, '127.0.0.1'],
    ['127.0.0.1', '198.51.100.7', '198.51.100.7'],
    ['::ffff:127.0.0.1', '203.0.113.5, 198.51.100.7', '198.51.100.7'],
    ['::1', '203.0.113.5, 198.51.100.7, 127.0.0.1', '198.51.100.7'],
    ['::1', '127.0.0.1', '127.0.0.1'],
  ])('from %s with X-Forwarded-For %s is %s', (remote, forwarded, address) => {
    expect(clientAddress(remote, forwarded)).toBe(address);
  });
});
