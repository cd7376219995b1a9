/** A line of "key : value" with the sections it stands under. */
export interface OutlineEntry {
  /** Keys from the outermost section inwards, lower case, joined by "/". */
  path: string;
  key: string;
  value: string;
}

const PAIR = /^(\s*)([^:\n]{1,80}?)\s*:\s?(.*)$/;

const normal = (key: string) => key.trim().replace(/\s+/g, ' ').toLowerCase();

const indentOf = (line: string): number => {
  let width = 0;
  for (const character of line) {
    if (character === ' ') width += 1;
    else if (character === '\t') width += 8 - (width % 8);
    else break;
  }
  return width;
};

/** Reads indented "key : value" lines; lines without a value open a section for what is indented below them. */
export function readOutline(lines: readonly string[]): OutlineEntry[] {
  const entries: OutlineEntry[] = [];
  const sections: { indent: number; key: string }[] = [];
  for (const line of lines) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.length > 500 || /^[-=+*]{3,}/.test(trimmed)) continue;
    const indent = indentOf(line);
    while (sections.length > 0 && sections.at(-1)!.indent >= indent) sections.pop();
    const pair = PAIR.exec(line);
    const key = normal(pair ? pair[2]! : trimmed);
    const value = pair ? pair[3]!.trim() : '';
    if (!pair || value === '') {
      sections.push({ indent, key });
      if (pair) entries.push({ path: [...sections.map((section) => section.key)].join('/'), key, value });
      continue;
    }
    entries.push({ path: [...sections.map((section) => section.key), key].join('/'), key, value });
  }
  return entries;
}

/** Splits lines into blocks, each beginning with a line that matches; what stands above the first is the head. */
export function splitBlocks(text: string, start: RegExp): { head: string[]; blocks: string[][] } {
  const head: string[] = [];
  const blocks: string[][] = [];
  for (const line of text.split('\n')) {
    if (line.length < 300 && start.test(line)) blocks.push([line]);
    else (blocks.at(-1) ?? head).push(line);
  }
  return { head, blocks };
}

/** Facts of a block: every entry by its path and, where that is free, by its own key. */
export function outlineFacts(entries: readonly OutlineEntry[]): Map<string, string> {
  const facts = new Map<string, string>();
  for (const { path, value } of entries) if (!facts.has(path)) facts.set(path, value);
  for (const { key, value } of entries) if (!facts.has(key)) facts.set(key, value);
  return facts;
}
