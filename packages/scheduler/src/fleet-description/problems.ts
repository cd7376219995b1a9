/** Something wrong in a fleet description, and where. */
export interface DescriptionProblem {
  /** `line 3` of JSON lines, `entry 3` of a JSON document; both count from 1. */
  where: { en: string; zh: string };
  en: string;
  zh: string;
}

/** A fleet description that cannot be used. The message names every problem with its line or entry. */
export class FleetDescriptionError extends Error {
  override readonly name = 'FleetDescriptionError';
  constructor(readonly problems: readonly DescriptionProblem[]) {
    super(problems.map((one) => `${one.where.en}: ${one.en}`).join('\n'));
  }
}

/** An object, as opposed to a list, a text or nothing. */
export function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Collects the problems of one entry. */
export class EntryProblems {
  readonly list: DescriptionProblem[] = [];
  constructor(readonly where: { en: string; zh: string }) {}

  add(en: string, zh: string): void {
    this.list.push({ where: this.where, en, zh });
  }

  /** Names every key of an object that is not allowed there. */
  unknownKeys(value: Record<string, unknown>, allowed: readonly string[], what: string, zh: string): void {
    for (const key of Object.keys(value)) {
      if (allowed.includes(key)) continue;
      this.add(
        `unknown ${what} "${key}" (known: ${allowed.join(', ')})`,
        `未知的${zh} "${key}"（可用：${allowed.join('、')}）`,
      );
    }
  }

  text(value: unknown, name: string): string {
    if (typeof value === 'string' && value !== '') return value;
    this.add(`${name} must be a text that is not empty`, `${name} 必须是非空文本`);
    return '';
  }

  /** A number from `least` on; `unset` when it is not there. */
  amount<T>(value: unknown, name: string, unset: T, most = Number.MAX_SAFE_INTEGER): number | T {
    if (value === undefined) return unset;
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? '0 or more' : `from 0 to ${most}`;
    this.add(
      `${name} is ${JSON.stringify(value)}, but must be a number ${range}`,
      `${name} 为 ${JSON.stringify(value)}，必须是 ${range === '0 or more' ? '不小于 0' : `0 到 ${most}`} 的数`,
    );
    return unset;
  }
}
