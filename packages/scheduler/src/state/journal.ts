/** A column of facts: a typed array that grows. */
export type Column = Uint8Array | Uint16Array | Int32Array | Uint32Array | Float64Array;

/**
 * What was written since the oldest mark: (column, index, old value). Undoing writes the old values back, newest first.
 * Nothing is kept while there is no mark.
 */
export class Journal {
  readonly #log: number[] = [];
  readonly #marks: number[] = [];

  /** True while somebody may want to go back. */
  get active(): boolean {
    return this.#marks.length > 0;
  }

  record(column: number, index: number, old: number): void {
    this.#log.push(column, index, old);
  }

  /** Number of the new mark; marks are nested. */
  mark(): number {
    return this.#marks.push(this.#log.length) - 1;
  }

  /** Calls `restore` for every write since the mark, newest first, and drops the mark with all later ones. */
  undo(mark: number, restore: (column: number, index: number, old: number) => void): void {
    const from = this.#from(mark);
    while (this.#log.length > from) {
      const old = this.#log.pop()!;
      const index = this.#log.pop()!;
      restore(this.#log.pop()!, index, old);
    }
    this.#marks.length = mark;
  }

  /** Drops the mark with all later ones and keeps what was written. */
  keep(mark: number): void {
    this.#from(mark);
    this.#marks.length = mark;
    if (mark === 0) this.#log.length = 0;
  }

  #from(mark: number): number {
    const from = this.#marks[mark];
    if (from === undefined) throw new Error(`no mark ${mark} is open`);
    return from;
  }
}
