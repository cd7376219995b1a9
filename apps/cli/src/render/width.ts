const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Code points that take two cells in a terminal (Unicode 16 East Asian Width W and F, without emoji). */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x20000, 0x3fffd],
];
const EMOJI = /^\p{Emoji_Presentation}|\uFE0F/u;
const ZERO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]+$/u;

function graphemeWidth(grapheme: string): number {
  if (ZERO_WIDTH.test(grapheme)) return 0;
  if (EMOJI.test(grapheme)) return 2;
  const point = grapheme.codePointAt(0)!;
  return WIDE.some(([from, to]) => point >= from && point <= to) ? 2 : 1;
}

/** Colours and styles (SGR), which take no cell. */
const STYLE = /\p{Cc}\[[0-9;]*m/gu;
const STYLE_OR_TEXT = /(\p{Cc}\[[0-9;]*m)|(\P{Cc}+|\p{Cc})/gu;

/** Cells that text takes in a terminal: 2 for Chinese, Japanese, Korean and emoji, 0 for combining marks and colours, else 1. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of GRAPHEMES.segment(text.replace(STYLE, ''))) width += graphemeWidth(segment);
  return width;
}

/** Pads to a width in cells. */
export function pad(text: string, width: number, side: 'left' | 'right' = 'right'): string {
  const filler = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return side === 'left' ? filler + text : text + filler;
}

/** Cuts to a width in cells, ending with `…` when something was cut; styles are kept, so that one that was begun ends. */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = '';
  let used = 0;
  let full = false;
  for (const [, style, plain] of text.matchAll(STYLE_OR_TEXT)) {
    if (style) kept += style;
    else if (!full)
      for (const { segment } of GRAPHEMES.segment(plain!)) {
        const next = graphemeWidth(segment);
        if (used + next > width - 1) {
          full = true;
          kept += '…';
          break;
        }
        kept += segment;
        used += next;
      }
  }
  return kept;
}

/** Text in lines of at most so many cells, broken at spaces, and between Chinese characters. */
export function wrap(text: string, width: number): string {
  const pieces = text.match(/[\u2e80-\u9fff\uff00-\uffef]|[^\s\u2e80-\u9fff\uff00-\uffef]+|\s+/gu) ?? [];
  const lines: string[] = [];
  let line = '';
  for (const piece of pieces) {
    const closes = /^[，。：；、）？！,.)]/u.test(piece);
    // Room is kept for a wide stop that may follow a wide character.
    const room = displayWidth(piece) === 2 ? width - 2 : width;
    if (line && !closes && displayWidth(line + piece.trimEnd()) > room) {
      lines.push(line.trimEnd());
      line = '';
    }
    if (line || piece.trim()) line += piece;
  }
  return [...lines, line.trimEnd()].join('\n');
}
