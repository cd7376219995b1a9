import { formatTimestamp, utcOffsetS } from '@suanxiang/domain/calendar';
import { type Currency, formatDecimal, formatMicro } from '@suanxiang/domain/money';

/** Puts a separator between groups of three digits before the decimal point. */
export function grouped(decimal: string): string {
  const [whole = '', fraction] = decimal.split('.');
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? groups : `${groups}.${fraction}`;
}

export function amountText(minor: bigint, currency: string): string {
  return grouped(formatDecimal(minor, currency as Currency));
}

const SYMBOLS: Record<string, string> = { CNY: '¥', USD: '$', EUR: '€', JPY: '¥' };

/** With the currency's sign before it, or its code where it has none of its own. */
export function moneyText(minor: bigint, currency: string): string {
  const amount = amountText(minor < 0n ? -minor : minor, currency);
  return `${minor < 0n ? '−' : ''}${SYMBOLS[currency] ?? `${currency} `}${amount}`;
}

export function priceText(micro: bigint, currency: string): string {
  return grouped(formatMicro(micro, currency as Currency));
}

/** Wall clock of a zone, to the second: 2026-10-01 08:00:00. */
export function localTime(unixS: number, timeZone: string): string {
  return formatTimestamp(unixS + utcOffsetS(unixS, timeZone))
    .slice(0, 19)
    .replace('T', ' ');
}

/** UTC+08:00 */
export function offsetText(unixS: number, timeZone: string): string {
  const offset = utcOffsetS(unixS, timeZone);
  const minutes = Math.abs(offset) / 60;
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return `UTC${offset < 0 ? '−' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}

/** A rate in ppm as per cent: 60000 -> "6", 65000 -> "6.5". */
export function percentText(ppm: number): string {
  const text = `${Math.floor(ppm / 10_000)}.${String(ppm % 10_000).padStart(4, '0')}`;
  return text.replace(/\.?0+$/, '');
}

/** The whole number of a fraction "8/1", else the fraction. */
export function gpusText(fraction: string): string {
  return fraction.endsWith('/1') ? fraction.slice(0, -2) : fraction;
}

const CJK = /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]/;
const NO_LINE_START = /[、。，．：；！？）］｝〉》」』】〕％…—·,.:;!?)\]}%]/;
const NO_LINE_END = /[（［｛〈《「『【〔([{]/;
/** Latin runs longer than this may break anywhere: names of up to 63 letters need not contain a space. */
const LONG_RUN = 18;

/** A long run in parts: after - _ . / where it has some, else letter by letter. */
function partsOf(run: string): string[] {
  if (run.length <= LONG_RUN) return [run];
  const parts = run.split(/(?<=[-_./])/);
  return parts.flatMap((part) => (part.length > LONG_RUN ? Array.from(part) : [part]));
}

/**
 * Where a word may be broken without a hyphen, for the layout's hyphenation hook: between Chinese characters (punctuation
 * keeps to its neighbour) and inside very long runs. An empty part is a place to break.
 */
export function breakable(word: string): string[] {
  const characters = Array.from(word);
  const parts: string[] = [];
  let run = '';
  const flush = () => {
    if (run === '') return;
    parts.push(...partsOf(run));
    run = '';
  };
  for (const [index, character] of characters.entries()) {
    const next = characters[index + 1];
    const isGlued = next !== undefined && (NO_LINE_START.test(next) || NO_LINE_END.test(character));
    run += character;
    const isBreak = CJK.test(character) || (next !== undefined && CJK.test(next));
    if (isBreak && !isGlued) flush();
  }
  flush();
  return parts.flatMap((part, index) => (index === 0 ? [part] : ['', part]));
}
