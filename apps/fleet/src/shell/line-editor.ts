/** What a key did. */
export type Typed =
  | { kind: 'echo'; text: string }
  | { kind: 'line'; text: string }
  | { kind: 'interrupt' }
  | { kind: 'end' };

const MOST_CHARACTERS = 4_096;

/** Width of a character in cells, near enough to take it back from the screen. */
const cells = (character: string) =>
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/.test(character) ? 2 : 1;

/** The line discipline of a terminal: echo, rubbing out, Ctrl-C, Ctrl-D, Ctrl-U. Sequences of arrow keys are dropped. */
export class LineEditor {
  readonly #decoder = new TextDecoder('utf-8');
  #line: string[] = [];
  #escape = '';

  /** What the bytes did, key by key. */
  *type(bytes: Uint8Array): Generator<Typed> {
    for (const key of this.#decoder.decode(bytes, { stream: true })) yield* this.#press(key);
  }

  *#press(key: string): Generator<Typed> {
    if (this.#escape !== '' || key === '\u001b') {
      this.#escape += key;
      if (this.#escape.length > 2 ? /[@-~]$/.test(key) : this.#escape.length === 2 && !/[[O]/.test(key))
        this.#escape = '';
      return;
    }
    if (key === '\r' || key === '\n') {
      const text = this.#line.join('');
      this.#line = [];
      yield { kind: 'echo', text: '\r\n' };
      yield { kind: 'line', text };
    } else if (key === '\u0003') {
      this.#line = [];
      yield { kind: 'echo', text: '^C\r\n' };
      yield { kind: 'interrupt' };
    } else if (key === '\u0004') {
      if (this.#line.length === 0) yield { kind: 'end' };
    } else if (key === '\u0015') {
      while (this.#line.length > 0) yield this.#rubOut();
    } else if (key === '\u007f' || key === '\b') {
      if (this.#line.length > 0) yield this.#rubOut();
    } else if (key >= ' ' && this.#line.length < MOST_CHARACTERS) {
      this.#line.push(key);
      yield { kind: 'echo', text: key };
    }
  }

  #rubOut(): Typed {
    return { kind: 'echo', text: '\b \b'.repeat(cells(this.#line.pop() ?? ' ')) };
  }
}

/** The words of a line; quotes keep spaces together. */
export function wordsOf(line: string): string[] {
  const words: string[] = [];
  for (const match of line.matchAll(/(?:[^\s"']|"[^"]*"?|'[^']*'?)+/g)) words.push(match[0].replace(/["']/g, ''));
  return words;
}
