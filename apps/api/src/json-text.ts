/** What is wrong with a JSON text beyond its grammar. */
export interface JsonFault {
  code: 'duplicate_key' | 'too_deep';
  detail: string;
}

export const DEEPEST = 32;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Index after the string that begins at `from`. */
function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    const letter = text.charCodeAt(at);
    if (letter === BACKSLASH) at += 1;
    else if (letter === QUOTE) return at + 1;
  }
  return text.length;
}

/** The next letter that is no white space is a colon: the string before it was a field name. */
function isName(text: string, from: number): boolean {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 0x20) at += 1;
  return text[at] === ':';
}

function nameOf(literal: string): string {
  if (!literal.includes('\\')) return literal.slice(1, -1);
  try {
    return JSON.parse(literal) as string;
  } catch {
    return literal;
  }
}

/**
 * Finds a field that stands twice in one object, of which parsers take the first or the last as they like, and nesting
 * deeper than any request has. One pass without recursion; whether the text is JSON at all is for the parser to say.
 */
export function findFault(text: string): JsonFault | null {
  const open: (Set<string> | null)[] = [];
  for (let at = 0; at < text.length; ) {
    const letter = text[at]!;
    if (letter === '"') {
      const end = endOfString(text, at);
      const names = open.at(-1);
      if (names && isName(text, end)) {
        const name = nameOf(text.slice(at, end));
        if (names.has(name)) {
          return { code: 'duplicate_key', detail: `The field ${JSON.stringify(name.slice(0, 64))} stands twice.` };
        }
        names.add(name);
      }
      at = end;
      continue;
    }
    if (letter === '{') open.push(new Set());
    else if (letter === '[') open.push(null);
    else if (letter === '}' || letter === ']') open.pop();
    if (open.length > DEEPEST) return { code: 'too_deep', detail: `Is nested deeper than ${DEEPEST} levels.` };
    at += 1;
  }
  return null;
}
