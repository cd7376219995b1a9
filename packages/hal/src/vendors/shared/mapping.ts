import type { Draft } from './draft';
import type { FieldName, UnitName } from './units';

/** One line of a tool's mapping table: where a value stands in the source, which field it becomes, and in which unit. */
export interface MappingRule {
  /** Path, column, metric or label in the source, lower case, as the reader of the format names it. */
  from: string;
  to: FieldName;
  /** Unit of the source where the value does not carry its own. */
  unit: UnitName;
}

/** Facts of one device by the source's own names in lower case. */
export type Facts = ReadonlyMap<string, string>;

/** Short form for tables of rules. */
export const rule = (from: string, to: FieldName, unit: UnitName): MappingRule => ({ from, to, unit });

/** Applies a mapping table; the first source with a value wins. Says how many fields got one. */
export function applyFacts(draft: Draft, facts: Facts, rules: readonly MappingRule[]): number {
  let found = 0;
  for (const { from, to, unit } of rules) {
    const text = facts.get(from);
    if (text === undefined) continue;
    const before = draft.reading[to];
    if (draft.set(to, text, unit, from) && before === null) found += 1;
  }
  return found;
}
