/** Items from one side to the other in order; whoever pushes waits while more than `most` are not taken yet. */
export class Queue<T> implements AsyncIterable<T> {
  readonly #items: T[] = [];
  readonly #most: number;
  #ended = false;
  #wakeReader: (() => void) | null = null;
  #wakeWriters: (() => void)[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** What is pushed after the end is dropped. */
  async push(item: T): Promise<void> {
    if (this.#ended) return;
    this.#items.push(item);
    this.#wakeReader?.();
    if (this.#items.length > this.#most) await new Promise<void>((resolve) => this.#wakeWriters.push(resolve));
  }

  /** Nothing more comes; what waits is still read. */
  end(): void {
    this.#ended = true;
    this.#wakeReader?.();
    this.#release();
  }

  #release(): void {
    for (const wake of this.#wakeWriters.splice(0)) wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) {
        if (this.#items.length <= this.#most) this.#release();
        yield item;
      } else if (this.#ended) return;
      else
        await new Promise<void>((resolve) => {
          this.#wakeReader = resolve;
        });
    }
  }
}
