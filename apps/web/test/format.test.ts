import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareDecimal,
  decimalText,
  minorFractionText,
  minusDecimal,
  parseDecimal,
  plusTimes,
  secondsAt,
  timesDecimal,
} from '../src/lib/decimal';
import {
  formatAgo,
  formatBytes,
  formatDate,
  formatDuration,
  formatMoney,
  formatPpm,
  formatPrice,
  formatSeconds,
  shortId,
} from '../src/lib/format';

const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 12 }))
  .map(([units, places]) => ({ text: decimalText({ num: units, den: 10n ** BigInt(places) }, places), places }));

describe('decimals', () => {
  it('come back as they were written, whatever their size', () => {
    fc.assert(
      fc.property(decimal, ({ text, places }) => {
        expect(decimalText(parseDecimal(text), places)).toBe(text);
      }),
    );
  });

  it('are multiplied without a float in between', () => {
    // 0.1 + 0.2 and 4.35 x 100 are where floats go wrong.
    expect(plusTimes('0.1', '0.2', 1, 2)).toBe('0.30');
    expect(timesDecimal('4.35', 100)).toBe('435.00');
    expect(timesDecimal('0.00516667', 8)).toBe('0.04133336');
    expect(plusTimes('99999999999999.99', '0.00000001', 1, 8)).toBe('99999999999999.99000001');
  });

  it('are compared and subtracted exactly', () => {
    expect(compareDecimal('1.10', '1.1')).toBe(0);
    expect(compareDecimal('-2', '1')).toBeLessThan(0);
    expect(minusDecimal('0.3', '0.1')).toBe('0.2');
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const sign = Math.sign(compareDecimal(a.text, b.text));
        expect(sign === 0 ? 0 : sign).toBe(-Math.sign(compareDecimal(b.text, a.text)) + 0);
      }),
    );
  });

  it('refuse what is not a decimal', () => {
    for (const text of ['', '1e3', '1,5', '.5', '5.', 'NaN', '--1'])
      expect(() => parseDecimal(text)).toThrow(RangeError);
  });

  it('turn minor-unit fractions into the major unit', () => {
    expect(minorFractionText('581/1200', 'CNY', 8)).toBe('0.00484166');
    expect(minorFractionText('1000/3', 'JPY', 4)).toBe('333.3333');
    expect(minorFractionText('12345', 'KWD', 3)).toBe('12.345');
  });

  it('tell how long money lasts', () => {
    expect(secondsAt('10', '3600')).toBe(10);
    expect(secondsAt('0', '5')).toBe(0);
    expect(secondsAt('-3', '5')).toBe(0);
    expect(secondsAt('5', '0')).toBeNull();
  });
});

describe('formats', () => {
  it('money carries the places of its currency and keeps every digit', () => {
    expect(formatMoney({ amount: '12345678901234567.89', currency: 'CNY' }, 'en')).toBe('¥12,345,678,901,234,567.89');
    expect(formatMoney({ amount: '-3.5', currency: 'USD' }, 'zh-CN')).toBe('-$3.50');
    expect(formatMoney({ amount: '1200', currency: 'JPY' }, 'en')).toBe('¥1,200');
  });

  it('prices show up to eight places and at least those of the currency', () => {
    expect(formatPrice('0.00516667', 'CNY', 'en')).toBe('¥0.00516667');
    expect(formatPrice('18.6', 'CNY', 'en')).toBe('¥18.60');
    expect(formatPrice('297.80661', 'CNY', 'zh-CN', 4, 4)).toBe('¥297.8066');
  });

  it.each([
    [0, '0 s', '0 秒'],
    [59, '59 s', '59 秒'],
    [60, '1 min', '1 分'],
    [3_599, '59 min 59 s', '59 分 59 秒'],
    [3_600, '1 h', '1 小时'],
    [7_260, '2 h 1 min', '2 小时 1 分'],
    [86_400, '1 d', '1 天'],
    [200_000, '2 d 7 h', '2 天 7 小时'],
    [-5, '0 s', '0 秒'],
  ])('a duration of %d s is %s, %s', (seconds, en, zh) => {
    expect(formatDuration(seconds, 'en')).toBe(en);
    expect(formatDuration(seconds, 'zh-CN')).toBe(zh);
  });

  it('counts, shares and sizes', () => {
    expect(formatSeconds(86_400, 'en')).toBe('86,400 s');
    expect(formatPpm(872_300, 'en')).toBe('87.2%');
    expect(formatPpm(1_000_000, 'zh-CN', 0)).toBe('100%');
    expect(formatBytes(80 * 2 ** 30, 'en')).toBe('80 GiB');
    expect(formatBytes(1_536, 'en')).toBe('1.5 KiB');
  });

  it("dates are the account's, not the machine's", () => {
    expect(formatDate('2026-10-31T16:00:00Z', 'date', 'en', 'Asia/Shanghai')).toBe('Nov 1, 2026');
    expect(formatDate('2026-10-31T15:59:59Z', 'date', 'en', 'Asia/Shanghai')).toBe('Oct 31, 2026');
    expect(formatDate(1_793_462_400, 'time', 'zh-CN', 'UTC')).toBe('16:00:00');
    expect(formatDate('2026-11-01T00:00:00Z', 'month', 'zh-CN', 'UTC')).toBe('2026年11月');
  });

  it('ages count down to the smallest fitting unit', () => {
    expect(formatAgo(30, 'en')).toBe('30 seconds ago');
    expect(formatAgo(3_700, 'zh-CN')).toBe('1小时前');
    expect(formatAgo(-10, 'en')).toBe('now');
  });

  it('ids are shortened so that their ends tell them apart', () => {
    expect(shortId('inst_01m85hpvv8ft98n054tjxm65vy')).toBe('inst_…xm65vy');
    expect(shortId('default')).toBe('default');
  });
});
