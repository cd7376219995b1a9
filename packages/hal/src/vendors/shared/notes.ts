/** Collects what a reader should know about an output, each thing once, in the order in which it was met. */
export class Notes {
  readonly #sentences = new Set<string>();
  readonly #unavailable = new Map<string, Set<string>>();

  /** A sentence for the list of warnings. */
  add(sentence: string): void {
    this.#sentences.add(sentence);
  }

  /** A field that the tool says it cannot measure. */
  unavailable(field: string, token: string): void {
    const fields = this.#unavailable.get(token) ?? new Set<string>();
    this.#unavailable.set(token, fields.add(field));
  }

  /** All warnings, capped so that a broken input cannot flood the reader. */
  list(): string[] {
    const missing = [...this.#unavailable].map(
      ([token, fields]) => `Not measured ("${token || 'empty'}"): ${[...fields].join(', ')}.`,
    );
    const all = [...this.#sentences, ...missing];
    return all.length > MOST ? [...all.slice(0, MOST), `${all.length - MOST} more warnings left out.`] : all;
  }
}

const MOST = 50;
