import {
  addMonths,
  dayAt,
  dayBounds,
  formatTimestamp,
  isTimeZone,
  monthAt,
  monthBounds,
  parseTimestamp,
  utcOffsetS,
} from '@suanxiang/domain/calendar';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const ZONES = [
  'UTC',
  'Asia/Shanghai',
  'America/New_York',
  'America/Sao_Paulo',
  'America/St_Johns',
  'America/Havana',
  'Asia/Beirut',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Europe/Dublin',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
  'Antarctica/Troll',
];
const zones = fc.constantFrom(...ZONES);
const months = fc
  .tuple(fc.integer({ min: 1971, max: 2099 }), fc.integer({ min: 1, max: 12 }))
  .map(([year, month]) => `${year}-${String(month).padStart(2, '0')}`);

describe('timestamps', () => {
  test.each([
    ['2026-10-05T10:00:00Z', '2026-10-05T10:00:00Z'],
    ['2026-10-05T10:00:00.999999Z', '2026-10-05T10:00:00Z'],
    ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59Z'],
    ['2016-12-31T23:59:60.5Z', '2016-12-31T23:59:59Z'],
    ['2026-10-05T18:00:00+08:00', '2026-10-05T10:00:00Z'],
    ['2026-10-05T05:30:00-04:30', '2026-10-05T10:00:00Z'],
    ['2024-02-29T00:00:00z', '2024-02-29T00:00:00Z'],
    ['1969-12-31T23:59:59.9Z', '1969-12-31T23:59:59Z'],
  ])('%s reads as %s', (text, expected) => {
    expect(formatTimestamp(parseTimestamp(text))).toBe(expected);
  });

  test.each([
    '2026-02-29T00:00:00Z',
    '2100-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-10-32T00:00:00Z',
    '2026-10-05T24:00:00Z',
    '2026-10-05T10:60:00Z',
    '2026-10-05T10:00:61Z',
    '2026-10-05T10:00:00',
    '2026-10-05T10:00:00+24:00',
    '2026-10-05',
    '',
  ])('%j is refused', (text) => {
    expect(() => parseTimestamp(text)).toThrow(RangeError);
  });

  test('round trip', () => {
    fc.assert(
      fc.property(fc.integer({ min: -62_167_219_200, max: 253_402_300_799 }), (unixS) => {
        expect(parseTimestamp(formatTimestamp(unixS))).toBe(unixS);
      }),
    );
    expect(() => formatTimestamp(0.5)).toThrow(RangeError);
    expect(() => formatTimestamp(253_402_300_800)).toThrow(RangeError);
  });
});

describe('months', () => {
  test.each([
    ['2026-03', 'America/New_York', '2026-03-01T05:00:00Z', '2026-04-01T04:00:00Z', 743],
    ['2026-11', 'America/New_York', '2026-11-01T04:00:00Z', '2026-12-01T05:00:00Z', 721],
    ['2026-04', 'Australia/Lord_Howe', '2026-03-31T13:00:00Z', '2026-04-30T13:30:00Z', 720.5],
    ['2026-10', 'Australia/Lord_Howe', '2026-09-30T13:30:00Z', '2026-10-31T13:00:00Z', 743.5],
    ['2026-01', 'Asia/Shanghai', '2025-12-31T16:00:00Z', '2026-01-31T16:00:00Z', 744],
    ['2024-02', 'UTC', '2024-02-01T00:00:00Z', '2024-03-01T00:00:00Z', 696],
    // 1 November 2009 at 00:01 clocks in St John's went back to 23:01: midnight came twice, the first one counts
    ['2009-11', 'America/St_Johns', '2009-11-01T02:30:00Z', '2009-12-01T03:30:00Z', 721],
    // 1 January 1995 did not exist on Kiritimati's Line Islands: the month starts with the 2nd
    ['1995-01', 'Pacific/Kiritimati', '1994-12-31T10:00:00Z', '1995-01-31T10:00:00Z', 744],
  ])('%s in %s is %s to %s, %s h', (month, zone, from, to, hours) => {
    const { fromS, toS } = monthBounds(month, zone);
    expect([formatTimestamp(fromS), formatTimestamp(toS), (toS - fromS) / 3600]).toEqual([from, to, hours]);
  });

  test('a day whose midnight does not exist starts at the transition', () => {
    // Sao Paulo, 4 November 2018: 00:00 -> 01:00
    const day = dayBounds('2018-11-04', 'America/Sao_Paulo');
    expect(formatTimestamp(day.fromS)).toBe('2018-11-04T03:00:00Z');
    expect(day.toS - day.fromS).toBe(23 * 3600);
    // Toronto, 30 March 1919: 23:30 -> 00:30, so the 31st starts at the transition, in the middle of its first hour
    expect(formatTimestamp(dayBounds('1919-03-31', 'America/Toronto').fromS)).toBe('1919-03-31T04:30:00Z');
  });

  test('a day that a zone skipped is empty', () => {
    const { fromS, toS } = dayBounds('2011-12-30', 'Pacific/Apia');
    expect(toS - fromS).toBe(0);
  });

  test('months join without gap or overlap, start at the first local instant, and hold what they bound', () => {
    fc.assert(
      fc.property(months, zones, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (month, zone, at) => {
        const { fromS, toS } = monthBounds(month, zone);
        expect(toS).toBe(monthBounds(addMonths(month, 1), zone).fromS);
        expect(toS - fromS).toBeGreaterThan(27 * 86_400);
        const local = (unixS: number) => formatTimestamp(unixS + utcOffsetS(unixS, zone));
        expect(local(fromS).slice(0, 7)).toBe(month);
        expect(local(fromS - 1).slice(0, 7)).toBe(addMonths(month, -1));
        const inside = fromS + Math.floor(at * (toS - fromS));
        expect(monthAt(inside, zone)).toBe(month);
        const day = dayAt(inside, zone);
        expect(dayBounds(day, zone).fromS).toBeLessThanOrEqual(inside);
        expect(dayBounds(day, zone).toS).toBeGreaterThan(inside);
      }),
      { numRuns: 60 },
    );
  });

  test('the repeated hour before a doubled midnight belongs to the new month', () => {
    const inside = parseTimestamp('2009-11-01T02:45:00Z');
    expect(utcOffsetS(inside, 'America/St_Johns')).toBe(-12_600);
    expect(monthAt(inside, 'America/St_Johns')).toBe('2009-11');
    expect(dayAt(inside, 'America/St_Johns')).toBe('2009-11-01');
  });

  test('bad months, dates and zones are refused', () => {
    for (const bad of ['2026-13', '2026-1', '26-01', '', '1899-12']) {
      expect(() => monthBounds(bad, 'UTC')).toThrow(RangeError);
    }
    expect(() => dayBounds('2026-02-30', 'UTC')).toThrow(RangeError);
    for (const bad of ['Mars/Olympus', '+08:00', '']) {
      expect(() => monthBounds('2026-10', bad)).toThrow('IANA');
      expect(isTimeZone(bad)).toBe(false);
    }
    expect(isTimeZone('Asia/Urumqi')).toBe(true);
  });
});
