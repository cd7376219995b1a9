import type { Bilingual, Locale } from '@suanxiang/domain/locale';
import type { Say } from '../messages';
import { wordText } from './words';

export interface RenderOptions {
  locale: Locale;
  say: Say;
  /** Width of the terminal in cells; null or left out: no line is cut. */
  columns?: number | null;
  color?: boolean;
}

type Json = unknown;
type JsonObject = Record<string, Json>;

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isMoney = (value: Json): value is { amount: string; currency: string } =>
  isObject(value) && typeof value.amount === 'string' && typeof value.currency === 'string';
const isBilingual = (value: Json): value is JsonObject & Bilingual =>
  isObject(value) && typeof value.en === 'string' && typeof value.zh === 'string';
const isSsh = (value: Json): value is { host: string; port: number; user: string } =>
  isObject(value) && typeof value.host === 'string' && typeof value.port === 'number' && typeof value.user === 'string';

const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
/** Numbers that are seconds since 1970; every other field in `_s` or `_seconds` is a length of time. */
const EPOCH_FIELDS = new Set(['from_s', 'to_s', 'at_s', 'win_start_s']);
const DURATION_FIELDS = new Set(['clock_offset_s', 'runway_seconds']);
const BARS = '▁▂▃▄▅▆▇█';

/** True for what fits a cell: everything but lists of objects and objects without a form of their own. */
export function isPlain(value: Json): boolean {
  if (Array.isArray(value)) return value.every((item) => !isObject(item) && !Array.isArray(item)) || isIdList(value);
  return !isObject(value) || isMoney(value) || isBilingual(value) || isSsh(value);
}

function isIdList(value: Json[]): boolean {
  return value.length > 0 && value.every((item) => isObject(item) && Object.keys(item).join() === 'id');
}

/** Numbers and amounts stand to the right in a table. */
export function isNumeric(field: string, value: Json): boolean {
  if (EPOCH_FIELDS.has(field)) return false;
  return isMoney(value) || typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value));
}

/** One cell of text for the value of a field. Null is `-`. */
export function valueText(field: string, value: Json, options: RenderOptions): string {
  if (value === null || value === undefined || value === '') return '-';
  if (typeof value === 'boolean') return options.say(value ? 'yes' : 'no');
  if (typeof value === 'number') return numberText(field, value);
  if (typeof value === 'string') return stringText(field, value, options);
  if (Array.isArray(value)) return listText(field, value, options);
  if (isMoney(value)) return `${value.amount} ${value.currency}`;
  if (isBilingual(value)) return oneLine(options.locale === 'zh-CN' ? value.zh : value.en);
  if (isSsh(value)) return `ssh -p ${value.port} ${value.user}@${value.host}`;
  return JSON.stringify(value);
}

function stringText(field: string, value: string, { locale }: RenderOptions): string {
  if (TIMESTAMP.test(value)) return instant(Date.parse(value));
  return oneLine(wordText(field, value, locale) ?? value);
}

function listText(field: string, value: Json[], options: RenderOptions): string {
  if (value.length === 0) return '-';
  if (field.endsWith('_ppm')) return sparkline(value as (number | null)[]);
  if (isIdList(value)) return value.map((item) => String((item as JsonObject).id)).join(', ');
  return value.map((item) => valueText(field, item, options)).join(', ');
}

function numberText(field: string, value: number): string {
  if (field.endsWith('_ppm')) return percent(value);
  if (EPOCH_FIELDS.has(field)) return instant(value * 1000);
  if (DURATION_FIELDS.has(field)) return duration(value);
  return String(value);
}

/** Control characters must not reach a terminal. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').trim();
}

/** `2026-11-24 10:03:22Z` */
export function instant(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** ppm as percent with two places, exact to the step of 100 ppm. */
export function percent(ppm: number): string {
  return `${(ppm / 10_000).toFixed(2)}%`;
}

/** `1d 02h 03m 04s`, without leading zero parts. */
export function duration(seconds: number): string {
  const sign = seconds < 0 ? '-' : '';
  const whole = Math.abs(Math.trunc(seconds));
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'm'],
    [whole % 60, 's'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  const shown = parts.slice(first === -1 ? 3 : first);
  return sign + shown.map(([count, unit], at) => `${at ? String(count).padStart(2, '0') : count}${unit}`).join(' ');
}

/** One bar per value of 0..1,000,000 ppm; `·` where nothing was measured. */
export function sparkline(values: readonly (number | null)[]): string {
  return values.map((ppm) => (ppm === null ? '·' : BARS[Math.min(7, Math.floor(ppm / 125_000))])).join('');
}
