import type { OperationId } from '@suanxiang/contract/routes';
import { fieldLabel } from '../labels';
import { LIST_COLUMNS, NESTED_COLUMNS } from './columns';
import { SPECIAL } from './special';
import { type Cell, layOut, renderPairs } from './table';
import { isNumeric, isPlain, type RenderOptions, valueText } from './values';
import { wrap } from './width';
import { colourOf, paint, wordText } from './words';

type JsonObject = Record<string, unknown>;

/** Objects whose keys are people's own. */
const MAP_FIELDS = new Set(['labels', 'environment', 'detail']);

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The answer of an operation for people: a table for lists, else pairs with tables below. Ends with a newline. */
export function renderAnswer(operationId: OperationId, answer: unknown, options: RenderOptions): string {
  if (!isObject(answer)) return '';
  const special = SPECIAL[operationId];
  if (special) return special(answer as never, options);
  if (Array.isArray(answer.items)) return renderList(LIST_COLUMNS[operationId], answer.items, options);
  if (operationId === 'getUsage') return renderRecord({ ...answer, days: usedDays(answer.days) }, options);
  return renderRecord(answer, options);
}

/** Days on which something ran. */
function usedDays(days: unknown): unknown[] {
  return Array.isArray(days) ? days.filter((day) => at(day, 'gpu_seconds') !== '0') : [];
}

/** Value at a dotted path. */
function at(item: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), item);
}

/** A table of the chosen columns, or of all plain fields. Ends with a newline. */
export function renderList(chosen: readonly string[] | undefined, items: unknown[], options: RenderOptions): string {
  if (items.length === 0) return `${options.say('empty')}\n`;
  const named = chosen ?? plainFields(items);
  const paths = named.map((path) => path.replace(/\?$/, ''));
  const columns = paths.map((path, index) => {
    const field = path.split('.').at(-1)!;
    const isNumber = items.some((item) => isNumeric(field, at(item, path)));
    return {
      title: fieldLabel(field, options.locale).toLocaleUpperCase(options.locale),
      align: isNumber ? ('right' as const) : ('left' as const),
      flexible: !isNumber && !UNCUT.test(field) && items.some((item) => at(item, path) !== null),
      minor: named[index]!.endsWith('?'),
    };
  });
  const rows = items.map((item) => paths.map((path) => cellOf(path.split('.').at(-1)!, at(item, path), options)));
  const { text, hidden } = layOut(columns, rows, { limit: options.columns, color: options.color });
  if (hidden.length === 0) return text;
  const names = hidden.join(options.locale === 'zh-CN' ? '、' : ', ');
  const hint = wrap(options.say('hiddenColumns', { names }), options.columns ?? Number.POSITIVE_INFINITY);
  return `${text}${hint
    .split('\n')
    .map((line) => paint(line, 'dim', options.color))
    .join('\n')}\n`;
}

/** What is copied or compared is shown whole or not at all. */
const UNCUT =
  /^(id|.*_id|.*_at|at|period_from|period_to|from|to|from_s|to_s|day|state|status|from_state|to_state|resource|number|currency|role|mode)$/;

function cellOf(field: string, value: unknown, options: RenderOptions): string | Cell {
  const text = valueText(field, value, options);
  if (INSTANT.test(text)) return { text, short: `${text.slice(0, 16)}Z` };
  const colour = options.color ? colourOf(field, value) : null;
  return colour ? { text, draw: (cut) => paint(cut, colour, true) } : text;
}

/** A time to the second, which narrow tables show to the minute. */
const INSTANT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/;

function plainFields(items: unknown[]): string[] {
  const first = items.find(isObject) ?? {};
  return Object.keys(first).filter((field) => items.every((item) => isPlain(at(item, field))));
}

/** Columns for a list inside a record: of those known for its name, the ones that its items have. */
function nestedColumns(field: string, items: unknown[]): readonly string[] | undefined {
  return NESTED_COLUMNS[field]?.filter((column) => {
    const name = column.replace(/\?$/, '');
    return items.length === 0 || items.some((item) => isObject(item) && name in item);
  });
}

/** Plain fields as pairs, then objects and lists of objects as titled sections. */
function renderRecord(record: JsonObject, options: RenderOptions): string {
  const pairs: [string, string][] = [];
  const sections: string[] = [];
  for (const [field, value] of Object.entries(record)) {
    const label = fieldLabel(field, options.locale);
    if (field === 'operation' && isObject(value)) {
      pairs.push([label, operationText(value, options)]);
      if (value.status !== 'succeeded') sections.push(stepsSection(value, options));
    } else if (isPlain(value)) {
      if (!(Array.isArray(value) && value.length === 0)) pairs.push([label, pairText(field, value, options)]);
    } else if (Array.isArray(value)) {
      sections.push(`${titleText(label, options)}\n${renderList(nestedColumns(field, value), value, options)}`);
    } else if (isObject(value) && MAP_FIELDS.has(field)) {
      const text = Object.entries(value).map(
        ([key, word]) => `${key}=${typeof word === 'string' ? word : JSON.stringify(word)}`,
      );
      pairs.push([label, text.join(', ') || '-']);
    } else if (isObject(value)) {
      sections.push(`${titleText(label, options)}\n${renderRecord(value, options)}`);
    }
  }
  const label = (text: string) => paint(text, 'dim', options.color);
  return [renderPairs(pairs, label), ...sections].filter((part) => part !== '').join('\n');
}

/** A title over a part of a record. */
function titleText(label: string, options: RenderOptions): string {
  return paint(label, 'bold', options.color);
}

function pairText(field: string, value: unknown, options: RenderOptions): string {
  const text = valueText(field, value, options);
  const colour = colourOf(field, value);
  return colour ? paint(text, colour, options.color) : text;
}

/** `launch: running (op_…)` */
function operationText({ kind, status, id }: JsonObject, options: RenderOptions): string {
  const { locale } = options;
  const what = locale === 'zh-CN' ? (OPERATION_KINDS_ZH[String(kind)] ?? kind) : kind;
  const how = wordText('status', String(status), locale);
  return locale === 'zh-CN' ? `${what}：${how}（${id}）` : `${what}: ${how} (${id})`;
}

const OPERATION_KINDS_ZH: Record<string, string> = { launch: '创建', start: '启动', stop: '停止', terminate: '释放' };

/** The steps of an operation that is not over or failed, with its reason. */
function stepsSection(operation: JsonObject, options: RenderOptions): string {
  const { error, steps } = operation;
  return renderRecord({ ...(error ? { error } : {}), steps: Array.isArray(steps) ? steps : [] }, options);
}
