import { DECIMAL_SPELLINGS, type Dimension, UNITS, type UnitName, unitOf } from './units';

/** What a printed value turned out to be. */
export type Quantity =
  | { kind: 'value'; value: number; decimalComma: boolean; binaryAsDecimal: boolean }
  | { kind: 'unavailable'; token: string }
  | { kind: 'error'; token: string }
  | { kind: 'unreadable'; token: string };

const UNAVAILABLE = new Set([
  '',
  'n/a',
  'na',
  'nan',
  'n.a.',
  '-',
  '--',
  '---',
  'none',
  'null',
  'unknown',
  'not supported',
  'not support',
  'unsupported',
  'not available',
  'not applicable',
  'unavailable',
  'insufficient permissions',
  'requested functionality has been deprecated',
  'deprecated',
  'off',
  'disabled',
]);

const ERRORS = ['err!', 'unknown error', 'gpu is lost', 'is lost', 'requires reset', 'error', 'failed', 'timeout'];

const bare = (text: string) =>
  text
    .trim()
    .replace(/^[[(<]+/, '')
    .replace(/[\])>]+$/, '')
    .trim();

/** True for the many ways of tools to say that there is no reading. */
export const isUnavailable = (text: string): boolean => UNAVAILABLE.has(bare(text).toLowerCase());

/** True when a tool prints a failure where a value belongs. */
export function isErrorToken(text: string): boolean {
  const token = bare(text).toLowerCase();
  return (
    token.length < 80 && ERRORS.some((phrase) => token === phrase || (phrase.includes(' ') && token.includes(phrase)))
  );
}

/** True when the text says that the device can no longer be reached. */
export const isLost = (text: string): boolean => /\bis lost\b|fallen off the bus|requires reset/i.test(text);

const NUMBER = /^[<>~]?\s*([+-]?\d+(?:[.,]\d+)*)(?:e([+-]?\d{1,3}))?\s*([^\d\s].*)?$/i;

/** A number with point or comma as decimal mark and perhaps marks between thousands; null when it is none. */
function parseDecimal(text: string, wholeThousands: boolean): { value: number; comma: boolean } | null {
  const comma = text.lastIndexOf(',');
  if (comma < 0) {
    const parts = text.split('.');
    const joined = parts.length > 2 ? parts.join('') : text;
    return { value: Number(joined), comma: false };
  }
  const point = text.lastIndexOf('.');
  const groups = text.split(',');
  if (point > comma) return { value: Number(text.replaceAll(',', '')), comma: false };
  const thousands = point < 0 && groups.slice(1).every((group) => group.length === 3);
  if (thousands && (wholeThousands || groups.length > 2)) return { value: Number(groups.join('')), comma: false };
  const whole = text.slice(0, comma).replaceAll('.', '').replaceAll(',', '');
  return { value: Number(`${whole}.${text.slice(comma + 1)}`), comma: true };
}

/** Reads a printed value as a quantity of the dimension; its own unit counts before the given one. */
export function parseQuantity(text: string, dimension: Dimension, unit: UnitName): Quantity {
  const token = text.trim().slice(0, 80);
  if (isErrorToken(token)) return { kind: 'error', token };
  if (isUnavailable(token)) return { kind: 'unavailable', token };
  const match = NUMBER.exec(bare(token));
  if (!match) return { kind: 'unreadable', token };
  const [, digits, exponent, suffix = ''] = match;
  const number = parseDecimal(digits!, dimension === 'bytes' || dimension === 'count');
  const symbol = suffix.trim();
  const own = symbol ? unitOf(symbol) : undefined;
  if (!number || !Number.isFinite(number.value)) return { kind: 'unreadable', token };
  if (symbol && own?.dimension !== dimension && dimension !== 'count') return { kind: 'unreadable', token };
  const factor = own?.dimension === dimension ? own.factor : UNITS[unit].factor;
  const value = number.value * 10 ** Number(exponent ?? 0) * factor;
  if (!Number.isFinite(value)) return { kind: 'unreadable', token };
  return {
    kind: 'value',
    value: Math.round(value),
    decimalComma: number.comma,
    binaryAsDecimal: dimension === 'bytes' && DECIMAL_SPELLINGS.has(symbol.toLowerCase()),
  };
}

/** The first whole number in the text, or null. */
export function firstInteger(text: string | undefined): number | null {
  const match = text === undefined ? null : /\d{1,15}/.exec(text);
  return match ? Number(match[0]) : null;
}

const PCI = /\b(?:[0-9a-f]{2,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f]\b/i;

/** The first PCI address in the text as it is spelt, or null. */
export const findPci = (text: string): string | null => PCI.exec(text)?.[0] ?? null;

/** A PCI address in one spelling, to compare addresses of different tools by. */
export function pciKey(address: string): string {
  const match = /(?:([0-9a-f]+):)?([0-9a-f]{2}):([0-9a-f]{2})(?:\.([0-9a-f]))?/i.exec(address);
  if (!match) return address.toLowerCase();
  const [, domain = '0', bus, device, slot = '0'] = match;
  return `${Number.parseInt(domain, 16).toString(16).padStart(4, '0')}:${bus}:${device}.${slot}`.toLowerCase();
}
