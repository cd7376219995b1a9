export interface LogLine {
  at: string;
  text: string;
}

/** Lines that a pane keeps; older ones are in the file that it offers. */
export const KEPT_LINES = 2_000;

export interface NumberedLine extends LogLine {
  /** Place in what this pane has seen, from 0: what a line is known by on the screen. */
  number: number;
}

/** Appends lines and lets go of the oldest. */
export function keepLines(known: readonly NumberedLine[], more: readonly LogLine[]): NumberedLine[] {
  const from = (known.at(-1)?.number ?? -1) + 1;
  return [...known, ...more.map((line, index) => ({ ...line, number: from + index }))].slice(-KEPT_LINES);
}

/** A text cut where a search is found, without regard to case: every other part is a find, the first one is not. */
export function cutAtFinds(text: string, search: string): string[] {
  if (search === '') return [text];
  const escaped = search.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.split(new RegExp(`(${escaped})`, 'giu'));
}

/** Lines in which a search is found; all without one. */
export function searchLines(lines: readonly NumberedLine[], search: string): readonly NumberedLine[] {
  return search === '' ? lines : lines.filter(({ text }) => cutAtFinds(text, search).length > 1);
}

/** A log as a text file. */
export const textOfLines = (lines: readonly LogLine[]) => lines.map(({ at, text }) => `${at} ${text}\n`).join('');
