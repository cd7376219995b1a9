import { type DescriptionProblem, FleetDescriptionError, isFields } from './problems';

/** A part of a description, and where it stands. */
export interface Entry {
  where: { en: string; zh: string };
  value: unknown;
}

/** The entries of JSON lines, a JSON list, an object that holds the list under `name`, or a single entry. */
export function readEntries(text: string, name: 'nodes' | 'requests'): Entry[] {
  const whole = parse(text);
  if ('value' in whole) return readDocument(whole.value, name);
  const lines = text.split(/\r?\n/).map((line, i) => ({ line, number: i + 1 }));
  const told = lines.filter(({ line }) => line.trim() !== '');
  const first = parse(told[0]?.line ?? '');
  // Not JSON as a whole, nor by lines: the fault of the whole says more.
  if (!('value' in first) && told.length < 2) throw notJson('document', '文档', whole.problem);
  const entries: Entry[] = [];
  const problems: DescriptionProblem[] = [];
  for (const { line, number } of told) {
    const where = { en: `line ${number}`, zh: `第 ${number} 行` };
    const parsed = parse(line);
    if ('value' in parsed) entries.push({ where, value: parsed.value });
    else problems.push({ where, en: `not JSON: ${parsed.problem}`, zh: `不是有效的 JSON：${parsed.problem}` });
  }
  if (problems.length > 0) throw new FleetDescriptionError(problems);
  return entries;
}

function readDocument(value: unknown, name: string): Entry[] {
  const list = isFields(value) && name in value ? value[name] : isFields(value) ? [value] : value;
  if (!Array.isArray(list)) throw notJson('document', '文档', `a list of ${name} is expected`);
  return list.map((one, i) => ({ where: { en: `entry ${i + 1}`, zh: `第 ${i + 1} 项` }, value: one }));
}

function parse(text: string): { value: unknown } | { problem: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

function notJson(en: string, zh: string, problem: string): FleetDescriptionError {
  return new FleetDescriptionError([
    { where: { en, zh }, en: `not JSON: ${problem}`, zh: `不是有效的 JSON：${problem}` },
  ]);
}
