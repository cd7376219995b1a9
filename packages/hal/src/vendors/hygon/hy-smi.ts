import { readCsv } from '../shared/csv';
import { Draft } from '../shared/draft';
import { type MappingRule, rule } from '../shared/mapping';
import type { ParseContext, RawReading } from '../shared/tool';
import type { FieldName, UnitName } from '../shared/units';
import { firstInteger } from '../shared/values';
import { parseHySmiJson, readHygonCard } from './hy-smi-json';

/** `hy-smi` without arguments: heading of the table -> field. Older versions say DCU, newer ones HCU. */
export const HY_SMI_TABLE_MAPPING: readonly MappingRule[] = [
  rule('hcu', 'index', 'count'),
  rule('dcu', 'index', 'count'),
  rule('temp', 'temperature_milli_celsius', 'C'),
  rule('avgpwr', 'power_milliwatt', 'W'),
  rule('hcu%', 'utilization_ppm', 'percent'),
  rule('dcu%', 'utilization_ppm', 'percent'),
  rule('gpu%', 'utilization_ppm', 'percent'),
];

const BY_HEADING: ReadonlyMap<string, { to: FieldName; unit: UnitName }> = new Map(
  HY_SMI_TABLE_MAPPING.map(({ from, to, unit }) => [from, { to, unit }]),
);

const isHeading = (line: string) => /^\s*(?:HCU|DCU|GPU)\s+Temp/i.test(line);

function readRow(columns: readonly string[], line: string, context: ParseContext): Draft | null {
  const cells = line.trim().split(/\s+/);
  if (!/^\d{1,4}$/.test(cells[0] ?? '') || cells.length < columns.length) return null;
  const draft = new Draft(context.notes);
  columns.forEach((column, at) => {
    const target = at === 0 ? { to: 'index' as const, unit: 'count' as const } : BY_HEADING.get(column.toLowerCase());
    if (target) draft.set(target.to, cells[at], target.unit, column);
  });
  const mode = cells[columns.findIndex((column) => /^mode$/i.test(column))] ?? '';
  if (/^(?:fault|error|abnormal|bad)/i.test(mode)) draft.faults.add('vendor-alarm');
  return draft;
}

function parseTable(lines: readonly string[], at: number, context: ParseContext): RawReading {
  const columns = lines[at]!.trim().split(/\s+/);
  const drafts: Draft[] = [];
  let broken = 0;
  for (const line of lines.slice(at + 1)) {
    if (/End of .*Log/i.test(line)) break;
    const draft = readRow(columns, line, context);
    if (draft) drafts.push(draft);
    else if (/^\s*\d{1,4}\s+\S/.test(line)) broken += 1;
  }
  if (drafts.length === 0) context.fail('there is a heading but no whole row below it');
  if (broken > 0) context.notes.add(`Rows that are not whole were left out: ${broken}.`);
  context.notes.add('The table gives memory in use in percent only; memory was left out.');
  return { drafts };
}

/** "HCU[0]    : Temperature (Sensor edge) (C): 41.0", as options like --showtemp print it. */
function parseList(text: string, context: ParseContext): RawReading | null {
  const cards = new Map<number, Map<string, string>>();
  for (const line of text.split('\n')) {
    const match =
      line.length < 400 ? /^\s*(?:HCU|DCU|GPU)\[(\d{1,4})\]\s*:\s*(.+?)\s*:\s*([^:]*?)\s*$/i.exec(line) : null;
    if (!match) continue;
    const facts = cards.get(Number(match[1])) ?? new Map<string, string>();
    cards.set(Number(match[1]), facts.set(match[2]!.toLowerCase(), match[3]!));
    if (/^pci bus/i.test(match[2]!)) facts.set('pci bus', line);
  }
  if (cards.size === 0) return null;
  return { drafts: [...cards].map(([index, facts]) => readHygonCard(index, facts, context)) };
}

/** `hy-smi --csv`: a row for each card under the keys of the JSON. */
function parseCsv(text: string, context: ParseContext): RawReading | null {
  const table = readCsv(text, (cells) => cells[0]?.toLowerCase() === 'device' && cells.length > 1);
  const rows = table?.rows.filter((row) => /^(?:card|hcu|dcu)?\d{1,4}$/i.test(row[0]!)) ?? [];
  if (!table || rows.length === 0) return null;
  const keys = table.columns.map((column) => column.toLowerCase());
  const drafts = rows.map((row) =>
    readHygonCard(firstInteger(row[0]), new Map(row.map((cell, at) => [keys[at]!, cell])), context),
  );
  return { drafts };
}

/** `hy-smi`: the table, the list that its options print, CSV, or JSON. */
export function parseHySmi(text: string, context: ParseContext): RawReading {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line.length < 500 && isHeading(line));
  if (at >= 0) return parseTable(lines, at, context);
  if (/^\s*\{/m.test(text)) return parseHySmiJson(text, context);
  return (
    parseList(text, context) ??
    parseCsv(text, context) ??
    context.fail('there is neither a table with the heading "HCU Temp" nor a list of cards in the input')
  );
}
