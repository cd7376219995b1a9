import { parseTimestamp } from '@suanxiang/domain/calendar';

/** A case that cannot be read; the message is one sentence that names the place. */
export class CaseError extends Error {
  override readonly name = 'CaseError';
}

/** Reads typed fields of parsed JSON and says where a wrong one stands. Unknown fields are left alone. */
export class JsonObject {
  constructor(
    readonly fields: Readonly<Record<string, unknown>>,
    readonly place: string,
  ) {}

  static of(value: unknown, place: string): JsonObject {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new CaseError(`${place} must be an object.`);
    }
    return new JsonObject(value as Record<string, unknown>, place);
  }

  has(key: string): boolean {
    return this.fields[key] !== undefined && this.fields[key] !== null;
  }

  raw(key: string): unknown {
    return this.fields[key];
  }

  fail(key: string, expected: string): never {
    const found = this.fields[key] === undefined ? 'missing' : JSON.stringify(this.fields[key]);
    throw new CaseError(`${this.place}.${key} must be ${expected}, not ${found}.`);
  }

  object(key: string): JsonObject {
    return JsonObject.of(this.fields[key], `${this.place}.${key}`);
  }

  /** The items of an array of objects; an absent array is empty. */
  objects(key: string): JsonObject[] {
    const value = this.fields[key] ?? [];
    if (!Array.isArray(value)) this.fail(key, 'an array');
    return value.map((item, index) => JsonObject.of(item, `${this.place}.${key}[${index}]`));
  }

  text(key: string): string {
    const value = this.fields[key];
    return typeof value === 'string' && value !== '' ? value : this.fail(key, 'a text');
  }

  oneOf<T extends string>(key: string, values: readonly T[]): T {
    const value = this.fields[key] as T;
    return values.includes(value) ? value : this.fail(key, `one of ${values.join(', ')}`);
  }

  /** An integer that a double holds exactly, at least `least`. */
  integer(key: string, least = -Number.MAX_SAFE_INTEGER): number {
    const value = this.fields[key];
    const isFine = typeof value === 'number' && Number.isSafeInteger(value) && value >= least;
    return isFine ? value : this.fail(key, least > -Number.MAX_SAFE_INTEGER ? `an integer >= ${least}` : 'an integer');
  }

  /** An integer of any size, >= 0, as a JSON number (up to 2^53) or as decimal text. */
  count(key: string): bigint {
    const value = this.fields[key];
    if (typeof value === 'string' && /^\d+$/.test(value)) return BigInt(value);
    return BigInt(this.integer(key, 0));
  }

  /** An integer of any size and sign, as a JSON number or as decimal text. */
  signed(key: string): bigint {
    const value = this.fields[key];
    if (typeof value === 'string' && /^-?\d+$/.test(value)) return BigInt(value);
    return BigInt(this.integer(key));
  }

  /** Unix seconds of an RFC 3339 time. */
  time(key: string): number {
    try {
      return parseTimestamp(this.text(key));
    } catch (error) {
      if (error instanceof CaseError) throw error;
      return this.fail(key, 'an RFC 3339 time like 2026-10-05T10:00:00Z');
    }
  }
}

/**
 * Parses JSON in which integers may be of any size: one that a double cannot hold exactly arrives as decimal text, which
 * count() and signed() read. Throws SyntaxError when the text is not JSON.
 */
export function parseExactJson(text: string): unknown {
  JSON.parse(text);
  const tokens = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
  const exact = text.replace(tokens, (token) =>
    /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
  );
  return JSON.parse(exact);
}

/** JSON text in which a bigint is a plain integer, exact at any size. Maps are written as objects. */
export function exactJson(value: unknown, indent = 0): string {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Map) return exactJson(Object.fromEntries(value), indent);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const items = Array.isArray(value)
    ? value.map((item) => exactJson(item, indent + 1))
    : Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${exactJson(member, indent + 1)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  if (items.length === 0) return `${open}${close}`;
  const pad = ' '.repeat(indent + 1);
  return `${open}\n${pad}${items.join(`,\n${pad}`)}\n${' '.repeat(indent)}${close}`;
}
