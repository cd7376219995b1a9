import type { Notes } from './notes';

/** Any JSON value. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface Scan {
  /** Index after the value, or -1 when the text ends first. */
  end: number;
  /** Index after the last device that is whole, and the brackets open there. */
  cut: { at: number; open: string } | null;
}

/** Walks from an opening bracket to its partner; remembers where the last whole device ended. */
function scan(text: string, start: number): Scan {
  const open: string[] = [];
  let deviceDepth = text[start] === '[' ? 1 : 0;
  let cut: Scan['cut'] = null;
  let quoted = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at]!;
    if (quoted) {
      if (character === '\\') at += 1;
      else if (character === '"') quoted = false;
      continue;
    }
    if (character === '"') quoted = true;
    else if (character === '{' || character === '[') {
      if (open.length === 1 && deviceDepth === 0) deviceDepth = character === '[' ? 2 : 1;
      open.push(character);
    } else if (character === '}' || character === ']') {
      if (open.pop() !== (character === '}' ? '{' : '[')) return { end: -1, cut };
      if (open.length === 0) return { end: at + 1, cut };
      if (open.length === deviceDepth) cut = { at: at + 1, open: open.join('') };
    }
  }
  return { end: -1, cut };
}

const closing = (open: string) =>
  [...open]
    .reverse()
    .map((bracket) => (bracket === '{' ? '}' : ']'))
    .join('');

/** Python's spellings of values that JSON does not have. */
const asJson = (text: string) => text.replace(/([:,[]\s*)(?:NaN|None|-?Infinity)(?=\s*[,}\]])/g, '$1null');

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    try {
      return JSON.parse(asJson(text)) as Json;
    } catch {
      return undefined;
    }
  }
}

/** Tells what a tool said before its document. */
function noteMessages(above: string, notes: Notes): void {
  const messages = above.slice(-4000).split('\n');
  for (const line of messages.filter((text) => /warning|error|fail/i.test(text)).slice(0, 3)) {
    notes.add(`The tool also says: "${line.trim().slice(0, 160)}".`);
  }
}

const bracketLines = /^[ \t]*[[{]/gm;

/** Finds the JSON documents in a text that may have messages above and below; mends one that is cut off. */
export function readJson(text: string, notes: Notes): Json[] {
  const found: Json[] = [];
  let attempts = 0;
  bracketLines.lastIndex = 0;
  for (let match = bracketLines.exec(text); match && attempts < 50; match = bracketLines.exec(text)) {
    attempts += 1;
    const start = match.index + match[0].length - 1;
    if (attempts === 1) noteMessages(text.slice(0, match.index), notes);
    const { end, cut } = scan(text, start);
    const value = end > 0 ? parse(text.slice(start, end)) : undefined;
    if (value !== undefined) {
      found.push(value);
      bracketLines.lastIndex = end;
      continue;
    }
    const mended = cut && end < 0 ? parse(text.slice(start, cut.at) + closing(cut.open)) : undefined;
    if (mended !== undefined) {
      notes.add('The output is cut off; the devices before the cut were read.');
      found.push(mended);
      break;
    }
  }
  return found;
}

/** Scalars of a value by their path, keys trimmed and lower case, joined by "/"; { value, unit } becomes "value unit". */
export function flattenJson(value: Json): Map<string, string> {
  const facts = new Map<string, string>();
  const walk = (item: Json, path: string, depth: number): void => {
    if (depth > 12 || facts.size > 5000) return;
    if (isObject(item)) {
      const { value: inner, unit } = item;
      if (inner !== undefined && typeof inner !== 'object' && (unit === undefined || typeof unit === 'string')) {
        facts.set(path, `${inner} ${unit ?? ''}`.trim());
        return;
      }
      for (const [key, child] of Object.entries(item)) {
        const name = key.trim().replace(/\s+/g, ' ').toLowerCase();
        walk(child, path ? `${path}/${name}` : name, depth + 1);
      }
    } else if (Array.isArray(item)) {
      item.forEach((child, index) => {
        walk(child, `${path}/${index}`, depth + 1);
      });
    } else if (item !== null) facts.set(path, String(item));
    else facts.set(path, 'N/A');
  };
  walk(value, '', 0);
  return facts;
}
