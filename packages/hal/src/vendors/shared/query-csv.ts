import { columnName, readCsv } from './csv';
import { Draft } from './draft';
import { addLost } from './lost';
import { applyFacts, type MappingRule } from './mapping';
import { throttleReasons } from './throttle';
import type { ParseContext, RawReading } from './tool';
import { UNITS, type UnitName, unitOf } from './units';
import { isLost } from './values';

const number = (text: string | undefined): number => {
  const value = Number((text ?? '').trim());
  return Number.isFinite(value) ? value : 0;
};

/** Counters and flags that are no field by themselves. */
function readConditions(draft: Draft, facts: ReadonlyMap<string, string>): void {
  const recent = facts.get('ecc.errors.uncorrected.volatile.total');
  const lifetime = facts.get('ecc.errors.uncorrected.aggregate.total');
  if (number(recent) > 0) draft.faults.add('ecc-uncorrected');
  else if (number(lifetime) > 0 && recent !== undefined) draft.faults.add('ecc-uncorrected-earlier');
  const isYes = (name: string) => /^(?:yes|1)$/i.test((facts.get(name) ?? '').trim());
  if (isYes('retired_pages.pending')) draft.faults.add('page-retirement-pending');
  if (isYes('remapped_rows.pending')) draft.faults.add('row-remap-pending');
  if (isYes('remapped_rows.failure')) draft.faults.add('row-remap-failed');
  const sum = (a: string, b: string): number | null =>
    /^\d+$/.test(facts.get(a) ?? '') || /^\d+$/.test(facts.get(b) ?? '')
      ? number(facts.get(a)) + number(facts.get(b))
      : null;
  draft.setNumber('retired_pages', sum('retired_pages.single_bit_ecc.count', 'retired_pages.double_bit.count'));
  draft.setNumber('remapped_rows', sum('remapped_rows.correctable', 'remapped_rows.uncorrectable'));
}

function readReasons(draft: Draft, facts: ReadonlyMap<string, string>): void {
  for (const [name, text] of facts) {
    const match = /^clocks_(?:throttle|event)_reasons\.(\w+)$/.exec(name);
    if (!match) continue;
    const mask = match[1] === 'active' ? throttleReasons(text) : null;
    if (mask) draft.reading.throttle_reasons = [...new Set([...(draft.reading.throttle_reasons ?? []), ...mask])];
    else if (/^(?:not )?active$/i.test(text)) {
      const reasons = draft.reading.throttle_reasons ?? [];
      draft.reading.throttle_reasons = /^active$/i.test(text) ? [...reasons, match[1]!] : reasons;
    }
  }
}

const unitName = (symbol: string): UnitName | null => {
  const unit = unitOf(symbol);
  const found = unit && Object.entries(UNITS).find(([, candidate]) => candidate === unit);
  return found ? (found[0] as UnitName) : null;
};

/** The mapping with the units that stand in the heading. */
function withHeadingUnits(mapping: readonly MappingRule[], units: ReadonlyMap<string, string | null>): MappingRule[] {
  return mapping.map((line) => {
    const unit = unitName(units.get(line.from) ?? '');
    return unit && UNITS[unit].dimension === UNITS[line.unit].dimension ? { ...line, unit } : line;
  });
}

/** Reads a query in comma separated values with the given mapping; shared by the tools that copy nvidia-smi's. */
export function parseQueryCsv(text: string, context: ParseContext, mapping: readonly MappingRule[]): RawReading {
  const known = new Set(mapping.map((line) => line.from));
  const table = readCsv(text, (cells) => cells.some((cell) => known.has(columnName(cell).name)));
  if (!table) return context.fail('no heading row with column names was found (leave out noheader)');
  const columns = table.columns.map(columnName);
  const rules = withHeadingUnits(mapping, new Map(columns.map(({ name, unit }) => [name, unit])));
  const drafts = table.rows.map((row) => {
    const draft = new Draft(context.notes);
    const facts = new Map(columns.map(({ name }, index) => [name, row[index]!]));
    applyFacts(draft, facts, rules);
    if (row.some(isLost)) draft.faults.add('lost');
    readConditions(draft, facts);
    readReasons(draft, facts);
    return draft;
  });
  if (table.odd > 0)
    context.notes.add(`Lines with another number of cells than the heading were left out: ${table.odd}.`);
  addLost(drafts, text, context);
  if (drafts.length === 0) context.fail('there is a heading but no whole row below it');
  drafts.forEach((draft, order) => {
    if (!known.has('index') || !columns.some(({ name }) => name === 'index' || name === 'module_id'))
      draft.setNumber('index', order);
  });
  return {
    driver_version: drafts.find((draft) => draft.reading.driver_version)?.reading.driver_version ?? null,
    drafts,
  };
}
