import { describe, expect, it } from 'vitest';
import { areInside, isInside, prefixOf } from '../src/access/networks';

describe('networks of a key', () => {
  it.each([
    [[], '203.0.113.9', true],
    [['203.0.113.0/24'], '203.0.113.9', true],
    [['203.0.113.0/24'], '203.0.114.9', false],
    [['203.0.113.0/24'], '::ffff:203.0.113.9', true],
    [['203.0.113.0/24'], '2001:db8::1', false],
    [['2001:db8::/32'], '2001:db8:1::1', true],
    [['2001:db8::/32'], '203.0.113.9', false],
    [['0.0.0.0/0'], '198.51.100.1', true],
    [['198.51.100.7/32', '203.0.113.0/24'], '198.51.100.7', true],
  ])('%j holds %s: %s', (cidrs, ip, inside) => {
    expect(isInside(cidrs, ip)).toBe(inside);
  });

  it.each([
    [[], ['10.0.0.0/8'], true],
    [['10.0.0.0/8'], ['10.1.0.0/16'], true],
    [['10.0.0.0/8'], ['10.1.0.0/16', '192.0.2.0/24'], false],
    [['10.1.0.0/16'], ['10.0.0.0/8'], false],
    [['10.1.0.0/16'], [], false],
    [['0.0.0.0/0'], ['::/0'], false],
  ])('inside %j lies %j: %s', (outer, inner, inside) => {
    expect(areInside(outer, inner)).toBe(inside);
  });

  it.each([
    ['203.0.113.77', '203.0.113.0/24'],
    ['::ffff:203.0.113.77', '203.0.113.0/24'],
    ['2001:db8:1:2:3::9', '2001:db8:1::/48'],
    ['::1', '0:0:0::/48'],
  ])('of %s only %s is kept', (ip, prefix) => {
    expect(prefixOf(ip)).toBe(prefix);
  });
});
