import type { Locale } from '@suanxiang/domain/locale';
import { minorPlaces } from './decimal';

/**
 * Everything the console shows as a number, an amount or a time is written here, so that it looks the same everywhere.
 * Amounts are decimal texts: Intl formats them exactly, without a float in between.
 */
export interface Amount {
  amount: string;
  currency: string;
}

type NumberText = Intl.StringNumericLiteral;

const numberFormats = new Map<string, Intl.NumberFormat>();
function numberFormat(locale: Locale, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale}${JSON.stringify(options)}`;
  let format = numberFormats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, options);
    numberFormats.set(key, format);
  }
  return format;
}

/** An amount with its currency, in the places of the currency's minor unit. */
export function formatMoney({ amount, currency }: Amount, locale: Locale): string {
  const places = minorPlaces(currency);
  return numberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  }).format(amount as NumberText);
}

/** A unit price: at least the minor unit's places (or `minPlaces`), at most eight (or `maxPlaces`). */
export function formatPrice(
  amount: string,
  currency: string,
  locale: Locale,
  maxPlaces = 8,
  minPlaces = minorPlaces(currency),
): string {
  const least = minPlaces;
  return numberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: least,
    maximumFractionDigits: Math.max(least, maxPlaces),
  }).format(amount as NumberText);
}

/** A whole or fractional count. */
export function formatCount(value: number | string, locale: Locale, places = 0): string {
  return numberFormat(locale, { maximumFractionDigits: places }).format(value as number);
}

/** Parts per million as a percentage. */
export function formatPpm(ppm: number, locale: Locale, places = 1): string {
  return numberFormat(locale, {
    style: 'percent',
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  }).format(ppm / 1_000_000);
}

/** Bytes in binary units. */
export function formatBytes(bytes: number, locale: Locale): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${formatCount(value, locale, value < 10 ? 1 : 0)} ${units[unit]}`;
}

const DURATION_WORDS: Record<Locale, readonly [string, string, string, string]> = {
  en: ['d', 'h', 'min', 's'],
  'zh-CN': ['天', '小时', '分', '秒'],
};

/** A duration in its two largest units, for example "3 h 24 min". Negative values count as zero. */
export function formatDuration(seconds: number, locale: Locale): string {
  const total = Math.max(0, Math.floor(seconds));
  const sizes = [86_400, 3_600, 60, 1];
  const words = DURATION_WORDS[locale];
  const first = sizes.findIndex((size) => total >= size);
  if (first < 0 || first === 3) return `${total} ${words[3]}`;
  const head = Math.floor(total / sizes[first]!);
  const tail = Math.floor((total % sizes[first]!) / sizes[first + 1]!);
  const text = `${head} ${words[first]}`;
  return tail > 0 ? `${text} ${tail} ${words[first + 1]}` : text;
}

/** A duration in full seconds with separators, for evidence: "86,400 s". */
export function formatSeconds(seconds: number, locale: Locale): string {
  return `${formatCount(seconds, locale)} ${DURATION_WORDS[locale][3]}`;
}

export type DateStyle = 'date' | 'dateTime' | 'seconds' | 'time' | 'month' | 'day';

const DATE_STYLES: Record<DateStyle, Intl.DateTimeFormatOptions> = {
  date: { year: 'numeric', month: 'short', day: 'numeric' },
  dateTime: { year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' },
  seconds: { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  time: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  month: { year: 'numeric', month: 'long' },
  day: { month: 'short', day: 'numeric' },
};

const dateFormats = new Map<string, Intl.DateTimeFormat>();

/** A moment (RFC 3339 text or Unix seconds) in a time zone. */
export function formatDate(at: string | number, style: DateStyle, locale: Locale, timeZone: string): string {
  const key = `${locale}|${style}|${timeZone}`;
  let format = dateFormats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, { ...DATE_STYLES[style], hourCycle: 'h23', timeZone });
    dateFormats.set(key, format);
  }
  return format.format(typeof at === 'number' ? at * 1000 : new Date(at));
}

/** "3 minutes ago", from the difference in seconds (positive = past). */
export function formatAgo(secondsAgo: number, locale: Locale): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'long' });
  const past = Math.max(0, Math.floor(secondsAgo));
  if (past < 60) return format.format(-past, 'second');
  if (past < 3_600) return format.format(-Math.floor(past / 60), 'minute');
  if (past < 86_400) return format.format(-Math.floor(past / 3_600), 'hour');
  return format.format(-Math.floor(past / 86_400), 'day');
}

/** A public id as "inst_…9k3f2a", a digest as "sha256:…": enough to tell rows apart. */
export function shortId(id: string): string {
  const cut = id.search(/[_:]/);
  return id.length > 16 ? `${id.slice(0, cut + 1)}…${id.slice(-6)}` : id;
}
